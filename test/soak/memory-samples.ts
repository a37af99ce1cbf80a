import { newestCapture, residentMb } from '../servers/chamber-process.ts'

export interface MemorySample {
  atMs: number
  agent: number
  agentMb: number
  ffmpegMb: number
}

/** Looks each second at the agent and at the ffmpeg it has just then. */
export function watchMemory(agentPid: () => number, sessionFolder: string): { stop(): MemorySample[] } {
  const samples: MemorySample[] = []
  const timer = setInterval(() => {
    void (async () => {
      const agent = agentPid()
      const capture = await newestCapture(sessionFolder).catch(() => undefined)
      const [agentMb, ffmpegMb] = [await residentMb(agent), capture === undefined ? undefined : await residentMb(capture)]
      if (agentMb !== undefined && ffmpegMb !== undefined) samples.push({ atMs: performance.now(), agent, agentMb, ffmpegMb })
    })()
  }, 1000)
  return {
    stop: () => {
      clearInterval(timer)
      return samples
    },
  }
}

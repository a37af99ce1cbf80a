import { childrenOf, newestCapture, residentMb } from '../servers/chamber-process.ts'

export interface MemorySample {
  atMs: number
  agent: number
  agentMb: number
  /** The one that captures, and those that decode what it wrote. */
  ffmpegMb: number
}

/** Looks each second at the agent and at the programs it has just then. */
export function watchMemory(agentPid: () => number, sessionFolder: string): { stop(): MemorySample[] } {
  const samples: MemorySample[] = []
  const timer = setInterval(() => {
    void (async () => {
      const agent = agentPid()
      const capture = await newestCapture(sessionFolder).catch(() => undefined)
      const [agentMb, captureMb] = [await residentMb(agent), capture === undefined ? undefined : await residentMb(capture)]
      const beside = (await childrenOf(agent)).filter((pid) => pid !== capture)
      const besideMb = (await Promise.all(beside.map(residentMb))).reduce<number>((sum, one) => sum + (one ?? 0), 0)
      if (agentMb === undefined || captureMb === undefined) return
      samples.push({ atMs: performance.now(), agent, agentMb, ffmpegMb: captureMb + besideMb })
    })()
  }, 1000)
  return {
    stop: () => {
      clearInterval(timer)
      return samples
    },
  }
}

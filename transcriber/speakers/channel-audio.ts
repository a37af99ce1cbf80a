import type { Ffmpeg } from '../../storage/programs/ffmpeg.ts'
import { startProgram } from '../../storage/programs/run-program.ts'
import { lastWords } from '../feed-program.ts'
import { type ChannelLevels, energyFrameMs } from './channel-energy.ts'

const sampleRate = 16_000
const frameSamples = (sampleRate * energyFrameMs) / 1000
/** Silence, where a logarithm has no bottom. */
const bottomDb = -120

/** The channels of a file could not be decoded. */
export class ChannelsUnreadableError extends Error {
  override readonly name = 'ChannelsUnreadableError'
}

/**
 * Loudness of each channel of a file, streamed: five hours of eight channels are 180,000 frames of eight numbers.
 * @param channels how many the file has (probe-media.ts)
 * @throws ChannelsUnreadableError
 */
export async function readChannelLevels(
  ffmpeg: Ffmpeg,
  path: string,
  channels: number,
  options: { fromMs?: number; signal?: AbortSignal } = {},
): Promise<ChannelLevels> {
  const args = ['-nostdin', '-loglevel', 'error', '-i', `file:${path}`, '-map', '0:a:0', '-ar', String(sampleRate), '-f', 's16le', '-']
  const program = await startProgram(ffmpeg.path, args, { stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' })
  const stop = () => void program.stop([{ signal: 'SIGKILL', waitMs: 2000 }])
  options.signal?.addEventListener('abort', stop, { once: true })
  try {
    const { stdout, stderr } = program
    if (!stdout || !stderr) throw new ChannelsUnreadableError('ffmpeg was started without pipes')
    const said = lastWords(stderr)
    const levels = await levelsOf(stdout, channels)
    const { code, signal } = await program.exited
    options.signal?.throwIfAborted()
    if (code !== 0)
      throw new ChannelsUnreadableError(`the channels of ${path}: ffmpeg ended with ${signal ?? `code ${code}`}: ${await said}`)
    return { fromMs: options.fromMs ?? 0, channels: levels }
  } finally {
    options.signal?.removeEventListener('abort', stop)
    await program.stop([{ signal: 'SIGKILL', waitMs: 2000 }])
  }
}

/** Loudness by frame of interleaved 16-bit samples, dBFS. */
export async function levelsOf(pcm: AsyncIterable<Uint8Array>, channels: number): Promise<Float32Array[]> {
  const levels: number[][] = Array.from({ length: channels }, () => [])
  const frameBytes = frameSamples * channels * 2
  let rest = Buffer.alloc(0)
  for await (const piece of pcm) {
    rest = Buffer.concat([rest, piece])
    let at = 0
    for (; at + frameBytes <= rest.length; at += frameBytes) {
      const samples = new Int16Array(new Uint8Array(rest.subarray(at, at + frameBytes)).buffer)
      for (let channel = 0; channel < channels; channel++) levels[channel]?.push(loudness(samples, channel, channels))
    }
    rest = rest.subarray(at)
  }
  return levels.map((line) => Float32Array.from(line))
}

function loudness(samples: Int16Array, channel: number, channels: number): number {
  let sum = 0
  for (let i = channel; i < samples.length; i += channels) sum += (samples[i] ?? 0) ** 2
  const mean = sum / (samples.length / channels) / 32768 ** 2
  return mean > 0 ? Math.max(bottomDb, 10 * Math.log10(mean)) : bottomDb
}

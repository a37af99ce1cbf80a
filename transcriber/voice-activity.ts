import { createInterface } from 'node:readline'
import { z } from 'zod'
import { hashFile } from '../storage/programs/durable-file.ts'
import { startProgram } from '../storage/programs/run-program.ts'
import { feedProgram, lastWords } from './feed-program.ts'
import { siblingScript } from './sibling-script.ts'

/** The detector could not be loaded, or ended before it had heard everything. */
export class VoiceActivityError extends Error {
  override readonly name = 'VoiceActivityError'
}

/** Speech between two places, milliseconds. */
export interface SpeechRegion {
  fromMs: number
  toMs: number
}

export interface VoiceActivityOptions {
  /** Silero VAD, ONNX. */
  model: string
  signal?: AbortSignal
}

/** What makes regions comparable: changed settings are another result. */
export const voiceActivitySettings = {
  threshold: 0.5,
  minSilenceSeconds: 0.25,
  minSpeechSeconds: 0.1,
  maxSpeechSeconds: 25,
} as const

const line = z.union([z.tuple([z.int().nonnegative(), z.int().nonnegative()]), z.object({ heard: z.int().nonnegative() })])

/**
 * Regions of speech in a stream of 16 kHz mono s16le, found by Silero in a child process; memory does not grow with length.
 * @param offsetMs place of the first sample on the media line, added to every region
 * @throws VoiceActivityError
 */
export async function findSpeech(pcm: AsyncIterable<Uint8Array>, offsetMs: number, options: VoiceActivityOptions): Promise<SpeechRegion[]> {
  const settings = JSON.stringify({ model: options.model, ...voiceActivitySettings })
  const program = await startProgram(process.execPath, [siblingScript(import.meta.url, 'voice-activity-process'), settings], {
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const stop = () => void program.stop([{ signal: 'SIGKILL', waitMs: 2000 }])
  options.signal?.addEventListener('abort', stop, { once: true })
  try {
    const { stdin, stdout, stderr } = program
    if (!stdin || !stdout || !stderr) throw new VoiceActivityError('the voice activity process was started without pipes')
    const said = lastWords(stderr)
    const [, { regions, whole }] = await Promise.all([feedProgram(pcm, stdin), readRegions(stdout, offsetMs)])
    const { code, signal } = await program.exited
    options.signal?.throwIfAborted()
    if (code !== 0 || !whole) {
      throw new VoiceActivityError(`voice activity with ${options.model} ended with ${signal ?? `code ${code}`}: ${await said}`)
    }
    return regions
  } finally {
    options.signal?.removeEventListener('abort', stop)
    await program.stop([{ signal: 'SIGKILL', waitMs: 2000 }])
  }
}

/** Name of the detector for the record: package, settings and the hash of its model. */
export async function voiceActivityBuild(model: string): Promise<string> {
  return `silero ${(await hashFile(model)).sha256} ${JSON.stringify(voiceActivitySettings)}`
}

async function readRegions(stdout: NodeJS.ReadableStream, offsetMs: number): Promise<{ regions: SpeechRegion[]; whole: boolean }> {
  const regions: SpeechRegion[] = []
  for await (const text of createInterface({ input: stdout })) {
    const said = line.parse(JSON.parse(text))
    if ('heard' in said) return { regions, whole: true }
    regions.push({ fromMs: offsetMs + Math.floor(said[0] / 16), toMs: offsetMs + Math.ceil(said[1] / 16) })
  }
  return { regions, whole: false }
}

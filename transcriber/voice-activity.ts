import { availableParallelism } from 'node:os'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { hashFile } from '../storage/programs/durable-file.ts'
import { startProgram } from '../storage/programs/run-program.ts'
import { feedProgram, lastWords } from './feed-program.ts'
import { type SessionAudio, streamAudio } from './session-audio.ts'
import { siblingScript } from './sibling-script.ts'
import { joinRegion, joinStretches, stretchAt, stretchesOf, stretchSettings } from './speech-stretches.ts'

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
  /** Told while a stream is heard: all regions so far, each ended but the last at a seam, and a place, ms, before which no other begins any more. */
  onHeard?: (of: { regions: readonly SpeechRegion[] } | { settledMs: number }) => void
  /** Of the process. */
  niceness?: number
}

/** What makes regions comparable: changed settings are another result. */
export const voiceActivitySettings = {
  threshold: 0.5,
  minSilenceSeconds: 0.25,
  minSpeechSeconds: 0.1,
  maxSpeechSeconds: 25,
} as const

const samplesPerMs = 16
/** Each thread holds a detector of its own, 25 MB; two keep the whole below 300 MB beside the engines (`npm run bench -- long`). */
const mostThreads = 2
/** Its process keeps little of what it throws away at once: V8's young generation is small, and its threads share one heap of the C library (mallopt(3)). */
const thrifty = { flags: ['--max-semi-space-size=1', '--v8-pool-size=1'], env: { MALLOC_ARENA_MAX: '1' } }

const sample = z.int().nonnegative()
/** First sample, end, and of which stretch. */
const said = z.tuple([sample, sample, z.int().nonnegative()])
const line = z.union([said, z.object({ quiet: sample }), z.object({ heard: sample })])
type Said = z.infer<typeof said>

/** Where speech begins is told up to this much after it has begun: its first tenth is needed to know it for speech. */
const latenessMs = 1000

/**
 * Regions of speech in a stream of 16 kHz mono s16le, found by Silero in a child process; memory does not grow with length.
 * @param offsetMs place of the first sample on the media line, added to every region
 * @throws VoiceActivityError
 */
export async function findSpeech(pcm: AsyncIterable<Uint8Array>, offsetMs: number, options: VoiceActivityOptions): Promise<SpeechRegion[]> {
  const { onHeard } = options
  const run = { fromMs: offsetMs, toMs: Number.POSITIVE_INFINITY }
  const regions: SpeechRegion[] = []
  await detect({}, options, pcm, (one) => {
    if (typeof one === 'number') {
      onHeard?.({ settledMs: offsetMs + Math.max(0, Math.floor(one / samplesPerMs) - latenessMs) })
    } else {
      joinRegion(regions, stretchAt(run, one[2]), toRegion(one, offsetMs))
      onHeard?.({ regions })
    }
  })
  return regions
}

/**
 * The same in a run of a session's sound on disk, in stretches of which each core hears its share (speech-stretches.ts).
 * @throws VoiceActivityError
 */
export async function findSpeechIn(audio: SessionAudio, run: SpeechRegion, options: VoiceActivityOptions): Promise<SpeechRegion[]> {
  const stretches = stretchesOf(run)
  if (stretches.length === 1) return findSpeech(streamAudio(audio, run.fromMs, run.toMs), run.fromMs, options)
  const samples = stretches.map((one) => ({ fromSample: one.heardFromMs * samplesPerMs, toSample: one.heardToMs * samplesPerMs }))
  const threads = Math.min(stretches.length, availableParallelism(), mostThreads)
  const found = await detect({ file: { path: audio.path, stretches: samples, threads } }, options)
  const regionsOf = (stretch: number) => found.filter((one) => one[2] === stretch).map((one) => toRegion(one, 0))
  return joinStretches(stretches.map((stretch, i) => ({ stretch, regions: regionsOf(i) })))
}

/** Runs the detector; `where` names a file, else it hears `pcm`. @param tell is told of regions, and of places where it is quiet */
async function detect(
  where: object,
  options: VoiceActivityOptions,
  pcm?: AsyncIterable<Uint8Array>,
  tell: (of: Said | number) => void = () => undefined,
): Promise<Said[]> {
  const settings = JSON.stringify({ model: options.model, ...voiceActivitySettings, ...where })
  const script = siblingScript(import.meta.url, 'voice-activity-process')
  const program = await startProgram(process.execPath, [...thrifty.flags, script, settings], {
    env: thrifty.env,
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
    ...(options.niceness === undefined ? {} : { niceness: options.niceness }),
  })
  const stop = () => void program.stop([{ signal: 'SIGKILL', waitMs: 2000 }])
  options.signal?.addEventListener('abort', stop, { once: true })
  try {
    const { stdin, stdout, stderr } = program
    if (!stdin || !stdout || !stderr) throw new VoiceActivityError('the voice activity process was started without pipes')
    const complaint = lastWords(stderr)
    const [{ found, whole }] = await Promise.all([readFound(stdout, tell), pcm ? feedProgram(pcm, stdin) : undefined])
    const { code, signal } = await program.exited
    options.signal?.throwIfAborted()
    if (code !== 0 || !whole) {
      throw new VoiceActivityError(`voice activity with ${options.model} ended with ${signal ?? `code ${code}`}: ${await complaint}`)
    }
    return found
  } finally {
    options.signal?.removeEventListener('abort', stop)
    await program.stop([{ signal: 'SIGKILL', waitMs: 2000 }])
  }
}

/** Name of the detector for the record: package, settings and the hash of its model. */
export async function voiceActivityBuild(model: string): Promise<string> {
  return `silero ${(await hashFile(model)).sha256} ${JSON.stringify({ ...voiceActivitySettings, stretches: stretchSettings })}`
}

function toRegion([from, end]: Said, offsetMs: number): SpeechRegion {
  return { fromMs: offsetMs + Math.floor(from / samplesPerMs), toMs: offsetMs + Math.ceil(end / samplesPerMs) }
}

async function readFound(stdout: NodeJS.ReadableStream, tell: (of: Said | number) => void): Promise<{ found: Said[]; whole: boolean }> {
  const found: Said[] = []
  for await (const text of createInterface({ input: stdout })) {
    const told = line.parse(JSON.parse(text))
    if ('heard' in told) return { found, whole: true }
    if ('quiet' in told) tell(told.quiet)
    else {
      tell(told)
      found.push(told)
    }
  }
  return { found, whole: false }
}

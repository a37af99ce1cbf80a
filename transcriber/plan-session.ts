import type { Language } from '../storage/model/council.ts'
import { chunkKey, sha256Of } from './chunk-key.ts'
import { type Chunk, fullWindowMs, planChunks } from './chunk-plan.ts'
import type { ChunkPlan } from './chunk-result.ts'
import { readChunk } from './chunk-sound.ts'
import type { SessionAudio } from './session-audio.ts'
import { findChannelActivity } from './speakers/channel-audio.ts'
import type { ChannelActivity } from './speakers/channel-energy.ts'
import { hearVoices, type InstalledDiarization } from './speakers/installed-diarization.ts'
import type { SpeechRecognizer } from './speech-recognizer.ts'
import { findSpeechIn, type SpeechRegion, voiceActivityBuild } from './voice-activity.ts'

/** Sound on either side of speech, so that a word at an edge is heard whole. */
const padMs = 200

export interface PlanOptions {
  voiceActivityModel: string
  languages: readonly Language[]
  /** Null: no model is installed; the plan still tells where speech is. */
  recognizer: Pick<SpeechRecognizer, 'engine' | 'model' | 'parameters' | 'longestMs'> | null
  /** Recesses and closed parts begin and end here. */
  breaksMs: readonly number[]
  /** Where another microphone takes over, and whose a stretch of speech is, once it is known where speech is. */
  turnsIn: (heard: { speech: SpeechRegion[]; channels: readonly ChannelActivity[] | undefined }) => Turns
  /** What the recognizer is told before a chunk that begins there; empty for nothing. */
  promptAt?: ((ms: number) => string) | undefined
  diarization?: InstalledDiarization | undefined
  signal?: AbortSignal
}

export interface Turns {
  marks: number[]
  /** Undefined where it is not clear. */
  voiceOf: (region: SpeechRegion) => string | undefined
}

/** Finds speech in a session and cuts it into chunks, each named by all that its result will be made from. */
export async function planSession(audio: SessionAudio, options: PlanOptions): Promise<ChunkPlan> {
  const { voiceActivityModel: model, signal } = options
  const speech: SpeechRegion[] = []
  for (const run of audio.runs) {
    const found = await findSpeechIn(audio, run, { model, ...(signal ? { signal } : {}) })
    speech.push(...found.map((one) => ({ fromMs: one.fromMs, toMs: Math.min(one.toMs, run.toMs) })))
  }
  const channelActivity = await findChannelActivity(audio, signal)
  const voices = options.diarization && (await hearVoices(audio, options.diarization, signal))
  return planHeard(audio, { speech, channelActivity, voices }, options)
}

/** What was found in the sound of a session, or of as much of it as there is. */
export interface HeardSound {
  speech: SpeechRegion[]
  channelActivity?: ChannelActivity[] | undefined
  voices?: ChunkPlan['diarization'] | undefined
}

/** How chunks were cut, for who takes only some of them. */
export interface Cut extends Pick<Turns, 'voiceOf'> {
  chunks: Chunk[]
  /** Longest piece of speech. */
  maxMs: number
}

/**
 * Cuts what was heard into chunks and names each.
 * @param choose which of them the plan is to have; all when absent
 */
export async function planHeard(
  audio: SessionAudio,
  { speech, channelActivity, voices }: HeardSound,
  options: PlanOptions,
  choose: (cut: Cut) => Chunk[] = (cut) => cut.chunks,
): Promise<ChunkPlan> {
  const { voiceActivityModel: model, signal } = options
  const ends = audio.runs.flatMap((run) => [run.fromMs, run.toMs])
  const breaks = [...ends, ...options.breaksMs]
  const { marks, voiceOf } = options.turnsIn({ speech, channels: channelActivity })
  const longest = { padMs, maxMs: (options.recognizer?.longestMs ?? fullWindowMs) - 2 * padMs }
  const cut = planChunks(speech, { marks: [...breaks, ...marks], breaks, runs: audio.runs, voiceOf, ...longest })
  const chunks = choose({ chunks: cut, voiceOf, maxMs: longest.maxMs })
  const keyed: ChunkPlan['chunks'] = []
  const prompts: string[] = []
  for (const chunk of chunks) {
    signal?.throwIfAborted()
    const told = options.promptAt?.(chunk.fromMs) ?? ''
    if (told !== '' && !prompts.includes(told)) prompts.push(told)
    keyed.push({ ...chunk, ...(told === '' ? {} : { prompt: prompts.indexOf(told) }), key: await keyOf(chunk, audio, told, options) })
  }
  return {
    v: 2,
    runs: audio.runs,
    speech,
    ...(channelActivity === undefined ? {} : { channelActivity }),
    voiceActivity: await voiceActivityBuild(model),
    ...(voices === undefined ? {} : { diarization: voices }),
    engine: options.recognizer?.engine ?? { name: 'none', build: 'none' },
    model: options.recognizer?.model ?? null,
    languages: [...options.languages],
    ...(prompts.length > 0 ? { prompts } : {}),
    chunks: keyed,
  }
}

async function keyOf(chunk: Chunk, audio: SessionAudio, prompt: string, options: PlanOptions): Promise<string> {
  return chunkKey({
    pcmSha256: sha256Of(await readChunk(audio, chunk)),
    engine: options.recognizer ? `${options.recognizer.engine.name} ${options.recognizer.engine.build}` : 'none',
    modelSha256: options.recognizer?.model.sha256 ?? 'none',
    language: options.languages.join('+'),
    promptSha256: sha256Of(prompt),
    // A result holds times: the same sound at another place is another result. So is one with other regions of speech.
    parameters: `${options.recognizer?.parameters ?? ''};${JSON.stringify(chunk.pieces)};${JSON.stringify(chunk.speech)}`,
  })
}

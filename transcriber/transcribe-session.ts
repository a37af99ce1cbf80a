import type { Language } from '../storage/model/council.ts'
import type { Transcript } from '../storage/model/transcript.ts'
import { type Chunk, changeMarks } from './chunk-plan.ts'
import type { ChunkPlan, ChunkResult, ChunkResults, PlannedChunk } from './chunk-result.ts'
import { readChunk } from './chunk-sound.ts'
import { type Cut, type HeardSound, type PlanOptions, planHeard, planSession, type Turns } from './plan-session.ts'
import { recognizeChunk } from './recognize-chunk.ts'
import type { SessionAudio } from './session-audio.ts'
import { fuseClues } from './speakers/fuse.ts'
import { gatherClues, type Heard, type SpeakerEvidence } from './speakers/gather-clues.ts'
import type { InstalledDiarization } from './speakers/installed-diarization.ts'
import { switchOnTimes } from './speakers/microphone-events.ts'
import type { SpeakerClue } from './speakers/speaker-clue.ts'
import type { SpeechRecognizer } from './speech-recognizer.ts'
import { toTranscript } from './utterances.ts'
import type { SpeechRegion } from './voice-activity.ts'

export interface SessionToTranscribe {
  audio: SessionAudio
  languages: readonly Language[]
  evidence: SpeakerEvidence
  /** Recesses and closed parts: no chunk crosses them. */
  breaksMs?: readonly number[]
  voiceActivityModel: string
  recognizer: SpeechRecognizer | null
  /** Absent: no models that tell voices apart. */
  diarization?: InstalledDiarization | undefined
  /** What it is told before a chunk that begins there (storage/model/glossary.ts); nothing when absent. */
  promptAt?: ((ms: number) => string) | undefined
  signal?: AbortSignal
}

/** The whole way from sound to transcript, in one process; the worker takes the same three steps, each in a job of its own. */
export async function transcribeSession(
  of: SessionToTranscribe,
  results: ChunkResults,
  as: { session: string; version: number },
  onProgress?: (done: number, total: number) => void,
): Promise<Transcript> {
  const plan = await planTranscript(of)
  const { recognizer, signal } = of
  const waiting = recognizer ? [...plan.chunks] : []
  let done = 0
  const lane = async (by: SpeechRecognizer): Promise<void> => {
    for (let chunk = waiting.shift(); chunk; chunk = waiting.shift()) {
      await transcribeChunk(of.audio, plan, chunk, { recognizer: by, results, signal })
      onProgress?.(++done, plan.chunks.length)
    }
  }
  onProgress?.(0, plan.chunks.length)
  if (recognizer) await Promise.all(Array.from({ length: recognizer.lanes }, () => lane(recognizer)))
  return joinTranscript(plan, await resultsOf(plan, results), of.evidence, as)
}

/** First step: where is speech, and which chunks are there. */
export async function planTranscript(of: SessionToTranscribe): Promise<ChunkPlan> {
  return planSession(of.audio, planOptions(of))
}

/** The same for as much of a session as there is while it runs. @param choose which chunks the plan is to have */
export async function planSoFar(of: SessionToTranscribe, heard: HeardSound, choose: (cut: Cut) => Chunk[]): Promise<ChunkPlan> {
  return planHeard(of.audio, heard, planOptions(of), choose)
}

function planOptions(of: SessionToTranscribe): PlanOptions {
  const { audio, languages, voiceActivityModel, recognizer } = of
  const untilMs = Math.max(0, ...audio.runs.map((run) => run.toMs))
  return {
    ...{ languages, voiceActivityModel, recognizer, breaksMs: of.breaksMs ?? [], promptAt: of.promptAt },
    diarization: of.diarization,
    turnsIn: (heard) => turnsOf(gatherClues(of.evidence, { ...heard, words: [] }, untilMs).clues, of.evidence, heard.speech),
    ...(of.signal ? { signal: of.signal } : {}),
  }
}

/** Whose microphone was open, or whose channel was loud, tells which turns are one person's; taps come too late for that. */
function turnsOf(clues: readonly SpeakerClue[], evidence: SpeakerEvidence, speech: readonly SpeechRegion[]): Turns {
  const heard = clues.filter((clue) => clue.source === 'microphone' || clue.source === 'channel').sort((a, b) => a.fromMs - b.fromMs)
  const changes = heard.filter((clue, i) => clue.source === 'channel' && clue.speaker !== heard[i - 1]?.speaker).map((clue) => clue.fromMs)
  return {
    marks: changeMarks([...switchOnTimes(evidence.microphones), ...changes], speech),
    voiceOf: (region) => likeliestVoice(region, heard),
  }
}

/** Who has most of a stretch of speech, when nobody else has nearly as much. */
function likeliestVoice(region: SpeechRegion, clues: readonly SpeakerClue[]): string | undefined {
  const held = new Map<string, number>()
  for (const clue of clues) {
    const ms = Math.min(clue.toMs, region.toMs) - Math.max(clue.fromMs, region.fromMs)
    if (ms > 0) held.set(clue.speaker, (held.get(clue.speaker) ?? 0) + ms)
  }
  const [first, second] = [...held].sort((a, b) => b[1] - a[1])
  if (!first || first[1] < (region.toMs - region.fromMs) / 2) return undefined
  return second && second[1] > first[1] / 2 ? undefined : first[0]
}

/** Second step, for each chunk: recognise it, unless that was done before. @returns whether there was anything to do */
export async function transcribeChunk(
  audio: SessionAudio,
  plan: ChunkPlan,
  chunk: PlannedChunk,
  by: { recognizer: SpeechRecognizer; results: ChunkResults; signal?: AbortSignal | undefined },
): Promise<boolean> {
  if (await by.results.read(chunk.key)) return false
  const pcm = await readChunk(audio, chunk)
  const prompt = chunk.prompt === undefined ? undefined : plan.prompts?.[chunk.prompt]
  const options = { languages: plan.languages, ...(prompt === undefined ? {} : { prompt }), ...(by.signal ? { signal: by.signal } : {}) }
  await by.results.write(chunk.index, await recognizeChunk(by.recognizer, chunk, pcm, options))
  return true
}

/** Third step: who said it. */
export function joinTranscript(
  plan: ChunkPlan,
  results: ReadonlyMap<string, ChunkResult>,
  evidence: SpeakerEvidence,
  as: { session: string; version: number },
): Transcript {
  const untilMs = Math.max(0, ...plan.runs.map((run) => run.toMs))
  const words = [...results.values()].flatMap((result) => result.words)
  const { clues, evidence: used } = gatherClues(evidence, { ...heardIn(plan), words }, untilMs)
  return toTranscript(plan, results, fuseClues(clues, plan.speech, untilMs), { ...as, evidence: used })
}

function heardIn({ speech, channelActivity, diarization }: ChunkPlan): Pick<Heard, 'speech' | 'channels' | 'voices'> {
  return { speech, channels: channelActivity, voices: diarization }
}

/** The checkpoints of a plan, by key. */
export async function resultsOf(plan: ChunkPlan, results: ChunkResults): Promise<Map<string, ChunkResult>> {
  const found = new Map<string, ChunkResult>()
  for (const { key } of plan.chunks) {
    const result = await results.read(key)
    if (result) found.set(key, result)
  }
  return found
}

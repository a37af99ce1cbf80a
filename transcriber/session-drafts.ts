import type { WithheldSpan } from '../storage/model/closed-parts.ts'
import { type DraftTurn, draftDelayMs, hiddenFromDrafts, openedMsOf, unheardByDrafts } from '../storage/model/draft-transcript.ts'
import { isWithheld } from '../storage/model/public-view.ts'
import { sessionState } from '../storage/model/session-state.ts'
import type { Ffmpeg } from '../storage/programs/ffmpeg.ts'
import { readClosedMarks } from '../storage/records/closed-marks.ts'
import { putDraftTurn, readDraftKeys } from '../storage/records/draft-transcripts.ts'
import type { JobPayload } from '../storage/records/job-kinds.ts'
import { readEvents } from '../storage/records/session-events.ts'
import { readStage } from '../storage/records/sessions.ts'
import type { Storage } from '../storage/storage.ts'
import type { Chunk } from './chunk-plan.ts'
import type { ChunkPlan, ChunkResults, PlannedChunk } from './chunk-result.ts'
import type { TranscriberConfig } from './config.ts'
import { type LiveSegment, LiveSound } from './live-sound.ts'
import { settledChunks } from './settled-chunks.ts'
import type { SpeechRecognizer } from './speech-recognizer.ts'
import { breaksOf, promptsOf, readStoredSession, type StoredSession, segmentBytes, sessionFolder } from './stored-session.ts'
import { joinTranscript, planSoFar, resultsOf, type SessionToTranscribe, transcribeChunk } from './transcribe-session.ts'

type OfSession = JobPayload<'transcript.draft'>

/** At once, the newest first: a machine slower than speech shows what is being said, and leaves the rest to the final pass. */
const mostAtOnce = 4
/** A segment that did not come while so much after it did is waited for no longer. */
const holeMs = 60_000

/** Where there was no recognizer, it is asked for again after so long. */
const askAgainMs = 60_000

interface Drafter {
  by: SpeechRecognizer
  /** Whether it is told names beforehand. */
  takesPrompt: boolean
}

/** A session that is listened to. */
interface Listened {
  sound: LiveSound
  drafter: Drafter
  /** Chunks that are in the draft. */
  settled: Set<string>
}

/** What drafts are made with. */
export interface DraftParts {
  storage: Storage
  config: TranscriberConfig
  ffmpeg: Ffmpeg
  voiceActivityModel: string
  /** The recognizer a plan made now would have; undefined when there is none. */
  drafter: () => Promise<Drafter | undefined>
  resultsOf: (of: OfSession) => ChunkResults
}

/**
 * Drafts of the sessions that run: chunks that are whole are recognised as they come, under the very keys of the final pass. The sound of a
 * closed part and its margins, of a recess, and what is younger than half a minute, is recognised by no draft.
 */
export class SessionDrafts implements AsyncDisposable {
  readonly #parts: DraftParts
  readonly #heard = new Map<string, Listened>()
  #askAgainAtMs = 0

  constructor(parts: DraftParts) {
    this.#parts = parts
  }

  /** Hears what has come of a session since the last time. */
  async hear(of: OfSession, signal: AbortSignal): Promise<void> {
    const { storage } = this.#parts
    if ((await storage.database.inCouncil(of.council, (tx) => readStage(tx, of.session))) !== 'recording') return this.#forget(of)
    const stored = await readStoredSession(storage, of)
    const segments = liveSegments(storage, stored)
    const listened = await this.#listen(of, stored, segments)
    if (!listened) return
    try {
      await listened.sound.take(segments, signal)
    } catch (error) {
      await this.#forget(of)
      throw error
    }
    await this.#recognize(of, stored, listened, signal)
  }

  async #recognize(of: OfSession, stored: StoredSession, { sound, drafter, settled }: Listened, signal: AbortSignal): Promise<void> {
    const { storage, voiceActivityModel } = this.#parts
    const { audio, speech, settledMs } = sound
    const { by, takesPrompt } = drafter
    const toTranscribe: SessionToTranscribe = {
      ...{ audio, evidence: stored.evidence, breaksMs: breaksOf(stored.state), voiceActivityModel, recognizer: by, signal },
      ...{ languages: stored.council.languages, ...(takesPrompt ? { promptAt: promptsOf(stored) } : {}) },
    }
    const oldEnoughMs = endOf(stored) - draftDelayMs
    const { mayHear } = await this.#limits(of, stored)
    const plan = await planSoFar(toTranscribe, { speech }, (cut) =>
      settledChunks(cut, settledMs)
        .filter((chunk) => !settled.has(nameOf(chunk)) && chunk.toMs <= oldEnoughMs && mayHear(chunk))
        .slice(-mostAtOnce),
    )
    const known = await storage.database.inCouncil(of.council, (tx) => readDraftKeys(tx, of.session))
    const results = this.#parts.resultsOf(of)
    for (const chunk of plan.chunks.toReversed()) {
      // A part that was closed meanwhile, also one whose tap came late.
      if (!(await this.#limits(of, stored)).mayHear(chunk)) continue
      if (!known.has(chunk.key)) {
        await transcribeChunk(audio, plan, chunk, { recognizer: by, results, signal })
        const { mayHear: stillMay, hidden } = await this.#limits(of, stored)
        if (!stillMay(chunk)) continue
        const turn = await draftOf(plan, chunk, { results, stored, hidden })
        if (!(await storage.database.inCouncil(of.council, (tx) => putDraftTurn(tx, of.session, turn)))) return
      }
      settled.add(nameOf(chunk))
    }
  }

  /** What drafts may have, by the events that are there now; marks that the law refused close a part all the same. */
  async #limits(of: OfSession, stored: StoredSession): Promise<{ mayHear: (chunk: Chunk) => boolean; hidden: WithheldSpan[] }> {
    const events = await this.#parts.storage.database.inCouncil(of.council, async (tx) => [
      ...(await readEvents(tx, of.session)).map((row) => row.event),
      ...(await readClosedMarks(tx, of.session)),
    ])
    const state = sessionState(events, stored.council, stored.session)
    const lines = stored.segments.map((one) => one.line)
    const [openedMs, unheard] = [openedMsOf(state), unheardByDrafts(state, lines)]
    return {
      mayHear: (chunk) => chunk.toMs > openedMs && !isWithheld(chunk.fromMs, chunk.toMs, unheard),
      hidden: hiddenFromDrafts(state, lines),
    }
  }

  /** The session as it is listened to; from its beginning when what came does not go on from what was heard. */
  async #listen(of: OfSession, stored: StoredSession, segments: readonly LiveSegment[]): Promise<Listened | undefined> {
    const known = this.#heard.get(of.session)
    if (known?.sound.goesOn(segments)) return known
    await this.#forget(of)
    const drafter = known?.drafter ?? (await this.#askForDrafter())
    if (!drafter) return undefined
    const { ffmpeg, voiceActivityModel, config } = this.#parts
    const sound = new LiveSound({ ffmpeg, voiceActivityModel, folder: sessionFolder(config.work, stored) })
    const listened = { sound, drafter, settled: new Set<string>() }
    this.#heard.set(of.session, listened)
    return listened
  }

  async #askForDrafter(): Promise<Drafter | undefined> {
    if (Date.now() < this.#askAgainAtMs) return undefined
    const drafter = await this.#parts.drafter()
    if (!drafter) this.#askAgainAtMs = Date.now() + askAgainMs
    return drafter
  }

  async #forget(of: OfSession): Promise<void> {
    const known = this.#heard.get(of.session)
    this.#heard.delete(of.session)
    await known?.sound[Symbol.asyncDispose]()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#heard.values()].map((one) => one.sound[Symbol.asyncDispose]()))
    this.#heard.clear()
  }
}

/** The segments of record as they follow; before one that is still on its way it ends, unless that is long past. */
function liveSegments(storage: Storage, stored: StoredSession): LiveSegment[] {
  const end = endOf(stored)
  const hole = stored.segments.findIndex(({ line }, at) => {
    const before = stored.segments[at - 1]?.line
    const missing =
      before?.recorder === line.recorder && before.part === line.part && before.track === line.track && line.index > before.index + 1
    return missing && end - line.ptsMs < holeMs
  })
  return stored.segments.slice(0, hole === -1 ? undefined : hole).map((one) => ({ ...one.line, read: () => segmentBytes(storage, one) }))
}

function endOf(stored: StoredSession): number {
  const last = stored.segments.at(-1)?.line
  return last ? last.ptsMs + last.durationMs : 0
}

const nameOf = (chunk: Chunk) => JSON.stringify([chunk.pieces, chunk.speech])

async function draftOf(
  plan: ChunkPlan,
  chunk: PlannedChunk,
  { results, stored, hidden }: { results: ChunkResults; stored: StoredSession; hidden: readonly WithheldSpan[] },
): Promise<DraftTurn> {
  const one = { ...plan, chunks: [chunk] }
  const as = { session: stored.session.id, version: 1 }
  const { engine, model, utterances } = joinTranscript(one, await resultsOf(one, results), stored.evidence, as)
  if (!model) throw new Error('a draft is made with a model')
  const shown = utterances.filter((of) => !isWithheld(of.fromMs, of.toMs, hidden))
  return { draft: true, key: chunk.key, fromMs: chunk.fromMs, toMs: chunk.toMs, engine, model, utterances: shown }
}

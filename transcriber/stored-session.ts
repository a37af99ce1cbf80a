import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Council } from '../storage/model/council.ts'
import { glossaryOf, promptOf } from '../storage/model/glossary.ts'
import type { CouncilId, SessionId } from '../storage/model/ids.ts'
import { isSegmentLine, type SegmentLine } from '../storage/model/recording.ts'
import { recordOf } from '../storage/model/recording-of-record.ts'
import type { Session } from '../storage/model/session.ts'
import { type SessionState, sessionState } from '../storage/model/session-state.ts'
import type { Ffmpeg } from '../storage/programs/ffmpeg.ts'
import { readCouncil } from '../storage/records/councils.ts'
import { readEvidence } from '../storage/records/evidence.ts'
import { type KeptJournal, readJournals } from '../storage/records/recorder-journals.ts'
import { readEvents } from '../storage/records/session-events.ts'
import { readSession } from '../storage/records/sessions.ts'
import type { Storage } from '../storage/storage.ts'
import { microphonesTold, seatsOf } from './microphones-told.ts'
import { type AudioRun, type SessionAudio, spoolAudio } from './session-audio.ts'
import type { CalledPerson } from './speakers/chair-words.ts'
import { floorClues, speakerKey } from './speakers/floor-events.ts'
import type { SpeakerEvidence } from './speakers/gather-clues.ts'
import { parseMicrophoneEvents, parseSeats } from './speakers/microphone-events.ts'

/** What a job names is not in the store, or its bytes are not those the recorder journalled. */
export class StoredSessionError extends Error {
  override readonly name = 'StoredSessionError'
}

interface StoredSegment {
  line: SegmentLine
  key: string
  version: string
}

/** All the transcriber takes from storage of one session. */
export interface StoredSession {
  council: Council
  session: Session
  state: SessionState
  segments: StoredSegment[]
  evidence: SpeakerEvidence
  /** STM written by people. */
  reference?: string
}

/** @throws StoredSessionError */
export async function readStoredSession(storage: Storage, of: { council: CouncilId; session: SessionId }): Promise<StoredSession> {
  const read = await storage.database.inCouncil(of.council, async (tx) => ({
    council: await readCouncil(tx),
    session: await readSession(tx, of.session),
    events: await readEvents(tx, of.session),
    journals: await readJournals(tx, of.session),
    evidence: await readEvidence(tx, of.session),
  }))
  const { council, session } = read
  if (!council || !session) throw new StoredSessionError(`session ${of.session} of council ${of.council} is not in the store`)
  const state = sessionState(
    read.events.map((row) => row.event),
    council,
    session,
  )
  const file = async (kind: 'microphone-events' | 'seats' | 'reference') => {
    const place = read.evidence.find((one) => one.kind === kind)
    return place ? new TextDecoder().decode(await storage.objects.read(place.key, place.version)) : undefined
  }
  const segments = roomSound(read.journals)
  const told = await microphonesTold(
    storage,
    of,
    segments.map((one) => one.line),
  )
  const [microphones, seats, reference] = [await file('microphone-events'), await file('seats'), await file('reference')]
  return {
    council,
    session,
    state,
    segments,
    ...(reference === undefined ? {} : { reference }),
    evidence: {
      microphones: [...(microphones === undefined ? [] : parseMicrophoneEvents(microphones)), ...told],
      seats: seats === undefined ? (told.length > 0 ? seatsOf(council, session) : []) : parseSeats(seats),
      people: peopleOf(council, state.presidency),
      others: (speech, untilMs) => floorClues(state, council, speech, untilMs),
    },
  }
}

/** Whom the chair may call by name. */
function peopleOf(council: Council, chair: string | undefined): CalledPerson[] {
  return council.members.map((one) => ({ speaker: speakerKey(one), surname: one.surname, ...(one.id === chair ? { chairs: true } : {}) }))
}

/** Recesses and closed parts begin and end here. */
export function breaksOf(state: SessionState): number[] {
  return [...state.recesses, ...state.closedSpans].flatMap((span) => [span.fromMs, ...(span.toMs === undefined ? [] : [span.toMs])])
}

/** What a recognizer is told before it hears a place: who attends and what the item spoken of is about. */
export function promptsOf({ council, session, state }: StoredSession): (ms: number) => string {
  const glossary = glossaryOf(council, session)
  const starts = state.items.flatMap(({ item, spans }) => spans.map((span) => ({ fromMs: span.fromMs, item })))
  starts.sort((a, b) => a.fromMs - b.fromMs)
  return (ms) => promptOf(glossary, council, { language: session.language, item: starts.findLast((one) => one.fromMs <= ms)?.item })
}

/** Sound of a stored session on this machine's disk: decoded here unless it was before, from segments whose hash is checked. */
export async function audioOf(
  storage: Storage,
  stored: StoredSession,
  by: { ffmpeg: Ffmpeg; work: string; signal: AbortSignal },
): Promise<SessionAudio> {
  const source = createHash('sha256')
  for (const { line } of stored.segments) source.update(`${line.sha256} ${line.part} ${line.ptsMs}\n`)
  return spoolAudio(by.ffmpeg, runsOf(storage, stored.segments), {
    folder: sessionFolder(by.work, stored),
    source: `${by.ffmpeg.version.text} ${source.digest('hex')}`,
    signal: by.signal,
  })
}

export function sessionFolder(work: string, stored: Pick<StoredSession, 'council' | 'session'>): string {
  return join(work, stored.council.id, stored.session.id)
}

/**
 * The sound of the room, heard once: from whichever recorder is of record (storage/model/recording-of-record.ts), up to where the next one
 * takes over. Of each recorder the track with most sound; the mixer's before the camera's when equal. Never one microphone alone.
 */
function roomSound(journals: readonly KeptJournal[]): StoredSegment[] {
  const { spans } = recordOf(journals)
  const turns = spans.filter((span, at) => span.recorder !== spans[at - 1]?.recorder)
  const tracks = new Map(journals.map((one) => [one.recorder, bestTrack(one)]))
  if (turns.length === 0) return [...tracks.values()].reduce((a, b) => (soundOf(b) > soundOf(a) ? b : a), [])
  return turns.flatMap(({ recorder, fromMs }, at) => {
    const from = at === 0 ? 0 : fromMs
    const to = turns[at + 1]?.fromMs ?? Number.POSITIVE_INFINITY
    return (tracks.get(recorder) ?? []).filter(({ line }) => line.ptsMs < to && line.ptsMs + line.durationMs > from + roundingMs)
  })
}

/** Less than a frame of sound: a segment that ends there is over. */
const roundingMs = 20

function bestTrack({ lines, stored, receipts }: KeptJournal): StoredSegment[] {
  const all = lines.flatMap((line, leaf) => {
    const receipt = stored.has(leaf) ? receipts.get(leaf) : undefined
    return receipt !== undefined && isSegmentLine(line) ? [{ line, key: receipt.key, version: receipt.version }] : []
  })
  const [mix, master] = [all.filter(({ line }) => line.track === 'mix'), all.filter(({ line }) => line.track === 'master')]
  const best = mix.length > 0 && soundOf(mix) + 1000 > soundOf(master) ? mix : master
  return best.sort((a, b) => a.line.ptsMs - b.line.ptsMs)
}

function soundOf(track: readonly StoredSegment[]): number {
  return track.reduce((sum, one) => sum + one.line.durationMs, 0)
}

/** Segments that follow each other in one part are one run; a hole of half a second, or a part, begins another. */
function runsOf(storage: Storage, segments: readonly StoredSegment[]): AudioRun[] {
  const groups: StoredSegment[][] = []
  for (const one of segments) {
    const last = groups.at(-1)?.at(-1)?.line
    const follows =
      last?.recorder === one.line.recorder && last.part === one.line.part && one.line.ptsMs - (last.ptsMs + last.durationMs) < 500
    if (follows) groups.at(-1)?.push(one)
    else groups.push([one])
  }
  return groups.map((group, i) => {
    const next = groups[i + 1]?.[0]?.line.ptsMs
    const run: AudioRun = { fromMs: group[0]?.line.ptsMs ?? 0, media: { bytes: () => bytesOf(storage, group) } }
    return next === undefined ? run : { ...run, untilMs: next }
  })
}

async function* bytesOf(storage: Storage, segments: readonly StoredSegment[]): AsyncGenerator<Uint8Array> {
  for (const segment of segments) yield await segmentBytes(storage, segment)
}

/** Bytes of a segment, which are those of its journal. @throws StoredSessionError */
export async function segmentBytes(storage: Storage, { line, key, version }: StoredSegment): Promise<Uint8Array> {
  const bytes = await storage.objects.read(key, version)
  const found = createHash('sha256').update(bytes).digest('hex')
  if (found !== line.sha256) throw new StoredSessionError(`segment ${key} has SHA-256 ${found}, the journal says ${line.sha256}`)
  return bytes
}

import { isNotHeld } from '../../storage/model/acta.ts'
import type { WithheldSpan } from '../../storage/model/closed-parts.ts'
import { type GapLength, gapLengthFrom, isUnsure } from '../../storage/model/gap-length.ts'
import { isWithheld, publicTranscript, withheldSpans } from '../../storage/model/public-view.ts'
import { type GapLine, isSegmentLine } from '../../storage/model/recording.ts'
import { type RecorderJournal, type RecordGap, type RecordOfSession, recordOf } from '../../storage/model/recording-of-record.ts'
import { type SessionState, sessionState } from '../../storage/model/session-state.ts'
import { putActa, readActa } from '../../storage/records/actas.ts'
import { readClosedMarks } from '../../storage/records/closed-marks.ts'
import { readCouncil } from '../../storage/records/councils.ts'
import type { Tx } from '../../storage/records/database.ts'
import { readJournals } from '../../storage/records/recorder-journals.ts'
import { listRecorders } from '../../storage/records/recorders.ts'
import { readEvents } from '../../storage/records/session-events.ts'
import { readSession, readStage, setStage } from '../../storage/records/sessions.ts'
import { readTranscript } from '../../storage/records/transcripts.ts'
import { draftActa } from '../draft/draft-acta.ts'
import type { DraftMaterial, DraftRecording } from '../draft/draft-material.ts'
import type { MinutesParts } from '../minutes-parts.ts'
import { wallAt } from '../recording/recording-facts.ts'
import { takeoversOf } from '../recording/takeovers.ts'
import { newestDocument, type SessionPlace } from '../session-documents.ts'

/** A record that a later step needs is not there. */
export class RecordMissingError extends Error {
  override readonly name = 'RecordMissingError'
}

/** Step 7 of a session: events and transcript become the draft, once. A session held without recording is drafted from its events. */
export async function draftSession(parts: Pick<MinutesParts, 'storage'>, place: SessionPlace): Promise<void> {
  const { database } = parts.storage
  await database.inCouncil(place.council, async (tx) => {
    const before = await readActa(tx, place.session)
    if (before && !isNotHeld(before)) return
    const material = await readMaterial(tx, place)
    // «Not held» was marked and taken back: the session that was held after all gets its acta.
    if (before && (material.state.phase === 'not-held' || (await readStage(tx, place.session)) !== 'draft')) return
    await putActa(tx, { ...draftActa(material), version: (before?.version ?? 0) + 1 }, 'escano')
    if ((await readStage(tx, place.session)) !== 'draft') await setStage(tx, place.session, 'draft')
  })
}

async function readMaterial(tx: Tx, place: SessionPlace): Promise<DraftMaterial> {
  const council = await readCouncil(tx)
  const session = await readSession(tx, place.session)
  if (!council || !session) throw new RecordMissingError(`session ${place.session} or its council has no record`)
  const events = (await readEvents(tx, place.session)).map((row) => row.event)
  const marks = await readClosedMarks(tx, place.session)
  const segments = (await readJournals(tx, place.session)).flatMap((one) => one.lines).filter(isSegmentLine)
  const withheld = withheldSpans(sessionState([...events, ...marks], council, session).events, segments)
  const state = withoutClosedIncidents(sessionState(events, council, session), withheld)
  const opened = state.events.findIndex((event) => event.type === 'session.opened')
  const opening = sessionState(state.events.slice(0, opened + 1), council, session)
  const recording = await readRecording(tx, place)
  const transcript = (await readTranscript(tx, place.session))?.transcript
  return {
    council,
    session,
    state,
    opening,
    ...(recording ? { recording } : {}),
    ...(transcript ? { transcript: publicTranscript(transcript, withheld) } : {}),
  }
}

/** Of a closed part only its result and its agreement enter the acta (R17). */
function withoutClosedIncidents(of: SessionState, withheld: WithheldSpan[]): SessionState {
  const isTold = ({ mediaMs }: { mediaMs?: number }) => mediaMs === undefined || !isWithheld(mediaMs, mediaMs, withheld)
  return { ...of, incidents: of.incidents.filter(isTold) }
}

async function readRecording(tx: Tx, { session }: SessionPlace): Promise<DraftRecording | undefined> {
  const master = await newestDocument(tx, session, 'master')
  if (!master) return undefined
  const journals = await readJournals(tx, session)
  const record = recordOf(journals)
  return {
    durationMs: record.durationMs,
    format: 'MP4 (H.264, AAC)',
    sha256: master.sha256,
    gaps: record.gaps.map((gap) => ({ ...gap, ...wallsOf(record, gap), ...lengthOf(journals, gap) })),
    takeovers: takeoversOf(record, await listRecorders(tx)),
  }
}

/** The length of a gap is in doubt when that of the recorder that ended it is. */
function lengthOf(journals: readonly RecorderJournal[], gap: RecordGap): { length?: GapLength } {
  for (const { lines } of journals) {
    const stated = lines.find(
      (line): line is GapLine =>
        'kind' in line && line.kind === 'gap' && line.track === undefined && line.toMs === gap.toMs && isUnsure(line),
    )
    if (stated !== undefined) return { length: gapLengthFrom(gap.fromMs, stated, lines) }
  }
  return {}
}

function wallsOf({ segments }: RecordOfSession, gap: RecordGap): { fromWallMs?: number; toWallMs?: number } {
  const lines = segments.map((one) => one.line)
  const [fromWallMs, toWallMs] = [wallAt(lines, gap.fromMs), wallAt(lines, gap.toMs)]
  return fromWallMs === undefined || toWallMs === undefined ? {} : { fromWallMs, toWallMs }
}

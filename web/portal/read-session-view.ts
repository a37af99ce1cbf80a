import { closedParts, withheldOf } from '../../storage/model/closed-parts.ts'
import type { SessionId } from '../../storage/model/ids.ts'
import { isPublic } from '../../storage/model/law/publicity.ts'
import { publicSegments, publicTranscript, tellsWithheld, votesInClosedParts } from '../../storage/model/public-view.ts'
import { recordOf } from '../../storage/model/recording-of-record.ts'
import type { SessionStage } from '../../storage/model/session.ts'
import { sessionState } from '../../storage/model/session-state.ts'
import { readActa } from '../../storage/records/actas.ts'
import { readClosedMarks } from '../../storage/records/closed-marks.ts'
import { readCouncil } from '../../storage/records/councils.ts'
import type { Tx } from '../../storage/records/database.ts'
import { readDocuments, type StoredDocument } from '../../storage/records/documents.ts'
import { readImport } from '../../storage/records/imports.ts'
import { readJournals } from '../../storage/records/recorder-journals.ts'
import { readEvents } from '../../storage/records/session-events.ts'
import { findSession, readSessionSummary } from '../../storage/records/sessions.ts'
import { readCaptions, readTranscript } from '../../storage/records/transcripts.ts'
import { readVerification } from '../../storage/records/verifications.ts'
import { piecesOf } from './playlist.ts'
import type { PublicRecording, PublicSegment, SessionView } from './session-view.ts'

/** Stages at which the newest PDF carries both signatures. */
const signedStages: ReadonlySet<SessionStage> = new Set(['signed', 'kept', 'published'])

/**
 * Everything the pages show of a session, without what is withheld from the public.
 * @returns undefined when there is no such session, or it is not public and `staff` is false
 */
export async function readSessionView(tx: Tx, councilSlug: string, slug: string, staff: boolean): Promise<SessionView | undefined> {
  const session = await findSession(tx, slug)
  const [council, summary] = [await readCouncil(tx), session && (await readSessionSummary(tx, session.id))]
  if (!session || !council || !summary) return undefined
  const shown = isPublic(session, summary.publishedAtMs)
  if (!shown && !staff) return undefined
  const events = (await readEvents(tx, session.id)).map((row) => row.event)
  const state = sessionState(events, council, session)
  const closures = sessionState([...events, ...(await readClosedMarks(tx, session.id))], council, session).events
  const segments = await readPlayedSegments(tx, session.id)
  const closed = closedParts(
    closures,
    segments.map(({ line }) => line),
  )
  const withheld = closed.map(withheldOf)
  const closedVotes = votesInClosedParts(closures)
  const recording = recordingOf(segments, withheld)
  const transcript = (await readTranscript(tx, session.id))?.transcript
  const documents = await readDocuments(tx, session.id)
  const acta = signedStages.has(summary.stage) && !(await tellsClosed(tx, session.id, withheld)) ? newest(documents, 'acta-pdf') : undefined
  const master = newest(documents, 'master')
  const imported = session.imported ? (await readImport(tx, session.id))?.statement : undefined
  const verification = await readVerification(tx, session.id)
  return {
    council,
    councilSlug,
    session,
    stage: summary.stage,
    publishedAtMs: shown ? (summary.publishedAtMs ?? null) : null,
    state: { ...state, votes: state.votes.map((vote) => (closedVotes.has(vote.vote) ? { ...vote, ballots: {} } : vote)) },
    closed,
    withheld,
    captions: (await readCaptions(tx, session.id)).map((one) => one.language),
    ...(recording ? { recording } : {}),
    ...(transcript ? { transcript: publicTranscript(transcript, withheld) } : {}),
    ...(acta ? { acta } : {}),
    ...(master ? { master } : {}),
    ...(verification ? { verification } : {}),
    ...(imported ? { imported } : {}),
  }
}

/** A part that was closed after the acta was signed may be told in it: then the PDF waits for its redacted copy. */
async function tellsClosed(tx: Tx, session: SessionId, withheld: SessionView['withheld']): Promise<boolean> {
  const written = withheld.length > 0 ? await readActa(tx, session) : undefined
  return written !== undefined && tellsWithheld(written, withheld)
}

function newest(documents: StoredDocument[], kind: StoredDocument['kind']): StoredDocument | undefined {
  return documents.findLast((one) => one.kind === kind)
}

function recordingOf(segments: PublicSegment[], withheld: SessionView['withheld']): PublicRecording | undefined {
  const shown = new Set(
    publicSegments(
      segments.map(({ line }) => line),
      withheld,
    ),
  )
  const kept = segments.filter(({ line }) => shown.has(line))
  if (kept.length === 0) return undefined
  const pieces = piecesOf(kept.map(({ line }) => line))
  return { segments: kept, pieces, lengthMs: pieces.reduce((sum, piece) => sum + piece.lengthMs, 0) }
}

/**
 * The segments people are shown, closed parts included: those of record (storage/model/recording-of-record.ts), as soon as they are in the
 * store. For who may listen to closed parts see web/closed-part.
 */
export async function readPlayedSegments(tx: Tx, session: SessionId): Promise<PublicSegment[]> {
  const journals = await readJournals(tx, session)
  return recordOf(journals).segments.flatMap(({ recorder, leaf, line }) => {
    const receipt = journals.find((one) => one.recorder === recorder)?.receipts.get(leaf)
    return receipt === undefined ? [] : [{ line, key: receipt.key, version: receipt.version }]
  })
}

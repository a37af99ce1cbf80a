import { blockTreeFile } from '../../storage/custody/block-tree.ts'
import { eventLogBytes } from '../../storage/custody/event-log.ts'
import { actaManifest, documentBytes } from '../../storage/custody/manifests.ts'
import { isNotHeld, unaccepted } from '../../storage/model/acta.ts'
import { readActa } from '../../storage/records/actas.ts'
import { readCouncil } from '../../storage/records/councils.ts'
import type { Tx } from '../../storage/records/database.ts'
import { readJournals } from '../../storage/records/recorder-journals.ts'
import { listRecorders } from '../../storage/records/recorders.ts'
import { readEvents } from '../../storage/records/session-events.ts'
import { readSession, readStage, setStage } from '../../storage/records/sessions.ts'
import { readCaptions, readTranscript } from '../../storage/records/transcripts.ts'
import { enterInLog } from '../council-log.ts'
import type { MinutesParts } from '../minutes-parts.ts'
import { newestDocument, placeDocument, recordDocuments, type SessionPlace } from '../session-documents.ts'
import { type ActaGrounds, actaManifestOf } from './acta-manifest.ts'
import { RecordMissingError } from './draft-session.ts'
import { printActa } from './print-acta.ts'

/** The acta may not be frozen yet; the message says what it waits for. */
export class FreezeRefusedError extends Error {
  override readonly name = 'FreezeRefusedError'
}

/**
 * «Pechar para sinatura»: events, blocks and manifest are fixed, the PDF/A is printed with the manifest inside and sealed by the
 * council, so that whoever signs next can only append (study-custody.md §3.3). An acta that is frozen already stays as it is.
 */
export async function freezeActa(parts: MinutesParts, place: SessionPlace): Promise<void> {
  const { storage } = parts
  const found = await storage.database.inCouncil(place.council, (tx) => readGrounds(tx, place))
  if (found.stage === 'frozen') return
  const ready = found.stage === 'approved' || (found.stage === 'draft' && isNotHeld(found.grounds.acta))
  if (!ready) throw new FreezeRefusedError(`the acta is ${found.stage}, expected approved by a later session (R33)`)
  const waiting = unaccepted(found.grounds.acta).length
  if (waiting > 0) throw new FreezeRefusedError(`${waiting} sentences are accepted by nobody (R32)`)
  const events = await placeDocument(storage, place, 'events', eventLogBytes(found.grounds.events))
  const grounds: ActaGrounds = { ...found.grounds, hashes: { ...found.grounds.hashes, events: events.sha256 } }
  const { manifest, blocks } = actaManifestOf(grounds)
  const manifestBytes = documentBytes(actaManifest, manifest)
  const pdf = await printActa(parts, grounds, found.master, manifestBytes)
  const sealed = await placeDocument(storage, place, 'acta-pdf', pdf)
  const placed = [
    events,
    await placeDocument(storage, place, 'acta-blocks', documentBytes(blockTreeFile, blocks)),
    await placeDocument(storage, place, 'acta-manifest', manifestBytes),
    sealed,
  ]
  await storage.database.inCouncil(place.council, async (tx) => {
    await recordDocuments(tx, place.session, placed)
    await enterInLog(tx, 'acta-version', [sealed.sha256], place.session)
    await setStage(tx, place.session, 'frozen')
  })
}

async function readGrounds(tx: Tx, place: SessionPlace) {
  const council = await readCouncil(tx)
  const session = await readSession(tx, place.session)
  const acta = await readActa(tx, place.session)
  if (!council || !session || !acta) throw new RecordMissingError(`session ${place.session}, its council or its acta has no record`)
  const captions = await readCaptions(tx, place.session)
  const stored = await readTranscript(tx, place.session)
  const hashes: ActaGrounds['hashes'] = {
    events: '',
    recordingManifest: (await newestDocument(tx, place.session, 'recording-manifest'))?.sha256 ?? null,
    transcript: stored?.sha256 ?? null,
    captions: captions.map(({ language, sha256 }) => ({ language, sha256 })),
  }
  const grounds: ActaGrounds = {
    council,
    session,
    acta,
    events: (await readEvents(tx, place.session)).map((row) => row.event),
    hashes,
    journals: await readJournals(tx, place.session),
    recorders: await listRecorders(tx),
    ...(stored ? { transcript: stored.transcript } : {}),
  }
  return { grounds, stage: await readStage(tx, place.session), master: await newestDocument(tx, place.session, 'master') }
}

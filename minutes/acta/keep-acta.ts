import { isNotHeld } from '../../storage/model/acta.ts'
import { mayPublish } from '../../storage/model/law/publicity.ts'
import type { Refusal } from '../../storage/model/law/ruling.ts'
import { readActa } from '../../storage/records/actas.ts'
import { putBookEntry, readBook } from '../../storage/records/book.ts'
import { readCouncil } from '../../storage/records/councils.ts'
import type { Tx } from '../../storage/records/database.ts'
import { readSession, readStage, setPublished, setStage } from '../../storage/records/sessions.ts'
import { checkpointLog, enterInLog } from '../council-log.ts'
import { isoDay } from '../draft/draft-material.ts'
import type { MinutesParts } from '../minutes-parts.ts'
import { newestDocument, type SessionPlace } from '../session-documents.ts'
import { RecordMissingError } from './draft-session.ts'

/**
 * Step 10 of a session: the signed acta enters the book under its number, linked to the entry before it (R37), and the council's
 * log; the log is checkpointed and time-stamped.
 */
export async function keepActa(parts: MinutesParts, place: SessionPlace): Promise<void> {
  const council = await parts.storage.database.inCouncil(place.council, async (tx) => {
    const council = await readCouncil(tx)
    const session = await readSession(tx, place.session)
    if (!council || !session) throw new RecordMissingError(`session ${place.session} or its council has no record`)
    if ((await readStage(tx, place.session)) === 'signed') {
      const { sha256 } = await signedActa(tx, place)
      const manifest = await newestDocument(tx, place.session, 'acta-manifest')
      const year = Number(isoDay(session.convenedFor, council.timeZone).slice(0, 4))
      const book = await readBook(tx, year)
      if (!book.some((entry) => entry.session === session.id)) {
        await putBookEntry(tx, {
          year,
          number: session.actaNumber,
          session: session.id,
          sha256,
          previousHash: book.at(-1)?.sha256 ?? (await lastOfYear(tx, year - 1)),
        })
      }
      const acta = await readActa(tx, place.session)
      // No session approves a diligence (R14).
      if (!acta || !isNotHeld(acta)) await enterInLog(tx, 'acta-approved', manifest ? [manifest.sha256] : [], place.session)
      await enterInLog(tx, 'book-entry', [sha256], place.session)
      await setStage(tx, place.session, 'kept')
    }
    return council
  })
  await checkpointLog(parts, place.council, await parts.sealsOf(council))
}

/** The law does not let this session be public; the ruling says why. */
export class PublicationRefusedError extends Error {
  override readonly name = 'PublicationRefusedError'
  readonly ruling: Refusal

  constructor(ruling: Refusal) {
    super(`the session was to be published: ${ruling.requirement}, ${ruling.article}`)
    this.ruling = ruling
  }
}

/** Step 11: the secretary's «Publicar». The log says when; taking it back is `withdrawn`, never a deletion. @throws PublicationRefusedError */
export async function publishSession(parts: MinutesParts, place: SessionPlace): Promise<void> {
  const council = await parts.storage.database.inCouncil(place.council, async (tx) => {
    const council = await readCouncil(tx)
    const session = await readSession(tx, place.session)
    if (!council || !session) throw new RecordMissingError(`session ${place.session} or its council has no record`)
    const ruling = mayPublish(session)
    if (!ruling.allowed) throw new PublicationRefusedError(ruling)
    if ((await readStage(tx, place.session)) === 'kept') {
      await enterInLog(tx, 'published', [(await signedActa(tx, place)).sha256], place.session)
      await setPublished(tx, place.session, Date.now())
      await setStage(tx, place.session, 'published')
    }
    return council
  })
  await checkpointLog(parts, place.council, await parts.sealsOf(council))
}

/** «Retirar»: at once nothing of the session is public any more. The log keeps that it was (design.md §1). */
export async function withdrawSession(parts: MinutesParts, place: SessionPlace): Promise<void> {
  const council = await parts.storage.database.inCouncil(place.council, async (tx) => {
    const council = await readCouncil(tx)
    if (!council) throw new RecordMissingError('this council has no record')
    if ((await readStage(tx, place.session)) === 'published') {
      await setPublished(tx, place.session, null)
      await setStage(tx, place.session, 'kept', { from: 'published' })
      await enterInLog(tx, 'withdrawn', [(await signedActa(tx, place)).sha256], place.session)
    }
    return council
  })
  await checkpointLog(parts, place.council, await parts.sealsOf(council))
}

async function signedActa(tx: Tx, { session }: SessionPlace) {
  const pdf = await newestDocument(tx, session, 'acta-pdf')
  if (!pdf) throw new RecordMissingError(`session ${session} has no signed acta`)
  return pdf
}

/** The book of a year goes on from the last entry of the year before; the very first has 64 zeros before it. */
async function lastOfYear(tx: Tx, year: number): Promise<string> {
  return (await readBook(tx, year)).at(-1)?.sha256 ?? '0'.repeat(64)
}

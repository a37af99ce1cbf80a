import type { Signer } from '../../storage/custody/signer.ts'
import { isNotHeld } from '../../storage/model/acta.ts'
import { type Council, fullName, holderOf } from '../../storage/model/council.ts'
import { readActa } from '../../storage/records/actas.ts'
import { readCouncil } from '../../storage/records/councils.ts'
import { readStage, setStage } from '../../storage/records/sessions.ts'
import { enterInLog } from '../council-log.ts'
import { signatureLook } from '../documents/signature-look.ts'
import { isoDay } from '../draft/draft-material.ts'
import type { MinutesParts } from '../minutes-parts.ts'
import { newestDocument, placeDocument, recordDocuments, type SessionPlace } from '../session-documents.ts'
import { signPdf } from '../signature/pades.ts'
import { RecordMissingError } from './draft-session.ts'

/** Who signs an acta, in this order (R34, R57); a diligence is the secretary's alone (R14). */
export type ActaSigner = 'secretary' | 'mayor'

/** The acta is not where this signature comes: the message says where it is. */
export class SigningRefusedError extends Error {
  override readonly name = 'SigningRefusedError'
}

const offices = { secretary: 'Secretaría', mayor: 'Alcaldía · Visto e prace' } as const

/**
 * Signs the frozen acta as its secretary, then as its mayor, whoever holds the office on the day (R80). The device behind `signer`
 * sees the signed attributes alone. Each signature is a new revision of the PDF, named in the council's log.
 */
export async function signActa(parts: MinutesParts, place: SessionPlace, as: ActaSigner, signer: Signer): Promise<void> {
  const { database, objects } = parts.storage
  const { council, stage, newest, acta } = await database.inCouncil(place.council, async (tx) => ({
    council: await readCouncil(tx),
    stage: await readStage(tx, place.session),
    newest: await newestDocument(tx, place.session, 'acta-pdf'),
    acta: await readActa(tx, place.session),
  }))
  const diligence = acta !== undefined && isNotHeld(acta)
  if (diligence && as === 'mayor') throw new SigningRefusedError('a diligence of a session not held is signed by the secretary alone (R14)')
  if (stage !== 'frozen') throw new SigningRefusedError(`the acta is ${stage}, expected frozen`)
  if (!council || !newest) throw new RecordMissingError(`session ${place.session} has no acta to sign`)
  const seals = await parts.sealsOf(council)
  const at = new Date()
  const name = signerName(council, as, at)
  const signed = await signPdf(await objects.read(newest.key, newest.version), {
    field: as,
    name,
    reason: offices[as],
    at,
    look: signatureLook({ field: as, name, at, language: acta?.language ?? 'gl', council }),
    signer,
    timeStamp: seals.timeStamps,
  })
  const placed = await placeDocument(parts.storage, place, 'acta-pdf', signed)
  await database.inCouncil(place.council, async (tx) => {
    await recordDocuments(tx, place.session, [placed])
    await enterInLog(tx, 'acta-signed', [placed.sha256], place.session)
    if (as !== 'mayor' && !diligence) return
    await setStage(tx, place.session, 'signed')
    await parts.storage.jobs.send('acta.keep', place, { tx })
  })
}

function signerName(council: Council, as: ActaSigner, at: Date): string {
  const holder = holderOf(council, as, isoDay(at.getTime(), council.timeZone))
  if (!holder) throw new SigningRefusedError(`${council.name} has no ${as} today`)
  return fullName(holder)
}

import type { Council } from '../../storage/model/council.ts'
import { recordOf } from '../../storage/model/recording-of-record.ts'
import type { StoredDocument } from '../../storage/records/documents.ts'
import { renderActaPdf } from '../documents/acta-pdf.ts'
import type { ActaAddresses, PrintedRecording } from '../documents/acta-print.ts'
import { signatureLook } from '../documents/signature-look.ts'
import type { MinutesParts } from '../minutes-parts.ts'
import { takeoversOf } from '../recording/takeovers.ts'
import { signPdf } from '../signature/pades.ts'
import type { ActaGrounds } from './acta-manifest.ts'

/** The frozen acta as PDF/A with its manifest inside, under the council's seal and time-stamp. */
export async function printActa(
  parts: MinutesParts,
  grounds: ActaGrounds,
  master: StoredDocument | undefined,
  manifest: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const { acta, council, session } = grounds
  const seals = await parts.sealsOf(council)
  const createdAt = new Date()
  const addresses = await actaAddresses(parts, grounds)
  const recording = master ? printedRecording(grounds, master) : undefined
  const pdf = await renderActaPdf({ acta, council, session, manifest, createdAt, addresses, ...(recording ? { recording } : {}) })
  const look = signatureLook({ field: 'seal', name: council.name, at: createdAt, language: acta.language, council })
  const wish = { field: 'seal', name: council.name, reason: 'Selo do concello sobre o documento pechado', at: createdAt } as const
  return await signPdf(pdf, { ...wish, look, signer: seals.seal, timeStamp: seals.timeStamps })
}

async function actaAddresses(parts: MinutesParts, { council, session }: ActaGrounds): Promise<ActaAddresses> {
  const page = `${parts.publicUrl}/c/${await slugOf(parts, council)}/${session.slug}`
  const number = (item: string) => session.agenda.find((one) => one.id === item)?.number
  return {
    verifyUrl: `${page}/comprobar`,
    itemUrl: (item, ms) => `${page}/punto/${number(item) ?? 1}?t=${Math.floor(ms / 1000)}`,
  }
}

async function slugOf(parts: MinutesParts, council: Council): Promise<string> {
  const found = (await parts.storage.database.directory()).find((one) => one.id === council.id)
  return found?.slug ?? council.id
}

function printedRecording({ journals, recorders, session }: ActaGrounds, master: StoredDocument): PrintedRecording {
  const record = recordOf(journals)
  return {
    name: `${session.slug}.mp4`,
    sizeBytes: master.sizeBytes,
    durationMs: record.durationMs,
    format: 'MP4 (H.264, AAC)',
    sha256: master.sha256,
    gaps: record.gaps.map(({ fromMs, toMs }) => ({ fromMs, toMs })),
    takeovers: takeoversOf(record, recorders),
  }
}

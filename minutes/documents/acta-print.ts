import type { Acta } from '../../storage/model/acta.ts'
import { type Council, holderOf, type Member } from '../../storage/model/council.ts'
import type { Session } from '../../storage/model/session.ts'
import type { Sheet, StructureElement } from './sheet.ts'
import type { DocumentWords } from './words-gl.ts'

/** Public addresses that the printed acta carries. */
export interface ActaAddresses {
  /** Page where anybody checks this acta. */
  verifyUrl: string
  /** Page that plays an item from a place of the recording; `ms` on the media line. */
  itemUrl(item: string, ms: number): string
}

/** The recording that accompanies an acta (law.md §3, annex B). */
export interface PrintedRecording {
  name: string
  sizeBytes: number
  durationMs: number
  format: string
  /** Hexadecimal. */
  sha256: string
  gaps: { fromMs: number; toMs: number }[]
  /** Whose recording is of record from where on, when there were several recorders. */
  takeovers?: { name: string; fromMs: number }[]
}

export interface ActaMaterial {
  acta: Acta
  council: Council
  session: Session
  /** Bytes of acta-manifest.json, attached as they are. */
  manifest: Uint8Array
  /** Stands in the document's dates; the same material gives the same bytes. */
  createdAt: Date
  /** Code of secure verification (R58), where the council has one. */
  csv?: string
  addresses: ActaAddresses
  recording?: PrintedRecording
}

/** What every part of the document draws with. */
export interface ActaPrint extends ActaMaterial {
  sheet: Sheet
  words: DocumentWords
  parent: StructureElement
  year: string
  secretary?: PrintedSigner
  mayor?: PrintedSigner
}

/** Who signs, and in which capacity where it is not the office's own: «Alcaldesa en funcións» (R80). */
export interface PrintedSigner {
  who: Member
  capacity?: string
}

/** The holder of an office on a day (ISO 8601). */
export function signerOf(council: Council, office: 'secretary' | 'mayor', day: string): PrintedSigner | undefined {
  const who = holderOf(council, office, day)
  const role = who?.roles.find((one) => one.office === office && one.from <= day && (one.until === undefined || day <= one.until))
  return who && { who, ...(role?.capacity === undefined ? {} : { capacity: role.capacity }) }
}

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The faces of the documents (fonts/README.md): serif for deeds, sans for labels and what the signature software writes. */
export const fontFiles = {
  serif: 'SourceSerif4-Regular.ttf',
  serifBold: 'SourceSerif4-Semibold.ttf',
  serifItalic: 'SourceSerif4-It.ttf',
  sans: 'PublicSans-Regular.ttf',
  sansBold: 'PublicSans-SemiBold.ttf',
} as const

export type Face = keyof typeof fontFiles

const read = new Map<Face, Uint8Array>()

/** Bytes of a face, read once. */
export function fontBytes(face: Face): Uint8Array {
  const known = read.get(face)
  if (known !== undefined) return known
  const bytes = new Uint8Array(readFileSync(fileURLToPath(new URL(`fonts/${fontFiles[face]}`, import.meta.url))))
  read.set(face, bytes)
  return bytes
}

import { ownBytes } from '../../storage/custody/sha256.ts'
import type { PdfRevision } from './pdf-document.ts'
import { isDict, isRef, itemsOf, nameOf, PdfMalformedError, type PdfValue, textOf } from './pdf-values.ts'

export interface PdfAttachment {
  name: string
  bytes: Uint8Array<ArrayBuffer>
}

const mostAttachments = 32
const largestAttachment = 32 * 1024 * 1024

/** Files inside a PDF (ISO 32000-1 §7.11.4), from its name tree. @throws PdfMalformedError too many, too large, or packed in a way that is not read */
export async function readAttachments(revision: PdfRevision): Promise<PdfAttachment[]> {
  const names = revision.resolve(revision.catalog.entries.get('Names'))
  const specs = isDict(names) ? leaves(revision, names.entries.get('EmbeddedFiles'), 0) : []
  if (specs.length > mostAttachments) throw new PdfMalformedError(`${specs.length} attachments are too many`)
  const attachments: PdfAttachment[] = []
  for (const value of specs) {
    const spec = revision.resolve(value)
    const files = isDict(spec) ? revision.resolve(spec.entries.get('EF')) : undefined
    const file = isDict(files) ? (files.entries.get('F') ?? files.entries.get('UF')) : undefined
    const name = isDict(spec) ? textOf(revision.resolve(spec.entries.get('UF') ?? spec.entries.get('F'))) : undefined
    if (!isRef(file) || name === undefined) throw new PdfMalformedError('an attachment has no name or no file')
    attachments.push({ name, bytes: await readStream(revision, file.number) })
  }
  return attachments
}

/** Values of a name tree. */
function leaves(revision: PdfRevision, value: PdfValue | undefined, depth: number): PdfValue[] {
  const node = revision.resolve(value)
  if (!isDict(node) || depth > 8) return []
  const own = itemsOf(revision.resolve(node.entries.get('Names'))).filter((_, at) => at % 2 === 1)
  const kids = itemsOf(revision.resolve(node.entries.get('Kids'))).slice(0, mostAttachments)
  return [...own, ...kids.flatMap((kid) => leaves(revision, kid, depth + 1))].slice(0, mostAttachments + 1)
}

async function readStream(revision: PdfRevision, number: number): Promise<Uint8Array<ArrayBuffer>> {
  const object = revision.object(number)
  if (object?.stream === undefined || !isDict(object.value)) throw new PdfMalformedError(`object ${number} is no stream`)
  const raw = revision.bytes.subarray(object.stream.from, object.stream.to)
  const filter = object.value.entries.get('Filter')
  if (filter === undefined) return new Uint8Array(raw)
  const filters = nameOf(filter) === undefined ? itemsOf(filter) : [filter]
  if (filters.length !== 1 || nameOf(filters[0]) !== 'FlateDecode' || object.value.entries.has('DecodeParms')) {
    throw new PdfMalformedError(`stream ${number} is packed in a way that is not read`)
  }
  return await inflate(raw)
}

/** Unpacks, and stops where a bomb would go off. */
async function inflate(packed: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = []
  let size = 0
  try {
    // A reader, not `for await`: not every browser iterates over streams.
    const unpacked = new Blob([ownBytes(packed)]).stream().pipeThrough(new DecompressionStream('deflate')).getReader()
    for (let next = await unpacked.read(); !next.done; next = await unpacked.read()) {
      size += next.value.length
      if (size > largestAttachment) {
        await unpacked.cancel()
        throw new PdfMalformedError(`an attachment is larger than ${largestAttachment} bytes`)
      }
      parts.push(next.value)
    }
  } catch (cause) {
    if (cause instanceof PdfMalformedError) throw cause
    throw new PdfMalformedError('an attachment cannot be unpacked', { cause })
  }
  const bytes = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

import { fromBase64, toBase64 } from './sha256.ts'

const block = /-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]*)-----END \1-----/g

/** DER of each block labelled `label` in PEM text (RFC 7468); other blocks are left aside. @throws PemError no such block, or not base64 */
export function fromPem(text: string, label = 'CERTIFICATE'): Uint8Array<ArrayBuffer>[] {
  const found = [...text.matchAll(block)].filter((one) => one[1] === label)
  if (found.length === 0) throw new PemError(`expected a PEM block ${label}, found none`)
  return found.map((one) => {
    try {
      return fromBase64((one[2] ?? '').replace(/\s+/g, ''))
    } catch (cause) {
      throw new PemError(`PEM block ${label} is not base64`, { cause })
    }
  })
}

/** One PEM block, lines of 64 characters. */
export function toPem(der: Uint8Array, label = 'CERTIFICATE'): string {
  const lines = toBase64(der).match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}

export class PemError extends Error {
  override readonly name = 'PemError'
}

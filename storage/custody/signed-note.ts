import { concatBytes, fromBase64, ownBytes, sameBytes, sha256Now, toBase64 } from './sha256.ts'
import type { NoteSigner } from './signer.ts'

/** Signed notes as C2SP signed-note defines them, with Ed25519 keys (signature type 0x01). */

const longestNote = 1_000_000
const mostSignatures = 100
const signatureLine = /^— (\S+) (\S+)$/u

/** A public key that may have signed: raw Ed25519, 32 bytes, under the name that its signature lines carry. */
export interface NoteKey {
  name: string
  publicKey: Uint8Array
}

/** First four bytes of SHA-256(name ‖ LF ‖ 0x01 ‖ public key). */
export function keyId(key: NoteKey): Uint8Array {
  return sha256Now(new TextEncoder().encode(`${key.name}\n`), Uint8Array.of(1), key.publicKey).slice(0, 4)
}

/** The note: text, empty line, signature line. @throws NoteMalformedError the text does not end with LF or the name holds a blank or a plus */
export async function signNote(text: string, signer: NoteSigner): Promise<string> {
  checkText(text)
  if (!/^[^\s+]+$/u.test(signer.name)) throw new NoteMalformedError(`key name «${signer.name}» holds a blank or a plus`)
  const signature = await signer.sign(new TextEncoder().encode(text))
  return `${text}\n— ${signer.name} ${toBase64(concatBytes(keyId(signer), signature))}\n`
}

/**
 * Opens a note that at least one of `keys` signed; signatures by others are left aside, as the standard asks.
 * @throws NoteMalformedError not a signed note
 * @throws NoteUnknownKeyError no key given signed it
 * @throws NoteSignatureError a signature of a key given does not fit the text
 */
export async function openNote(note: string, keys: NoteKey[]): Promise<{ text: string; signedBy: NoteKey[] }> {
  const { text, signatures } = splitNote(note)
  const signedBy: NoteKey[] = []
  for (const one of signatures) {
    const key = keys.find((candidate) => candidate.name === one.name && sameBytes(keyId(candidate), one.keyId))
    if (key === undefined) continue
    if (!(await fitsKey(key.publicKey, one.signature, new TextEncoder().encode(text)))) {
      throw new NoteSignatureError(`the signature of ${key.name} does not fit the note`)
    }
    signedBy.push(key)
  }
  if (signedBy.length === 0) {
    throw new NoteUnknownKeyError(`signed by ${signatures.map((one) => one.name).join(', ')}: none of the ${keys.length} known keys`)
  }
  return { text, signedBy }
}

/** The text of a note whose signatures nobody looked at yet. @throws NoteMalformedError */
export function readUnverified(note: string): { text: string; names: string[] } {
  const { text, signatures } = splitNote(note)
  return { text, names: signatures.map((one) => one.name) }
}

function splitNote(note: string) {
  if (note.length > longestNote) throw new NoteMalformedError(`a note of ${note.length} characters is too long`)
  const split = note.lastIndexOf('\n\n')
  if (split < 0 || !note.endsWith('\n')) throw new NoteMalformedError('a signed note needs a text, an empty line and signature lines')
  const text = note.slice(0, split + 1)
  checkText(text)
  const lines = note.slice(split + 2, -1).split('\n')
  if (lines.length > mostSignatures) throw new NoteMalformedError(`${lines.length} signatures on a note`)
  return { text, signatures: lines.map(parseSignature) }
}

function parseSignature(line: string) {
  const [, name, encoded] = signatureLine.exec(line) ?? []
  if (name === undefined || encoded === undefined || name.includes('+'))
    throw new NoteMalformedError('a line below the empty line is no signature')
  let bytes: Uint8Array
  try {
    bytes = fromBase64(encoded)
  } catch (cause) {
    throw new NoteMalformedError(`the signature of ${name} is not base64`, { cause })
  }
  if (bytes.length < 5) throw new NoteMalformedError(`the signature of ${name} is too short`)
  return { name, keyId: bytes.slice(0, 4), signature: bytes.slice(4) }
}

function checkText(text: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the standard forbids exactly these
  if (!text.endsWith('\n') || /[\u0000-\u0009\u000b-\u001f\ufffd]/.test(text)) {
    throw new NoteMalformedError('the text of a note ends with LF and holds no control character')
  }
}

async function fitsKey(publicKey: Uint8Array, signature: Uint8Array, bytes: Uint8Array): Promise<boolean> {
  try {
    const key = await crypto.subtle.importKey('raw', ownBytes(publicKey), { name: 'Ed25519' }, false, ['verify'])
    return await crypto.subtle.verify({ name: 'Ed25519' }, key, ownBytes(signature), ownBytes(bytes))
  } catch (cause) {
    throw new NoteSignatureError('the public key of a note is no Ed25519 key', { cause })
  }
}

export class NoteMalformedError extends Error {
  override readonly name = 'NoteMalformedError'
}

export class NoteUnknownKeyError extends Error {
  override readonly name = 'NoteUnknownKeyError'
}

export class NoteSignatureError extends Error {
  override readonly name = 'NoteSignatureError'
}

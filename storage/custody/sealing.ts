/**
 * What is recorded of a closed part is encrypted where it is recorded, to keys whose private halves are on no machine of ours
 * (age-encryption.org/v1, X25519 recipients: any program of that format opens it).
 */

/** Loaded when something is sealed: its curves are a tenth of a recorder's memory, and most sessions seal nothing. */
const age = () => import('age-encryption')

/** A key is no age identity, or a sealed file opens with none of those given. */
export class SealError extends Error {
  override readonly name = 'SealError'
}

/** Encrypts to every recipient; each of them alone can open it. Twice the same bytes are never the same ciphertext. */
export async function sealBytes(bytes: Uint8Array, recipients: readonly string[]): Promise<Uint8Array> {
  if (recipients.length === 0) throw new SealError('nobody was named who could open it')
  const { Encrypter } = await age()
  const encrypter = new Encrypter()
  for (const one of recipients) encrypter.addRecipient(one)
  return await encrypter.encrypt(bytes)
}

/** @param identities `AGE-SECRET-KEY-1…` @throws SealError */
export async function openSealed(sealed: Uint8Array, identities: readonly string[]): Promise<Uint8Array> {
  const { Decrypter } = await age()
  const decrypter = new Decrypter()
  for (const one of identities) decrypter.addIdentity(one)
  try {
    return await decrypter.decrypt(sealed)
  } catch (cause) {
    throw new SealError('it opens with none of these keys, or its bytes were changed', { cause })
  }
}

/** Identities of a key file as `age-keygen` writes it; lines that begin with # are comments. @throws SealError it holds none, or a broken one */
export async function parseIdentities(text: string): Promise<string[]> {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
  if (lines.length === 0) throw new SealError('the file holds no key')
  const { identityToRecipient } = await age()
  for (const line of lines) {
    await identityToRecipient(line).catch((cause: unknown) => {
      throw new SealError('the file holds a line that is no key; expected AGE-SECRET-KEY-1…', { cause })
    })
  }
  return lines
}

import { type Bytes, ownBytes } from './sha256.ts'
import type { NoteSigner } from './signer.ts'

/** A new Ed25519 key: the private half as PKCS#8 in DER for the key store, the public half raw (32 bytes). */
export async function makeNoteKey(): Promise<{ privateKey: Bytes; publicKey: Bytes }> {
  const pair = (await crypto.subtle.generateKey({ name: 'Ed25519' }, true, ['sign', 'verify'])) as CryptoKeyPair
  return {
    privateKey: new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey)),
    publicKey: new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)),
  }
}

/** A signer over a key that `makeNoteKey` made. `name` is the origin it signs for (contracts.md §2, §4). */
export async function noteSigner(name: string, key: { privateKey: Uint8Array; publicKey: Uint8Array }): Promise<NoteSigner> {
  const privateKey = await crypto.subtle.importKey('pkcs8', ownBytes(key.privateKey), { name: 'Ed25519' }, false, ['sign'])
  return {
    name,
    publicKey: key.publicKey,
    sign: async (bytes) => new Uint8Array(await crypto.subtle.sign({ name: 'Ed25519' }, privateKey, ownBytes(bytes))),
  }
}

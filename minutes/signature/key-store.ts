import { createPrivateKey, type KeyObject, sign, X509Certificate } from 'node:crypto'
import { readFile, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { makeNoteKey, noteSigner } from '../../storage/custody/note-key.ts'
import { fromPem, toPem } from '../../storage/custody/pem.ts'
import type { NoteSigner, SignatureAlgorithm, Signer } from '../../storage/custody/signer.ts'
import { writeDurably } from '../../storage/programs/durable-file.ts'
import { openPkcs12 } from './pkcs12.ts'

/** Where the private keys of an installation are; a card or a remote device is another adapter of the same port. */
export interface KeyStore {
  /** A certificate's key. @throws KeyFileError it is not there or cannot be used */
  signer(name: string, password?: string): Promise<Signer>
  /** An Ed25519 key under `name`, that signs notes of `origin`. @throws KeyFileError */
  noteSigner(name: string, origin: string): Promise<NoteSigner>
}

/**
 * Keys as files: `<name>.p12`, or `<name>.pem` with the PKCS#8 key and the certificates, signer first.
 * @param data the data folder: a key under it would travel with its backups, so it is refused
 */
export function fileKeyStore(folder: string, data?: string): KeyStore {
  const place = data === undefined ? {} : { data }
  return {
    signer: async (name, password) => {
      const pem = join(folder, `${name}.pem`)
      const path = (await isThere(pem)) ? pem : join(folder, `${name}.p12`)
      return await openSigner(path, { ...place, ...(password === undefined ? {} : { password }) })
    },
    noteSigner: (name, origin) => openNoteSigner(join(folder, `${name}.key`), origin, place),
  }
}

export interface KeyFileOptions {
  /** Opens a .p12. */
  password?: string
  /** Folder that no key may lie in. */
  data?: string
}

/** Opens a signer's key and certificates. @throws KeyFileError · KeyFileExposedError */
export async function openSigner(path: string, options: KeyFileOptions = {}): Promise<Signer> {
  const bytes = await readKeyFile(path, options.data)
  const { key, chain } = path.endsWith('.p12') ? openPkcs12(bytes, options.password ?? '', path) : openPem(bytes.toString('latin1'), path)
  const [certificate] = chain
  if (certificate === undefined) throw new KeyFileError(`${path} holds no certificate`)
  if (!new X509Certificate(certificate).checkPrivateKey(key)) {
    throw new KeyFileError(`${path}: the key is not that of the first certificate; expected the signer's certificate before its issuers'`)
  }
  return { chain, algorithm: algorithmOf(key, path), sign: async (data) => new Uint8Array(sign('sha256', data, key)) }
}

/** Writes a signer's PKCS#8 key and certificates, for its owner alone. */
export async function writeSigner(path: string, of: { key: Uint8Array; chain: Uint8Array[] }): Promise<void> {
  const text = toPem(of.key, 'PRIVATE KEY') + of.chain.map((der) => toPem(der)).join('')
  await writeDurably(path, text, { mode: 0o600 })
}

/** Makes an Ed25519 key, keeps it, and opens it. @throws KeyFileError a file is there already */
export async function createNoteSigner(path: string, origin: string): Promise<NoteSigner> {
  if (await isThere(path)) throw new KeyFileError(`${path} is there already; a key is never written over`)
  const key = await makeNoteKey()
  await writeDurably(path, toPem(key.privateKey, 'PRIVATE KEY') + toPem(key.publicKey, 'ED25519 PUBLIC KEY'), { mode: 0o600 })
  return await noteSigner(origin, key)
}

/** Opens an Ed25519 key for the notes of `origin`. @throws KeyFileError · KeyFileExposedError */
export async function openNoteSigner(path: string, origin: string, options: KeyFileOptions = {}): Promise<NoteSigner> {
  const text = (await readKeyFile(path, options.data)).toString('latin1')
  try {
    const [privateKey] = fromPem(text, 'PRIVATE KEY')
    const [publicKey] = fromPem(text, 'ED25519 PUBLIC KEY')
    if (privateKey !== undefined && publicKey?.length === 32) return await noteSigner(origin, { privateKey, publicKey })
  } catch (cause) {
    throw new KeyFileError(`${path} is not an Ed25519 key`, { cause })
  }
  throw new KeyFileError(`${path} is not an Ed25519 key with its public half`)
}

async function readKeyFile(path: string, data: string | undefined): Promise<Buffer> {
  let bytes: Buffer
  try {
    const found = await stat(path)
    if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) {
      const mode = (found.mode & 0o777).toString(8)
      throw new KeyFileExposedError(`${path} can be read by others (mode ${mode}, expected 600); run: chmod 600 "${path}"`)
    }
    if (data !== undefined && (await liesIn(path, data))) {
      throw new KeyFileError(`${path} lies in the data folder ${data}, whose backups must not hold keys; move it to the keys folder`)
    }
    bytes = await readFile(path)
  } catch (cause) {
    if (cause instanceof KeyFileError || cause instanceof KeyFileExposedError) throw cause
    throw new KeyFileError(`${path} cannot be read as a key file`, { cause })
  }
  return bytes
}

async function liesIn(path: string, folder: string): Promise<boolean> {
  if (!(await isThere(folder))) return false
  return (await realpath(path)).startsWith((await realpath(folder)) + sep)
}

async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  )
}

function openPem(text: string, path: string): { key: KeyObject; chain: Uint8Array[] } {
  try {
    return { key: createPrivateKey(text), chain: fromPem(text) }
  } catch (cause) {
    throw new KeyFileError(`${path}: expected a private key and certificates in PEM`, { cause })
  }
}

function algorithmOf(key: KeyObject, path: string): SignatureAlgorithm {
  if (key.asymmetricKeyType === 'rsa') return 'rsa-pkcs1-sha256'
  if (key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return 'ecdsa-p256-sha256'
  throw new KeyFileError(`${path}: expected a key RSA or P-256, found ${key.asymmetricKeyDetails?.namedCurve ?? key.asymmetricKeyType}`)
}

export class KeyFileError extends Error {
  override readonly name = 'KeyFileError'
}

/** Others on the machine can read the key: it is no longer one. */
export class KeyFileExposedError extends Error {
  override readonly name = 'KeyFileExposedError'
}

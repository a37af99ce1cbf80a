import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  createNoteSigner,
  fileKeyStore,
  KeyFileError,
  KeyFileExposedError,
  openNoteSigner,
  openSigner,
} from '../../../minutes/signature/key-store.ts'
import { Pkcs12Error } from '../../../minutes/signature/pkcs12.ts'
import { signCms, verifyCms } from '../../../storage/custody/cms.ts'
import { sha256 } from '../../../storage/custody/sha256.ts'
import { openNote, signNote } from '../../../storage/custody/signed-note.ts'
import { type OpensslAuthority, startOpensslAuthority } from '../../servers/openssl-authority.ts'

let openssl: OpensslAuthority
let folder: string

beforeAll(async () => {
  openssl = await startOpensslAuthority()
  folder = await mkdtemp(join(tmpdir(), 'escano-keys-'))
})
afterAll(async () => {
  await openssl[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

async function p12(name: string, algorithm: 'rsa' | 'ec', password: string): Promise<string> {
  const issued = await openssl.issue(name, { algorithm })
  const path = join(folder, `${name}.p12`)
  await openssl.openssl([
    'pkcs12',
    '-export',
    '-inkey',
    issued.keyPath,
    '-in',
    issued.certificatePath,
    '-certfile',
    'root.crt',
    '-passout',
    `pass:${password}`,
    '-out',
    path,
  ])
  await chmod(path, 0o600)
  return path
}

test.each(['rsa', 'ec'] as const)('a .p12 that openssl made with a key %s signs, and the signature verifies', async (algorithm) => {
  const signer = await openSigner(await p12(`persoa-${algorithm}`, algorithm, 'contrasinal'), { password: 'contrasinal' })
  expect(signer.chain).toHaveLength(2)
  const digest = await sha256(new Uint8Array(3))
  const cms = await signCms({ digest, signer, timeStamp: openssl.timeStamps })
  await expect(verifyCms(cms, digest, { roots: [openssl.rootPem], tsaRoots: [openssl.tsaRootPem] })).resolves.toMatchObject({
    level: 'B-T',
  })
})

test('a wrong password and a damaged store are told as such', async () => {
  const path = await p12('outra', 'rsa', 'boa')
  await expect(openSigner(path, { password: 'mala' })).rejects.toThrow(Pkcs12Error)
  const bytes = await readFile(path)
  await writeFile(path, bytes.subarray(0, bytes.length / 2))
  await expect(openSigner(path, { password: 'boa' })).rejects.toThrow(/wrong password, or damaged/)
})

test('a key that others can read is refused, with the command that mends it', async () => {
  const issued = await openssl.issue('exposta', { algorithm: 'ec' })
  const path = join(folder, 'exposta.pem')
  await writeFile(path, issued.keyPem + issued.chainPem, { mode: 0o644 })
  await expect(openSigner(path)).rejects.toThrow(KeyFileExposedError)
  await expect(openSigner(path)).rejects.toThrow(`chmod 600 "${path}"`)
  await chmod(path, 0o600)
  await expect(openSigner(path)).resolves.toMatchObject({ algorithm: 'ecdsa-p256-sha256' })
})

test('a key in the data folder is refused, since it would travel with its backups', async () => {
  const data = join(folder, 'data')
  await mkdir(data)
  await createNoteSigner(join(data, 'log.key'), 'escano/L01279990')
  await expect(openNoteSigner(join(data, 'log.key'), 'escano/L01279990', { data })).rejects.toThrow(KeyFileError)
  await expect(fileKeyStore(data, data).noteSigner('log', 'escano/L01279990')).rejects.toThrow(/backups/)
})

test('a key with the certificate of another is refused', async () => {
  const [one, other] = [await openssl.issue('unha', { algorithm: 'ec' }), await openssl.issue('outra-mais', { algorithm: 'ec' })]
  const path = join(folder, 'mixed.pem')
  await writeFile(path, one.keyPem + other.chainPem, { mode: 0o600 })
  await expect(openSigner(path)).rejects.toThrow(/not that of the first certificate/)
})

test('a note key is made once, 0600, and opens again as the same key', async () => {
  const path = join(folder, 'recorder.key')
  const made = await createNoteSigner(path, 'escano/proba')
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  await expect(createNoteSigner(path, 'escano/proba')).rejects.toThrow(/never written over/)
  const opened = await fileKeyStore(folder).noteSigner('recorder', 'escano/proba')
  const note = await signNote('escano\n', opened)
  await expect(openNote(note, [{ name: 'escano/proba', publicKey: made.publicKey }])).resolves.toMatchObject({ text: 'escano\n' })
})

test('a file that is missing, empty or no key is told by its name', async () => {
  await writeFile(join(folder, 'empty.pem'), '', { mode: 0o600 })
  await expect(openSigner(join(folder, 'empty.pem'))).rejects.toThrow(/empty\.pem: expected a private key/)
  await expect(openSigner(join(folder, 'missing.pem'))).rejects.toThrow(/missing\.pem cannot be read/)
  await expect(openNoteSigner(join(folder, 'empty.pem'), 'escano/proba')).rejects.toThrow(KeyFileError)
})

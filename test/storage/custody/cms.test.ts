import { createPrivateKey, sign } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DemoAuthority, openDemoAuthority } from '../../../commands/demo/authority.ts'
import { CertificateExpiredError, CertificateRefusedError, UnknownAnchorError } from '../../../storage/custody/certificate-path.ts'
import { assembleCms, signCms, timeStampToken, verifyCms } from '../../../storage/custody/cms.ts'
import { fromPem } from '../../../storage/custody/pem.ts'
import { AlgorithmRefusedError } from '../../../storage/custody/public-key.ts'
import { concatBytes, sha256, toHex } from '../../../storage/custody/sha256.ts'
import { SigningCertificateError, signedAttributes } from '../../../storage/custody/signed-attributes.ts'
import { assembleSignedData, readSignedData, SignatureDigestError, SignedDataMalformedError } from '../../../storage/custody/signed-data.ts'
import type { Signer } from '../../../storage/custody/signer.ts'
import { TimeStampImprintError } from '../../../storage/custody/time-stamp.ts'
import { type Issued, type OpensslAuthority, startOpensslAuthority } from '../../servers/openssl-authority.ts'

const content = new TextEncoder().encode('{"v":1,"session":"acta"}')
let digest: Uint8Array
let openssl: OpensslAuthority
let demo: DemoAuthority
let keys: string
let trust: { roots: string[]; tsaRoots: string[] }

beforeAll(async () => {
  digest = await sha256(content)
  keys = await mkdtemp(join(tmpdir(), 'escano-cms-'))
  ;[openssl, demo] = await Promise.all([
    startOpensslAuthority(),
    openDemoAuthority(keys, { council: { name: 'Concello de Proba', dir3: 'L01279990' }, secretary: 'Iria', mayor: 'Noa' }),
  ])
  trust = { roots: [openssl.rootPem], tsaRoots: [openssl.tsaRootPem] }
  await writeFile(join(openssl.folder, 'content'), content)
})
afterAll(async () => {
  await openssl[Symbol.asyncDispose]()
  await rm(keys, { recursive: true })
})

function signerOf(issued: Issued, algorithm: Signer['algorithm'] = 'ecdsa-p256-sha256', hash = 'sha256'): Signer {
  const key = createPrivateKey(issued.keyPem)
  return { chain: fromPem(issued.chainPem), algorithm, sign: async (bytes) => new Uint8Array(sign(hash, bytes, key)) }
}

async function opensslAccepts(cms: Uint8Array, rootFile: string): Promise<void> {
  await writeFile(join(openssl.folder, 'cms'), cms)
  await openssl.openssl([
    'cms',
    '-verify',
    '-cades',
    '-binary',
    '-purpose',
    'any',
    '-inform',
    'DER',
    '-in',
    'cms',
    '-content',
    'content',
    '-CAfile',
    rootFile,
    '-out',
    '/dev/null',
  ])
}

test.each(['rsa', 'ec'] as const)('openssl verifies our signature and its time-stamp, with a key %s', async (algorithm) => {
  const issued = await openssl.issue(`signer-${algorithm}`, { algorithm })
  const signer = signerOf(issued, algorithm === 'rsa' ? 'rsa-pkcs1-sha256' : 'ecdsa-p256-sha256')
  const cms = await signCms({ digest, signer, timeStamp: openssl.timeStamps })
  await opensslAccepts(cms, 'root.crt')
  const verified = await verifyCms(cms, digest, trust)
  expect(verified.level).toBe('B-T')
  expect(verified.signer.subject).toContain(`CN=signer-${algorithm}`)
  expect(Math.abs((verified.time?.getTime() ?? 0) - Date.now())).toBeLessThan(20_000)
})

test('without an authority the level is B-B and no time is claimed', async () => {
  const cms = await signCms({ digest, signer: demo.seal })
  expect(await verifyCms(cms, digest, demo.trust)).toMatchObject({ level: 'B-B' })
  expect(await verifyCms(cms, digest, demo.trust)).not.toHaveProperty('time')
})

test('an authority that fails leaves no signature: the level is never lowered in silence', async () => {
  const silent = { name: 'silent', respond: () => Promise.reject(new Error('no line')) }
  await expect(signCms({ digest, signer: demo.seal, timeStamp: silent })).rejects.toThrow('no line')
})

test('a device far away signs only the DER of the attributes, sorted as a SET', async () => {
  const [certificate] = demo.secretary.chain
  const attributes = signedAttributes(digest, certificate ?? new Uint8Array())
  expect(attributes[0]).toBe(0x31)
  expect(toHex(attributes)).toContain(toHex(digest))
  const signature = await demo.secretary.sign(attributes)
  const cms = await assembleCms(
    { attributes, signature, algorithm: demo.secretary.algorithm, chain: demo.secretary.chain },
    demo.timeStamps,
  )
  expect(readSignedData(cms).attributes).toEqual(attributes)
  await writeFile(join(openssl.folder, 'demo-root.crt'), demo.trust.roots.join(''))
  await opensslAccepts(cms, 'demo-root.crt')
})

test('other bytes are refused as a digest that differs', async () => {
  const cms = await signCms({ digest, signer: demo.seal, timeStamp: demo.timeStamps })
  await expect(verifyCms(cms, await sha256(concatBytes(content, Uint8Array.of(10))), demo.trust)).rejects.toThrow(SignatureDigestError)
})

test('a signer or an authority under a foreign root is an unknown anchor', async () => {
  const cms = await signCms({ digest, signer: demo.seal, timeStamp: demo.timeStamps })
  await expect(verifyCms(cms, digest, { ...demo.trust, roots: trust.roots })).rejects.toThrow(UnknownAnchorError)
  await expect(verifyCms(cms, digest, { ...demo.trust, tsaRoots: trust.tsaRoots })).rejects.toThrow(UnknownAnchorError)
  await expect(verifyCms(cms, digest, { roots: [], tsaRoots: [] })).rejects.toThrow(UnknownAnchorError)
})

test('a forged root of the same name is an unknown anchor', async () => {
  await using twin = await startOpensslAuthority()
  const cms = await signCms({ digest, signer: signerOf(await twin.issue('signer', { algorithm: 'ec' })), timeStamp: openssl.timeStamps })
  await expect(verifyCms(cms, digest, trust)).rejects.toThrow(UnknownAnchorError)
})

test('a certificate is judged at the time-stamp, so what it signed outlives it', async () => {
  const cms = await signCms({ digest, signer: demo.seal })
  const late = new Date(Date.now() + 6 * 365 * 24 * 3600 * 1000)
  await expect(verifyCms(cms, digest, { ...demo.trust, at: late })).rejects.toThrow(CertificateExpiredError)
  const stamped = await signCms({ digest, signer: demo.seal, timeStamp: demo.timeStamps })
  await expect(verifyCms(stamped, digest, { ...demo.trust, at: late })).resolves.toMatchObject({ level: 'B-T' })
})

test('an expired certificate is refused with its dates', async () => {
  const issued = await openssl.issue('expired', { algorithm: 'ec', days: -1 })
  const cms = await signCms({ digest, signer: signerOf(issued), timeStamp: openssl.timeStamps })
  await expect(verifyCms(cms, digest, trust)).rejects.toThrow(/CN=expired.*expired on/)
})

test('a key that is not for signatures, and a certificate that is no authority, are refused', async () => {
  const encryption = await openssl.issue('encryption', { algorithm: 'ec', extensions: ['keyUsage=critical,keyAgreement'] })
  const cms = await signCms({ digest, signer: signerOf(encryption), timeStamp: openssl.timeStamps })
  await expect(verifyCms(cms, digest, trust)).rejects.toThrow(CertificateRefusedError)
  // A person's certificate that signs another certificate: its CA mark is missing.
  await openssl.issue('person', { algorithm: 'ec' })
  await openssl.openssl([
    'req',
    '-new',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    'child.key',
    '-subj',
    '/CN=child',
    '-out',
    'child.csr',
  ])
  await openssl.openssl([
    'x509',
    '-req',
    '-in',
    'child.csr',
    '-CA',
    'person.crt',
    '-CAkey',
    'person.key',
    '-CAcreateserial',
    '-out',
    'child.crt',
    '-days',
    '9',
  ])
  const [child, person] = await Promise.all([
    openssl.openssl(['x509', '-in', 'child.crt', '-outform', 'DER']),
    openssl.openssl(['x509', '-in', 'person.crt', '-outform', 'DER']),
  ])
  const keyPem = new TextDecoder().decode(await openssl.openssl(['pkey', '-in', 'child.key']))
  const signer = { ...signerOf({ keyPath: '', certificatePath: '', keyPem, chainPem: openssl.rootPem }), chain: [child, person] }
  await expect(verifyCms(await signCms({ digest, signer, timeStamp: openssl.timeStamps }), digest, trust)).rejects.toThrow(
    UnknownAnchorError,
  )
})

test('a key of 1024 bits and a digest of SHA-1 are refused', async () => {
  await openssl.openssl(['genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:1024', '-out', 'short.key'])
  await openssl.openssl(['req', '-new', '-key', 'short.key', '-subj', '/CN=short', '-out', 'short.csr'])
  await openssl.openssl([
    'x509',
    '-req',
    '-in',
    'short.csr',
    '-CA',
    'root.crt',
    '-CAkey',
    'root.key',
    '-CAcreateserial',
    '-out',
    'short.crt',
    '-days',
    '9',
  ])
  await openssl.openssl([
    'cms',
    '-sign',
    '-binary',
    '-cades',
    '-in',
    'content',
    '-signer',
    'short.crt',
    '-inkey',
    'short.key',
    '-md',
    'sha256',
    '-outform',
    'DER',
    '-out',
    'short.p7s',
  ])
  await expect(
    verifyCms(await openssl.openssl(['cms', '-cmsout', '-inform', 'DER', '-in', 'short.p7s', '-outform', 'DER']), digest, trust),
  ).rejects.toThrow(/1024 bits/)
  await openssl.issue('weak', { algorithm: 'rsa' })
  const weak = await openssl.openssl([
    'cms',
    '-sign',
    '-binary',
    '-cades',
    '-in',
    'content',
    '-signer',
    'weak.crt',
    '-inkey',
    'weak.key',
    '-md',
    'sha1',
    '-outform',
    'DER',
  ])
  await expect(verifyCms(weak, digest, trust)).rejects.toThrow(AlgorithmRefusedError)
})

test('we verify what openssl signs', async () => {
  await openssl.issue('theirs', { algorithm: 'ec' })
  const theirs = await openssl.openssl([
    'cms',
    '-sign',
    '-binary',
    '-cades',
    '-in',
    'content',
    '-signer',
    'theirs.crt',
    '-inkey',
    'theirs.key',
    '-md',
    'sha256',
    '-outform',
    'DER',
  ])
  await expect(verifyCms(theirs, digest, trust)).resolves.toMatchObject({ level: 'B-B' })
  const plain = await openssl.openssl([
    'cms',
    '-sign',
    '-binary',
    '-in',
    'content',
    '-signer',
    'theirs.crt',
    '-inkey',
    'theirs.key',
    '-md',
    'sha256',
    '-outform',
    'DER',
  ])
  await expect(verifyCms(plain, digest, trust)).rejects.toThrow(SigningCertificateError)
})

test('a signature moved onto another certificate of the same key is refused', async () => {
  const issued = await openssl.issue('first', { algorithm: 'ec' })
  const signer = signerOf(issued)
  const attributes = signedAttributes(digest, signer.chain[0] ?? new Uint8Array())
  await openssl.openssl(['req', '-new', '-key', 'first.key', '-subj', '/CN=second', '-out', 'second.csr'])
  const second = await openssl.openssl([
    'x509',
    '-req',
    '-in',
    'second.csr',
    '-CA',
    'root.crt',
    '-CAkey',
    'root.key',
    '-CAcreateserial',
    '-days',
    '9',
    '-outform',
    'DER',
  ])
  const cms = await assembleCms(
    {
      attributes,
      signature: await signer.sign(attributes),
      algorithm: signer.algorithm,
      chain: [second],
    },
    openssl.timeStamps,
  )
  await expect(verifyCms(cms, digest, trust)).rejects.toThrow(SigningCertificateError)
})

test('a token of another signature is refused', async () => {
  const signer = demo.seal
  const attributes = signedAttributes(digest, signer.chain[0] ?? new Uint8Array())
  const parts = { attributes, signature: await signer.sign(attributes), algorithm: signer.algorithm, chain: signer.chain }
  const elsewhere = { name: 'elsewhere', respond: demo.timeStamps.respond }
  const other = readSignedData(await signCms({ digest, signer, timeStamp: elsewhere }))
  const moved = assembleSignedData({ ...parts, timeStampToken: timeStampToken(other) ?? new Uint8Array() })
  await expect(verifyCms(moved, digest, demo.trust)).rejects.toThrow(TimeStampImprintError)
})

test('a byte changed anywhere in a signature is refused, and never crashes', async () => {
  const cms = await signCms({ digest, signer: demo.seal, timeStamp: demo.timeStamps })
  const expected = await verifyCms(cms, digest, demo.trust)
  for (let at = 0; at < cms.length; at += 17) {
    const changed = cms.slice()
    changed[at] = (changed[at] ?? 0) ^ 0x04
    const answer = await verifyCms(changed, digest, demo.trust).catch((error: Error) => error)
    // A change that passes touches bytes that nobody signs (version numbers, spare certificates, the name of the unsigned attribute): who
    // signed stays, and at most the level falls, which the callers that need a time refuse.
    if (!(answer instanceof Error))
      expect(answer).toMatchObject(answer.level === 'B-T' ? expected : { level: 'B-B', signer: expected.signer })
    else expect(answer.name).toMatch(/^(?:Sign|TimeStamp|Certificate|UnknownAnchor|AlgorithmRefused)/)
  }
})

test('what is no signature is refused as malformed', async () => {
  for (const bytes of [new Uint8Array(), new Uint8Array(50), content, new Uint8Array(20_000).fill(0x30), new Uint8Array(2 << 20)]) {
    await expect(verifyCms(bytes, digest, demo.trust)).rejects.toThrow(SignedDataMalformedError)
  }
  const cms = await signCms({ digest, signer: demo.seal })
  await expect(verifyCms(concatBytes(cms, Uint8Array.of(0)), digest, demo.trust)).rejects.toThrow(SignedDataMalformedError)
  await expect(verifyCms(cms.slice(0, -1), digest, demo.trust)).rejects.toThrow(SignedDataMalformedError)
})

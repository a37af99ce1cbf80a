import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DemoAuthority } from '../../../commands/demo/authority.ts'
import { CertificateExpiredError, CertificateRefusedError, UnknownAnchorError } from '../../../storage/custody/certificate-path.ts'
import { signCms, verifyCms } from '../../../storage/custody/cms.ts'
import { AlgorithmRefusedError } from '../../../storage/custody/public-key.ts'
import { type OpensslAuthority, startOpensslAuthority } from '../../servers/openssl-authority.ts'
import { cmsSignArguments } from '../../servers/openssl-cms.ts'
import { openSigningBench, type SigningBench, signerOf } from './signing-bench.ts'

let bench: SigningBench
let digest: Uint8Array
let openssl: OpensslAuthority
let demo: DemoAuthority
let trust: SigningBench['trust']

beforeAll(async () => {
  bench = await openSigningBench()
  ;({ digest, openssl, demo, trust } = bench)
})
afterAll(() => bench[Symbol.asyncDispose]())

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
  await openssl.openssl([...cmsSignArguments({ content: 'content', signer: 'short' }), '-out', 'short.p7s'])
  await expect(
    verifyCms(await openssl.openssl(['cms', '-cmsout', '-inform', 'DER', '-in', 'short.p7s', '-outform', 'DER']), digest, trust),
  ).rejects.toThrow(/1024 bits/)
  await openssl.issue('weak', { algorithm: 'rsa' })
  const weak = await openssl.openssl(cmsSignArguments({ content: 'content', signer: 'weak', digest: 'sha1' }))
  await expect(verifyCms(weak, digest, trust)).rejects.toThrow(AlgorithmRefusedError)
})

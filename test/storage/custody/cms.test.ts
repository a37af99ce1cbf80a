import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DemoAuthority } from '../../../commands/demo/authority.ts'
import { assembleCms, signCms, timeStampToken, verifyCms } from '../../../storage/custody/cms.ts'
import { concatBytes, sha256, toHex } from '../../../storage/custody/sha256.ts'
import { SigningCertificateError, signedAttributes } from '../../../storage/custody/signed-attributes.ts'
import { assembleSignedData, readSignedData, SignatureDigestError, SignedDataMalformedError } from '../../../storage/custody/signed-data.ts'
import { TimeStampImprintError } from '../../../storage/custody/time-stamp.ts'
import type { OpensslAuthority } from '../../servers/openssl-authority.ts'
import { cmsSignArguments, cmsVerifyArguments } from '../../servers/openssl-cms.ts'
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

async function opensslAccepts(cms: Uint8Array, rootFile: string): Promise<void> {
  await writeFile(join(openssl.folder, 'cms'), cms)
  await openssl.openssl(cmsVerifyArguments({ signature: 'cms', content: 'content', roots: rootFile }))
}

test.each(['rsa', 'ec'] as const)('openssl verifies our signature and its time-stamp, with a key %s', async (algorithm) => {
  const issued = await openssl.issue(`signer-${algorithm}`, { algorithm })
  const signer = signerOf(issued, algorithm === 'rsa' ? 'rsa-pkcs1-sha256' : 'ecdsa-p256-sha256')
  const askedMs = Date.now()
  const cms = await signCms({ digest, signer, timeStamp: openssl.timeStamps })
  const gotMs = Date.now()
  await opensslAccepts(cms, 'root.crt')
  const verified = await verifyCms(cms, digest, trust)
  expect(verified.level).toBe('B-T')
  expect(verified.signer.subject).toContain(`CN=signer-${algorithm}`)
  // A stamp tells whole seconds.
  expect(verified.time?.getTime()).toBeGreaterThan(askedMs - 1000)
  expect(verified.time?.getTime()).toBeLessThanOrEqual(gotMs)
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
  await expect(verifyCms(cms, await sha256(concatBytes(bench.content, Uint8Array.of(10))), demo.trust)).rejects.toThrow(
    SignatureDigestError,
  )
})

test('we verify what openssl signs', async () => {
  await openssl.issue('theirs', { algorithm: 'ec' })
  const theirs = await openssl.openssl(cmsSignArguments({ content: 'content', signer: 'theirs' }))
  await expect(verifyCms(theirs, digest, trust)).resolves.toMatchObject({ level: 'B-B' })
  const plain = await openssl.openssl(cmsSignArguments({ content: 'content', signer: 'theirs', plain: true }))
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
  for (const bytes of [new Uint8Array(), new Uint8Array(50), bench.content, new Uint8Array(20_000).fill(0x30), new Uint8Array(2 << 20)]) {
    await expect(verifyCms(bytes, digest, demo.trust)).rejects.toThrow(SignedDataMalformedError)
  }
  const cms = await signCms({ digest, signer: demo.seal })
  await expect(verifyCms(concatBytes(cms, Uint8Array.of(0)), digest, demo.trust)).rejects.toThrow(SignedDataMalformedError)
  await expect(verifyCms(cms.slice(0, -1), digest, demo.trust)).rejects.toThrow(SignedDataMalformedError)
})

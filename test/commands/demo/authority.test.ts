import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DemoAuthority, openDemoAuthority } from '../../../commands/demo/authority.ts'
import { parseCertificate, subjectName } from '../../../storage/custody/certificate-path.ts'
import { toPem } from '../../../storage/custody/pem.ts'
import { verifyTimeStamp } from '../../../storage/custody/time-stamp.ts'
import { requestTimeStamp, TimeStampRefusedError } from '../../../storage/custody/time-stamp-request.ts'
import { runProgram } from '../../../storage/programs/run-program.ts'

const holders = {
  council: { name: 'Concello de Vilariño do Monte', dir3: 'L01279990' },
  secretary: 'Iria Lestrigo Pardo',
  mayor: 'Noa Outedal Rey',
}
let folder: string
let authority: DemoAuthority

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'escano-demo-authority-'))
  authority = await openDemoAuthority(folder, holders)
})
afterAll(() => rm(folder, { recursive: true }))

const openssl = (...args: string[]) => runProgram('openssl', args, { cwd: folder, timeoutMs: 20_000 })

test('openssl verifies each certificate up to its root, in strict mode', async () => {
  await writeFile(join(folder, 'root.crt'), authority.trust.roots.join(''))
  await writeFile(join(folder, 'tsa-root.crt'), authority.trust.tsaRoots.join(''))
  for (const name of ['seal', 'secretary', 'mayor'] as const) {
    await writeFile(join(folder, `${name}.crt`), toPem(authority[name].chain[0] ?? new Uint8Array()))
    await openssl('verify', '-x509_strict', '-CAfile', 'root.crt', `${name}.crt`)
    const { stdout } = await openssl('x509', '-in', `${name}.crt`, '-noout', '-subject', '-ext', 'keyUsage', '-nameopt', 'utf8')
    expect(new TextDecoder().decode(stdout)).toMatch(/SINATURA DE PROBA[\s\S]*Non Repudiation/)
  }
  await openssl('verify', '-x509_strict', '-purpose', 'timestampsign', '-CAfile', 'tsa-root.crt', 'time-stamps.pem')
})

test('openssl reads and verifies a token of the in-process authority', async () => {
  const bytes = new TextEncoder().encode('escano')
  const askedMs = Date.now()
  const token = await requestTimeStamp(authority.timeStamps, bytes)
  const gotMs = Date.now()
  await writeFile(join(folder, 'data'), bytes)
  await writeFile(join(folder, 'token'), token)
  await openssl('ts', '-verify', '-data', 'data', '-token_in', '-in', 'token', '-CAfile', 'tsa-root.crt')
  const { stdout } = await openssl('ts', '-reply', '-token_in', '-in', 'token', '-token_out', '-text')
  expect(new TextDecoder().decode(stdout)).toMatch(
    /Policy OID: 2\.25\.\d+[\s\S]*Serial number: 0x[\s\S]*Accuracy: 0x01 seconds[\s\S]*Nonce: 0x/,
  )
  const verified = await verifyTimeStamp(token, bytes, authority.trust.tsaRoots)
  // A stamp tells whole seconds.
  expect(verified.time.getTime()).toBeGreaterThan(askedMs - 1000)
  expect(verified.time.getTime()).toBeLessThanOrEqual(gotMs)
})

test('openssl accepts a whole response to its own question', async () => {
  await writeFile(join(folder, 'question-data'), 'pregunta')
  await openssl('ts', '-query', '-data', 'question-data', '-sha256', '-cert', '-out', 'question')
  await writeFile(join(folder, 'answer'), await authority.timeStamps.respond(await readFile(join(folder, 'question'))))
  await openssl('ts', '-verify', '-queryfile', 'question', '-in', 'answer', '-CAfile', 'tsa-root.crt')
})

test('a request that is none, or asks for SHA-1, is refused with a sentence', async () => {
  const { stdout } = await openssl('ts', '-query', '-data', 'question-data', '-sha1')
  const answer = new TextDecoder('latin1').decode(await authority.timeStamps.respond(stdout))
  expect(answer).toContain('only SHA-256 is stamped')
  expect(new TextDecoder('latin1').decode(await authority.timeStamps.respond(new Uint8Array(9)))).toContain('no TimeStampReq')
  const refusing = { name: 'refuses', respond: () => authority.timeStamps.respond(new Uint8Array(9)) }
  await expect(requestTimeStamp(refusing, new Uint8Array(3))).rejects.toThrow(TimeStampRefusedError)
})

test('keys are readable by their owner alone, and the roots keep none', async () => {
  for (const name of await readdir(folder)) {
    if (['seal.pem', 'secretary.pem', 'mayor.pem', 'time-stamps.pem'].includes(name))
      expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600)
  }
  expect(await readFile(join(folder, 'roots.pem'), 'utf8')).not.toContain('PRIVATE')
})

test('the next start opens the same keys', async () => {
  const again = await openDemoAuthority(folder, holders)
  expect(again.seal.chain).toEqual(authority.seal.chain)
  expect(again.trust).toEqual(authority.trust)
})

test('a start cut short before the anchors were written is made anew as a whole', async () => {
  const cut = await mkdtemp(join(tmpdir(), 'escano-demo-authority-'))
  try {
    await writeFile(join(cut, 'seal.pem'), 'half a key', { mode: 0o600 })
    const made = await openDemoAuthority(cut, holders)
    expect(subjectName(parseCertificate(made.seal.chain[0] ?? new Uint8Array()))).toContain(
      'Selo do Concello de Vilariño do Monte (SINATURA DE PROBA)',
    )
  } finally {
    await rm(cut, { recursive: true })
  }
})

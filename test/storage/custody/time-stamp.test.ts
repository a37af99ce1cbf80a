import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { localTimeStampAuthority } from '../../../commands/demo/time-stamps.ts'
import { httpTimeStampAuthority, TimeStampUnavailableError } from '../../../minutes/signature/http-time-stamp.ts'
import { openSigner } from '../../../minutes/signature/key-store.ts'
import { UnknownAnchorError } from '../../../storage/custody/certificate-path.ts'
import { sha256 } from '../../../storage/custody/sha256.ts'
import { readTimeStamp, TimeStampError, TimeStampImprintError, verifyTimeStamp } from '../../../storage/custody/time-stamp.ts'
import { requestTimeStamp, TimeStampAnswerError, TimeStampRefusedError } from '../../../storage/custody/time-stamp-request.ts'
import { type OpensslAuthority, startOpensslAuthority } from '../../servers/openssl-authority.ts'

const bytes = new TextEncoder().encode('escano/L01270000\n3\nAAAA\n')
let authority: OpensslAuthority
let token: Uint8Array
let asked: { fromMs: number; toMs: number }

beforeAll(async () => {
  authority = await startOpensslAuthority()
  const fromMs = Date.now()
  token = await requestTimeStamp(authority.timeStamps, bytes)
  asked = { fromMs, toMs: Date.now() }
})
afterAll(() => authority[Symbol.asyncDispose]())

describe('A time-stamp token', () => {
  it('of openssl verifies here, with the time it was given and the name of its authority', async () => {
    const { time, authority: name } = await verifyTimeStamp(token, bytes, [authority.tsaRootPem])
    // A stamp tells whole seconds.
    expect(time.getTime()).toBeGreaterThan(asked.fromMs - 1000)
    expect(time.getTime()).toBeLessThanOrEqual(asked.toMs)
    expect(name).toContain('CN=tsa')
  })

  it('verifies in openssl ts as well', async () => {
    await writeFile(join(authority.folder, 'token'), token)
    await writeFile(join(authority.folder, 'stamped'), bytes)
    const told = await authority.openssl(['ts', '-verify', '-data', 'stamped', '-in', 'token', '-token_in', '-CAfile', 'tsa-root.crt'])
    expect(new TextDecoder().decode(told)).toContain('Verification: OK')
  })

  it('asked for by hash alone is over the same bytes', async () => {
    const byHash = await requestTimeStamp(authority.timeStamps, { sha256: await sha256(bytes) })
    await verifyTimeStamp(byHash, bytes, [authority.tsaRootPem])
  })

  it('is refused over other bytes, and under a root that is not its own', async () => {
    await expect(verifyTimeStamp(token, new Uint8Array(3), [authority.tsaRootPem])).rejects.toThrow(TimeStampImprintError)
    await expect(verifyTimeStamp(token, bytes, [authority.rootPem])).rejects.toThrow(UnknownAnchorError)
    await expect(verifyTimeStamp(token, bytes, [])).rejects.toThrow(UnknownAnchorError)
  })

  it('never verifies with a bit changed where it is signed, and never breaks the reader wherever it is changed', async () => {
    const { time } = readTimeStamp(token)
    for (let at = 0; at < token.length; at += 5) {
      const changed = Uint8Array.from(token, (byte, place) => (place === at ? byte ^ 0x10 : byte))
      const outcome = await verifyTimeStamp(changed, bytes, [authority.tsaRootPem]).catch((error: unknown) => error)
      // What is neither signed nor read (an encoding's spare place) may change, but it never says another time.
      if (!(outcome instanceof Error)) expect(outcome).toMatchObject({ time })
    }
  })

  it.each([
    ['nothing', new Uint8Array()],
    ['half of one', 'half'],
    ['bytes behind it', 'long'],
    ['100 KB of zeros', new Uint8Array(100_000)],
    ['deep nesting', Uint8Array.from({ length: 40_000 }, (_, at) => (at % 2 === 0 ? 0x30 : 0x80))],
  ])('made of %s is refused with an error of ours', async (_, made) => {
    const given = made === 'half' ? token.slice(0, token.length / 2) : made === 'long' ? Uint8Array.of(...token, 0) : (made as Uint8Array)
    await expect(verifyTimeStamp(given, bytes, [authority.tsaRootPem])).rejects.toMatchObject({
      name: expect.stringMatching(/^(TimeStampError|SignedDataMalformedError)$/),
    })
  })

  it.each([
    ['of a person', 'extendedKeyUsage=critical,emailProtection'],
    ['that also signs mail', 'extendedKeyUsage=critical,timeStamping,emailProtection'],
    ['whose purpose is not critical', 'extendedKeyUsage=timeStamping'],
    ['without a purpose', 'keyUsage=critical,digitalSignature'],
  ])('by a certificate %s is refused, though its root is trusted', async (name, extension) => {
    // openssl declines to stamp with such a key, so the demo's authority does.
    const issued = await authority.issue(name, { extensions: [extension] })
    const path = join(authority.folder, 'unfit.pem')
    await writeFile(path, issued.keyPem + issued.chainPem, { mode: 0o600 })
    const unfit = await requestTimeStamp(localTimeStampAuthority(name, await openSigner(path)), bytes)
    await expect(verifyTimeStamp(unfit, bytes, [authority.rootPem])).rejects.toThrow(TimeStampError)
  })
})

describe('A request for a time-stamp', () => {
  it('over HTTP gets a token, with or without a password', async () => {
    const open = httpTimeStampAuthority({ url: await authority.serve() })
    await verifyTimeStamp(await requestTimeStamp(open, bytes), bytes, [authority.tsaRootPem])
    const url = await authority.serve({ basic: { user: 'concello', password: 'segredo' } })
    const known = httpTimeStampAuthority({ url, authentication: { kind: 'basic', user: 'concello', password: 'segredo' } })
    await verifyTimeStamp(await requestTimeStamp(known, bytes), bytes, [authority.tsaRootPem])
    await expect(requestTimeStamp(httpTimeStampAuthority({ url }), bytes)).rejects.toThrow(TimeStampUnavailableError)
  })

  it('says that the authority cannot be reached', async () => {
    const nobody = httpTimeStampAuthority({ url: 'http://127.0.0.1:9/', timeoutMs: 2000 })
    await expect(requestTimeStamp(nobody, bytes)).rejects.toThrow(TimeStampUnavailableError)
  })

  it('refuses an answer to another question, by nonce and by imprint', async () => {
    const answers: Uint8Array[] = []
    const recording = {
      name: 'openssl',
      respond: async (request: Uint8Array) => keep(answers, await authority.timeStamps.respond(request)),
    }
    await requestTimeStamp(recording, bytes)
    const replaying = { name: 'repetidora', respond: async () => answers[0] ?? new Uint8Array() }
    await expect(requestTimeStamp(replaying, bytes)).rejects.toThrow('nonce')
    await expect(requestTimeStamp(replaying, new Uint8Array(1))).rejects.toThrow(TimeStampAnswerError)
  })

  it('tells a refusal from an answer that cannot be read', async () => {
    const refused = { name: 'openssl', respond: () => authority.timeStamps.respond(new Uint8Array(3)) }
    await expect(requestTimeStamp(refused, bytes)).rejects.toThrow(TimeStampRefusedError)
    const noise = { name: 'ruído', respond: async () => new Uint8Array(40) }
    await expect(requestTimeStamp(noise, bytes)).rejects.toThrow(TimeStampAnswerError)
    const flood = { name: 'chea', respond: async () => new Uint8Array(70_000) }
    await expect(requestTimeStamp(flood, bytes)).rejects.toThrow(TimeStampAnswerError)
  })
})

function keep<T>(list: T[], one: T): T {
  list.push(one)
  return one
}

import { io } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../../storage/model/ids.ts'
import { findAccount, putAccount } from '../../../storage/records/accounts.ts'
import { readAudit } from '../../../storage/records/audit.ts'
import { listPasskeys } from '../../../storage/records/passkeys.ts'
import { putTablet } from '../../../storage/records/tablets.ts'
import type { RunningWeb } from '../../../web/main.ts'
import { newToken, tokenHash } from '../../../web/sign-in/sign-in-cookie.ts'
import { freePort } from '../../servers/free-port.ts'
import { startTestWeb } from '../../servers/running-web.ts'
import { openTestStorage, type TestStorage } from '../../servers/test-storage.ts'
import { putChamber, signIn } from '../control/chamber.ts'
import { SoftwareAuthenticator } from './software-authenticator.ts'

describe('passkeys beside passwords', () => {
  let storage: TestStorage
  let web: RunningWeb
  let outside: RunningWeb
  let ours: Awaited<ReturnType<typeof putChamber>>
  let cookie: string
  let key: SoftwareAuthenticator

  beforeAll(async () => {
    storage = await openTestStorage()
    ours = await putChamber(storage, 'vilarino')
    web = await serve({})
    // For the second, this machine is not in the town hall.
    outside = await serve({ ESCANO_WEB_CONTROLLED_NETWORKS: '10.20.0.0/16' })
    cookie = (await signIn(web.address, 'vilarino', 'secretaria')) ?? ''
    key = new SoftwareAuthenticator()
    await register(key)
  })
  afterAll(async () => {
    await outside?.[Symbol.asyncDispose]()
    await web?.[Symbol.asyncDispose]()
    await storage?.[Symbol.asyncDispose]()
  })

  const serve = async (environment: Record<string, string>) => {
    const port = await freePort()
    return await startTestWeb(storage, {
      environment: { ...environment, ESCANO_WEB_PORT: String(port), ESCANO_PUBLIC_URL: `http://localhost:${port}` },
    })
  }
  const post = async (path: string, body: unknown, as: { cookie?: string; at?: RunningWeb } = {}) => {
    const { address } = as.at ?? web
    const response = await fetch(`${address}/c/vilarino/${path}`, {
      method: 'POST',
      headers: { Origin: address, Accept: 'application/json', 'Content-Type': 'application/json', cookie: as.cookie ?? '' },
      body: JSON.stringify(body),
    })
    const cookies = response.headers.getSetCookie().map((one) => one.split(';')[0] ?? '')
    return { status: response.status, body: (await response.json()) as Record<string, unknown>, cookies }
  }
  const here = (at: RunningWeb = web) => ({ rpId: 'localhost', origin: at.address })
  const challengeOf = (answer: { body: Record<string, unknown> }) => String(answer.body['challenge'])
  const register = async (of: SoftwareAuthenticator, as: Partial<Parameters<SoftwareAuthenticator['register']>[1]> = {}, by = cookie) => {
    const challenge = challengeOf(await post('conta/chaves/reto', {}, { cookie }))
    return await post('conta/chaves', { name: 'Chave de proba', response: of.register(challenge, { ...here(), ...as }) }, { cookie: by })
  }
  const begin = async (at: RunningWeb = web) => {
    const asked = await post('entrar/chave/reto', {}, { at })
    return { challenge: challengeOf(asked), bound: asked.cookies[0] ?? '' }
  }
  const enter = (response: unknown, bound: string, at: RunningWeb = web) => post('entrar/chave', { response }, { cookie: bound, at })
  /** A right answer, after which the wrong ones before it count no more. */
  const opens = async () => {
    const { challenge, bound } = await begin()
    expect((await enter(key.answer(challenge, here()), bound)).status).toBe(200)
  }
  const passkeys = async () => {
    const account = await storage.database.inCouncil(ours.council.id, (tx) => findAccount(tx, 'secretaria'))
    return await storage.database.inCouncil(ours.council.id, (tx) => listPasskeys(tx, account?.id ?? ''))
  }

  test('one that was registered opens the door', async () => {
    const { challenge, bound } = await begin()
    const answer = await enter(key.answer(challenge, here()), bound)
    expect(answer).toMatchObject({ status: 200, body: { to: '/c/vilarino/mesa' } })
    const table = await fetch(`${web.address}/c/vilarino/mesa`, { headers: { cookie: answer.cookies[0] ?? '' } })
    expect(await table.text()).toContain('Noela Lestrigo')
    expect((await passkeys())[0]).toMatchObject({ name: 'Chave de proba', counter: key.counter, usedAtMs: expect.any(Number) })
  })

  test('an answer serves once, to the browser that asked, and never for another challenge', async () => {
    const { challenge, bound } = await begin()
    const answer = key.answer(challenge, here())
    const other = await begin()
    expect((await enter(answer, other.bound)).status).toBe(401)
    const again = await begin()
    const right = key.answer(again.challenge, here())
    expect((await enter(right, again.bound)).status).toBe(200)
    expect((await enter(right, again.bound)).status).toBe(401)
    expect((await enter(key.answer('AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', here()), bound)).status).toBe(401)
    expect((await enter(key.answer(other.challenge, here()), '')).status).toBe(401)
  })

  test.each([
    ['from another site', { origin: 'https://escano.malo.example' }],
    ['for another domain', { rpId: 'malo.example' }],
    ['of a person nobody verified', { verified: false }],
  ])('an answer %s is refused, and so is a new passkey', async (_, wrong) => {
    await opens()
    const { challenge, bound } = await begin()
    expect((await enter(key.answer(challenge, { ...here(), ...wrong }), bound)).status).toBe(401)
    const before = await passkeys()
    expect((await register(new SoftwareAuthenticator(), wrong)).status).toBe(422)
    expect(await passkeys()).toEqual(before)
  })

  test('a passkey nobody has, and one whose counter goes back as a copy’s would, open nothing', async () => {
    await opens()
    const unknown = await begin()
    expect((await enter(new SoftwareAuthenticator().answer(unknown.challenge, here()), unknown.bound)).status).toBe(401)
    const [before] = await passkeys()
    key.counter = (before?.counter ?? 0) - 2
    const copied = await begin()
    const answer = await enter(key.answer(copied.challenge, here()), copied.bound)
    expect(answer).toMatchObject({ status: 401, body: { error: expect.stringContaining('A chave non serviu') } })
    expect((await passkeys())[0]).toEqual(before)
    key.counter = before?.counter ?? 0
  })

  test('the challenge of one sign-in registers nothing in another, and a known passkey is not registered twice', async () => {
    const other = (await signIn(web.address, 'vilarino', 'secretaria')) ?? ''
    expect((await register(new SoftwareAuthenticator(), {}, other)).status).toBe(422)
    expect((await register(key)).status).toBe(422)
    expect(await passkeys()).toHaveLength(1)
  })

  test('R65: who is where, with what, is let in or not; each has a name of their own, and each entry is on record', async () => {
    const entries = async () => (await storage.database.inCouncil(ours.council.id, (tx) => readAudit(tx, 500))).map((one) => one.action)
    const tries = (await entries()).filter((one) => one === 'sign-in').length
    const byPassword = async (at: RunningWeb, password?: string) =>
      (await signIn(at.address, 'vilarino', 'secretaria', password)) !== undefined
    const byPasskey = async (at: RunningWeb) => {
      const { challenge, bound } = await begin(at)
      return (await enter(key.answer(challenge, here(at)), bound, at)).status === 200
    }
    const secret = newToken()
    await storage.database.inCouncil(ours.council.id, async (tx) => {
      const account = (await findAccount(tx, 'secretaria'))?.id ?? ''
      await putTablet(tx, { id: newId(), name: 'Sala', account, credentialHash: tokenHash(secret), createdAtMs: Date.now() })
    })
    const byTablet = async (at: RunningWeb) => {
      const headers = { cookie: `escano-tableta-${ours.council.id}=${secret}`, accept: 'application/json' }
      const page = (await fetch(`${at.address}/c/vilarino/sala/${ours.session.slug}`, { headers })).status === 200
      const auth = { council: 'vilarino', session: ours.session.slug, device: 'proba' }
      const line = io(`${at.address}/sala`, { auth, extraHeaders: headers, reconnection: false, forceNew: true })
      const opened = await new Promise((resolve) => line.once('connect', () => resolve(true)).once('connect_error', () => resolve(false)))
      line.disconnect()
      expect(opened).toBe(page)
      return page
    }
    expect({
      inside: {
        password: await byPassword(web),
        passkey: await byPasskey(web),
        tablet: await byTablet(web),
        wrong: await byPassword(web, 'non-é-esta'),
      },
      outside: {
        password: await byPassword(outside),
        passkey: await byPasskey(outside),
        tablet: await byTablet(outside),
        wrong: await byPassword(outside, 'non-é-esta'),
      },
    }).toEqual({
      inside: { password: true, passkey: true, tablet: true, wrong: false },
      outside: { password: false, passkey: true, tablet: false, wrong: false },
    })
    // What is refused for its place alone is refused before the password is looked at: the answer tells nothing of it.
    const refusals = await Promise.all(
      ['unha-frase-longa-de-proba', 'non-é-esta'].map(async (password) => {
        const body = new URLSearchParams({ login: 'secretaria', password })
        const response = await fetch(`${outside.address}/c/vilarino/entrar`, { method: 'POST', headers: { Origin: outside.address }, body })
        return { status: response.status, text: await response.text() }
      }),
    )
    expect(refusals[0]).toMatchObject({ status: 403, text: expect.stringContaining('o contrasinal só non abonda') })
    expect(refusals[1]?.text).toBe(refusals[0]?.text)
    expect((await entries()).filter((one) => one === 'sign-in').length - tries).toBe(4)
    await expect(
      storage.database.inCouncil(ours.council.id, (tx) =>
        putAccount(tx, { id: newId(), login: 'secretaria', name: 'Outra persoa', role: 'technician', passwordHash: 'x' }),
      ),
    ).rejects.toThrow(/duplicate key/)
  })

  test('one that is taken away opens nothing more; nobody takes away another’s', async () => {
    const [kept] = await passkeys()
    const remove = async (by: string) => {
      const body = new URLSearchParams({ remove: kept?.id ?? '' })
      const headers = { Origin: web.address, cookie: by }
      return (await fetch(`${web.address}/c/vilarino/conta`, { method: 'POST', redirect: 'manual', headers, body })).status
    }
    expect(await remove((await signIn(web.address, 'vilarino', 'alcaldesa')) ?? '')).toBe(404)
    expect(await remove(cookie)).toBe(303)
    const { challenge, bound } = await begin()
    expect((await enter(key.answer(challenge, here()), bound)).status).toBe(401)
  })
})

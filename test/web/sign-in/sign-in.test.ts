import { createHook } from 'node:async_hooks'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { endSignIn, readSignIn } from '../../../storage/records/accounts.ts'
import { readAudit } from '../../../storage/records/audit.ts'
import type { RunningWeb } from '../../../web/main.ts'
import { cookieName, cookieOptions, tokenHash } from '../../../web/sign-in/sign-in-cookie.ts'
import { startTestWeb } from '../../servers/running-web.ts'
import { openTestStorage, type TestStorage } from '../../servers/test-storage.ts'
import { password, putChamber, signIn } from '../control/chamber.ts'

describe('signing in', () => {
  let storage: TestStorage
  let web: RunningWeb
  let ours: Awaited<ReturnType<typeof putChamber>>

  beforeAll(async () => {
    storage = await openTestStorage()
    ours = await putChamber(storage, 'vilarino')
    await putChamber(storage, 'outeiro')
    web = await startTestWeb(storage)
  })
  afterAll(async () => {
    await web?.[Symbol.asyncDispose]()
    await storage?.[Symbol.asyncDispose]()
  })

  const room = () => `${web.address}/c/vilarino/sala/${ours.session.slug}`
  const post = (path: string, body: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(`${web.address}${path}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams(body),
    })
  const cookieFor = async (login: string, slug = 'vilarino') => {
    const cookie = await signIn(web.address, slug, login)
    if (cookie === undefined) throw new Error(`${login} was not let in`)
    return cookie
  }

  test('the right password opens the door for twelve hours, by a cookie no script can read', async () => {
    const response = await post('/c/vilarino/entrar', { login: ' Secretaria ', password })
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe('/c/vilarino/mesa')
    const cookie = response.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/^escano-[0-9a-f-]{36}=[A-Za-z0-9_-]{43}; Max-Age=43200; Path=\/; .*HttpOnly; SameSite=Lax$/)
    const [name = '', token = ''] = cookie.split(';')[0]?.split('=') ?? []
    const kept = await storage.database.inCouncil(ours.council.id, (tx) => readSignIn(tx, tokenHash(token)))
    expect(kept?.tokenHash).not.toBe(token)
    const table = await fetch(`${web.address}/c/vilarino/mesa`, { headers: { cookie: `${name}=${token}` } })
    expect(table.status).toBe(200)
    expect(table.headers.get('cache-control')).toBe('no-store')
    expect(await table.text()).toContain('Noela Lestrigo')
  })

  test('over https the cookie is the host’s own and never travels in the clear', () => {
    const config = { publicUrl: 'https://plenos.example.gal' }
    expect(cookieName(ours.council.id, config)).toBe(`__Host-escano-${ours.council.id}`)
    expect(cookieOptions(config)).toEqual({ httpOnly: true, sameSite: 'lax', secure: true, path: '/' })
  })

  test('a wrong password and an unknown person get the same answer, after the same work', async () => {
    const ask = async (login: string) => {
      const work: string[] = []
      const watch = createHook({ init: (_id, kind) => void work.push(kind) }).enable()
      const response = await post('/c/vilarino/entrar', { login, password: 'non-é-esta' })
      watch.disable()
      return {
        status: response.status,
        text: (await response.text()).replaceAll(login, 'X'),
        hashed: work.filter((kind) => kind === 'ARGON2REQUEST').length,
      }
    }
    // The first of all may wait for the hash that stands in for an absent one.
    await ask('tecnico')
    const known = await ask('tecnico')
    const unknown = await ask('ninguen')
    expect(known.status).toBe(401)
    expect(unknown.status).toBe(401)
    expect(unknown.text).toBe(known.text)
    // Hashing takes nearly all of the time of an answer: who measures it learns nothing of who is known.
    expect([known.hashed, unknown.hashed]).toEqual([1, 1])
  })

  test('after many wrong passwords even the right one waits, with a sentence', async () => {
    for (let n = 0; n < 6; n++) await post('/c/outeiro/entrar', { login: 'alcaldesa', password: 'mala' })
    const response = await post('/c/outeiro/entrar', { login: 'alcaldesa', password })
    expect(response.status).toBe(429)
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(60)
    expect(await response.text()).toContain('Fallou moitas veces seguidas')
    expect(await signIn(web.address, 'outeiro', 'secretaria')).toBeDefined()
  })

  test.each([
    ['another site', { Origin: 'https://malo.example' }],
    ['another site that hides its origin', { 'Sec-Fetch-Site': 'cross-site' }],
    ['a page in a sandbox', { Origin: 'null' }],
    ['a neighbour of the same site', { 'Sec-Fetch-Site': 'same-site' }],
  ])('a form of %s changes nothing, even with the cookie', async (_, headers) => {
    const cookie = await cookieFor('secretaria')
    for (const path of ['/c/vilarino/sair', '/c/vilarino/mesa', `/c/vilarino/sala/${ours.session.slug}/gravador`]) {
      expect((await post(path, { session: 'x', act: 'publish' }, { cookie, ...headers })).status).toBe(403)
    }
    expect((await fetch(room(), { headers: { cookie } })).status).toBe(200)
  })

  test('a sign-in of one council is nothing in another, under whichever name it comes', async () => {
    const cookie = await cookieFor('secretaria', 'outeiro')
    const token = cookie.split('=')[1] ?? ''
    for (const name of [cookie.split('=')[0], `escano-${ours.council.id}`]) {
      const response = await fetch(room(), { headers: { cookie: `${name}=${token}`, accept: 'application/json' } })
      expect(response.status).toBe(401)
    }
  })

  test.each(['alcaldesa', 'tecnico'])('the chamber is not open to %s, and says so', async (login) => {
    const cookie = await cookieFor(login)
    const response = await fetch(room(), { headers: { cookie } })
    expect(response.status).toBe(403)
    expect(await response.text()).toContain('non ten permiso')
  })

  test('who is not signed in is sent to the door and then where they wanted to go, never to another site', async () => {
    const sent = await fetch(room(), { redirect: 'manual', headers: { accept: 'text/html' } })
    expect(sent.status).toBe(303)
    const door = sent.headers.get('location') ?? ''
    expect(door).toBe(`/c/vilarino/entrar?seguir=${encodeURIComponent(`/c/vilarino/sala/${ours.session.slug}`)}`)
    for (const [seguir, goes] of [
      [`/c/vilarino/sala/${ours.session.slug}`, `/c/vilarino/sala/${ours.session.slug}`],
      ['https://malo.example/', '/c/vilarino/mesa'],
      ['//malo.example/c/vilarino/', '/c/vilarino/mesa'],
      ['/c/vilarino//malo.example', '/c/vilarino/mesa'],
      ['/c/vilarino/\r\nSet-Cookie: a=b', '/c/vilarino/mesa'],
    ] as const) {
      expect((await post('/c/vilarino/entrar', { login: 'secretaria', password, seguir })).headers.get('location')).toBe(goes)
    }
  })

  test('signing out ends the sign-in for good, also for who kept the cookie', async () => {
    const cookie = await cookieFor('secretaria')
    const left = await post('/c/vilarino/sair', {}, { cookie })
    expect(left.headers.get('set-cookie')).toMatch(/=; .*Expires=Thu, 01 Jan 1970/)
    expect((await fetch(room(), { headers: { cookie, accept: 'application/json' } })).status).toBe(401)
  })

  test('signing in again on the same browser ends the sign-in before', async () => {
    const first = await cookieFor('secretaria')
    await post('/c/vilarino/entrar', { login: 'secretaria', password }, { cookie: first })
    expect((await fetch(room(), { headers: { cookie: first, accept: 'application/json' } })).status).toBe(401)
  })

  test('a sign-in ended in the records is ended at once', async () => {
    const cookie = await cookieFor('secretaria')
    await storage.database.inCouncil(ours.council.id, (tx) => endSignIn(tx, tokenHash(cookie.split('=')[1] ?? '')))
    expect((await fetch(room(), { headers: { cookie, accept: 'application/json' } })).status).toBe(401)
  })

  test('each try is audited by account, with its result and no password', async () => {
    await post('/c/vilarino/entrar', { login: 'alcaldesa', password: 'contrasinal-equivocado' })
    const entries = await storage.database.inCouncil(ours.council.id, (tx) => readAudit(tx))
    expect(entries[0]).toMatchObject({ action: 'sign-in', object: 'web', result: 'refused' })
    expect(entries.some((one) => one.result === 'granted')).toBe(true)
    expect(JSON.stringify(entries)).not.toContain('equivocado')
  })
})

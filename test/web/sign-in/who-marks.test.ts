import { io, type Socket } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../../storage/model/ids.ts'
import { findAccount } from '../../../storage/records/accounts.ts'
import { readAudit } from '../../../storage/records/audit.ts'
import { readEvents } from '../../../storage/records/session-events.ts'
import { listTablets, putTabletCode } from '../../../storage/records/tablets.ts'
import type { RunningWeb } from '../../../web/main.ts'
import { shortCodeHash } from '../../../web/sign-in/short-code.ts'
import { startTestWeb } from '../../servers/running-web.ts'
import { openTestStorage, type TestStorage } from '../../servers/test-storage.ts'
import { putChamber, signIn } from '../control/chamber.ts'
import { visitAs } from '../prepare/staff-browser.ts'

describe('who holds the tablet, and from which device', () => {
  let storage: TestStorage
  let web: RunningWeb
  let ours: Awaited<ReturnType<typeof putChamber>>
  let password: string
  let seq = 0

  beforeAll(async () => {
    storage = await openTestStorage()
    ours = await putChamber(storage, 'vilarino')
    await putChamber(storage, 'outeiro')
    web = await startTestWeb(storage)
    password = (await signIn(web.address, 'vilarino', 'secretaria')) ?? ''
  })
  afterAll(async () => {
    await web?.[Symbol.asyncDispose]()
    await storage?.[Symbol.asyncDispose]()
  })

  const inCouncil: <T>(work: Parameters<typeof storage.database.inCouncil<T>>[1]) => Promise<T> = (work) =>
    storage.database.inCouncil(ours.council.id, work)
  const room = () => `${web.address}/c/vilarino/sala/${ours.session.slug}`
  const note = (text: string) => ({
    ...{ v: 1, id: newId(), session: ours.session.id, device: 'tablet-forxada', seq: ++seq, type: 'note', text },
    ...{ by: { role: 'mayor', id: 'forxada' }, at: { wallMs: Date.now(), monotonicNs: '1', boot: 'proba' } },
  })
  const mark = async (cookie: string, events: unknown[]) => {
    const headers = { 'Content-Type': 'application/json', Accept: 'application/json', cookie }
    const response = await fetch(`${room()}/marcas`, { method: 'POST', headers, body: JSON.stringify({ events }) })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  const keptEvent = async (id: string) =>
    (await inCouncil((tx) => readEvents(tx, ours.session.id))).find((one) => one.event.id === id)?.event

  /** The code that the secretary's page shows. */
  const newCode = async (name: string) => {
    const secretary = await visitAs(web.address, 'vilarino', 'secretaria')
    const page = await secretary.submit('/c/vilarino/tabletas', { name: 'Tableta da secretaría' }, { act: 'code', name })
    const [code = ''] = /(?<=<p class="code num">)[^<]+/.exec(page.text) ?? []
    return { code, page: page.text, id: /"code":"([0-9a-f-]{36})"/.exec(page.text)?.[1] ?? '' }
  }
  const useCode = (code: string, cookie = '', slug = 'vilarino') =>
    fetch(`${web.address}/c/${slug}/tableta`, {
      method: 'POST',
      redirect: 'manual',
      headers: { Origin: web.address, cookie },
      body: new URLSearchParams({ code }),
    })
  const enrol = async (name: string) => {
    const response = await useCode((await newCode(name)).code)
    return response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  }
  const line = async (cookie: string): Promise<Socket> => {
    const auth = { council: 'vilarino', session: ours.session.slug, device: 'proba' }
    const socket = io(`${web.address}/sala`, { auth, extraHeaders: { cookie }, reconnection: false, forceNew: true })
    await new Promise((resolve, reject) => socket.once('connect', () => resolve(undefined)).once('connect_error', reject))
    return socket
  }

  test('R11: each event carries who marked it and on which device, as their credential says and not as the event claims', async () => {
    const secretary = ours.council.members.find((one) => one.speaker === 'secretaria')?.id
    const cookie = await enrol('Tableta da sala')
    const [enrolled] = await inCouncil((tx) => listTablets(tx))
    const [byPassword, byTablet] = [note('con contrasinal'), note('na tableta')]
    expect((await mark(password, [byPassword])).body).toMatchObject({ accepted: [byPassword.id] })
    expect((await mark(cookie, [byTablet])).body).toMatchObject({ accepted: [byTablet.id] })
    expect(await keptEvent(byPassword.id)).toMatchObject({
      by: { role: 'secretary', id: secretary },
      device: expect.stringMatching(/^browser-[0-9a-f]{16}$/),
    })
    expect(await keptEvent(byTablet.id)).toMatchObject({ by: { role: 'secretary', id: secretary }, device: `tablet-${enrolled?.id}` })
    expect(JSON.stringify(await inCouncil((tx) => readEvents(tx, ours.session.id)))).not.toContain('forxada')
  })

  test('marks that were kept and come again from another device, or by another person, are known and hold up nothing', async () => {
    const [kept, fresh] = [note('unha vez'), note('despois')]
    await mark(password, [kept])
    const first = await keptEvent(kept.id)
    const answer = await mark(await enrol('Outra tableta'), [kept, fresh])
    expect(answer).toMatchObject({ status: 200, body: { accepted: [fresh.id], known: [kept.id], refused: [] } })
    expect(await keptEvent(kept.id)).toEqual(first)
    expect((await mark(password, [{ ...kept, text: 'outra cousa' }])).status).toBe(409)
  })

  test('a tablet comes in by a code that serves once, and then opens the chamber and nothing else', async () => {
    const { code, page, id } = await newCode('Tableta nova')
    expect(page).toContain('<svg')
    const asked = async () => {
      const response = await fetch(`${web.address}/c/vilarino/tabletas/codigo/${id}`, { headers: { cookie: password } })
      return await response.json()
    }
    expect(await asked()).toEqual({ state: 'waiting' })
    const shown = await fetch(`${web.address}/c/vilarino/tableta?codigo=${code}`)
    expect(await shown.text()).toContain(`value="${code}"`)
    expect(await asked()).toEqual({ state: 'waiting' })
    expect((await useCode(code, '', 'outeiro')).status).toBe(401)
    const response = await useCode(code.toLowerCase().replace('-', ' '), password)
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe('/c/vilarino/sala')
    const [set = '', cleared = ''] = response.headers.getSetCookie()
    expect(set).toMatch(/^escano-tableta-[0-9a-f-]{36}=[A-Za-z0-9_-]{43}; Max-Age=34560000; Path=\/; .*HttpOnly; SameSite=Lax$/)
    expect(cleared).toMatch(/Expires=Thu, 01 Jan 1970/)
    const again = await useCode(code)
    expect(again.status).toBe(401)
    expect(await again.text()).toContain('O código non serve')
    // Who was signed in on that browser is so no more.
    expect((await mark(password, [note('x')])).status).toBe(401)
    password = (await signIn(web.address, 'vilarino', 'secretaria')) ?? ''
    expect(await asked()).toEqual({ state: 'used' })
    const cookie = set.split(';')[0] ?? ''
    expect((await fetch(room(), { headers: { cookie } })).status).toBe(200)
    for (const path of [
      'mesa',
      'tabletas',
      'gravadoras',
      'sala-na-rede',
      `editor/${ours.session.slug}`,
      `pechadas/${ours.session.slug}`,
      'concello/datos',
    ]) {
      const other = await fetch(`${web.address}/c/vilarino/${path}`, { redirect: 'manual', headers: { cookie, accept: 'text/html' } })
      expect([path, other.status]).toEqual([path, 303])
      expect(other.headers.get('location')).toContain('/entrar?seguir=')
    }
    const secret = cookie.split('=')[1] ?? ''
    expect(JSON.stringify(await inCouncil((tx) => listTablets(tx)))).not.toContain(secret)
  })

  test('a revoked tablet is out at once: its live line, its marks, and whoever signed in on it', async () => {
    const cookie = await enrol('Tableta perdida')
    const onIt = await fetch(`${web.address}/c/vilarino/entrar`, {
      method: 'POST',
      redirect: 'manual',
      headers: { Origin: web.address, cookie },
      body: new URLSearchParams({ login: 'secretaria', password: 'unha-frase-longa-de-proba' }),
    })
    const signedInOnIt = onIt.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const [lines, other] = [await Promise.all([line(cookie), line(signedInOnIt)]), await line(password)]
    const ended = lines.map((one) => new Promise((resolve) => one.once('disconnect', resolve)))
    const secretary = await visitAs(web.address, 'vilarino', 'secretaria')
    const [lost] = await inCouncil((tx) => listTablets(tx))
    expect(await secretary.submit('/c/vilarino/tabletas', { tablet: lost?.id ?? '' }, { act: 'revoke' })).toMatchObject({ status: 303 })
    expect(await Promise.all(ended)).toEqual(['io server disconnect', 'io server disconnect'])
    expect(other.connected).toBe(true)
    other.disconnect()
    for (const one of [cookie, signedInOnIt]) {
      expect((await mark(one, [note('tarde')])).status).toBe(401)
      await expect(line(one)).rejects.toThrow('not open to you')
    }
    const entries = await inCouncil((tx) => readAudit(tx))
    expect(entries.map((one) => one.action)).toEqual(expect.arrayContaining(['tablet-code', 'tablet-enrolment', 'tablet-revoked']))
  })

  test('a code past its time enrols nothing, and guesses are soon told to wait', async () => {
    const account = await inCouncil((tx) => findAccount(tx, 'secretaria'))
    await inCouncil((tx) =>
      putTabletCode(tx, {
        ...{ id: newId(), codeHash: shortCodeHash('AAAAA-AAAAA', 'tablet'), name: 'Tarde' },
        ...{ account: account?.id ?? '', expiresAtMs: Date.now() - 1 },
      }),
    )
    const before = await inCouncil((tx) => listTablets(tx))
    expect((await useCode('AAAAA-AAAAA')).status).toBe(401)
    for (let tries = 0; tries < 5; tries++) await useCode('AAAAA-AAAAA')
    const waits = await useCode((await newCode('Certa')).code)
    expect(waits.status).toBe(429)
    expect(await waits.text()).toContain('Fallou moitas veces seguidas')
    expect(await inCouncil((tx) => listTablets(tx))).toEqual(before)
  })
})

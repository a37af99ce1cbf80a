import { io } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { wallTime } from '../../../storage/model/council-clock.ts'
import { newId } from '../../../storage/model/ids.ts'
import { findAccount } from '../../../storage/records/accounts.ts'
import { readCouncil } from '../../../storage/records/councils.ts'
import { readEvents } from '../../../storage/records/session-events.ts'
import { putSession } from '../../../storage/records/sessions.ts'
import { listSubstitutions, putSubstitution } from '../../../storage/records/substitutions.ts'
import type { RoomSeed } from '../../../web/control/room.ts'
import type { RunningWeb } from '../../../web/main.ts'
import { startTestWeb } from '../../servers/running-web.ts'
import { openTestStorage, type TestStorage, testSession } from '../../servers/test-storage.ts'
import { putChamber, signIn } from '../control/chamber.ts'
import { visitAs } from '../prepare/staff-browser.ts'

const hourMs = 3_600_000

describe('who stands in for the secretary in one session', () => {
  let storage: TestStorage
  let web: RunningWeb
  let ours: Awaited<ReturnType<typeof putChamber>>
  let seq = 0

  beforeAll(async () => {
    storage = await openTestStorage()
    ours = await putChamber(storage, 'vilarino')
    await storage.database.inCouncil(ours.council.id, (tx) =>
      putSession(tx, testSession(ours.council, { slug: '2026-11-24', convenedFor: Date.UTC(2026, 10, 24, 18), actaNumber: 8 })),
    )
    web = await startTestWeb(storage)
  })
  afterAll(async () => {
    await web?.[Symbol.asyncDispose]()
    await storage?.[Symbol.asyncDispose]()
  })

  const inCouncil: <T>(work: Parameters<typeof storage.database.inCouncil<T>>[1]) => Promise<T> = (work) =>
    storage.database.inCouncil(ours.council.id, work)
  const local = (ms: number) => Object.values(wallTime(ms, ours.council.timeZone)).join('T')
  const named = {
    ...{ act: 'name', session: '2026-10-27', account: '', capacity: 'Secretaria accidental', ground: 'Decreto da Alcaldía 34/2026' },
    ...{ name: 'Uxía', surname: 'Pena Outeiral', treatment: 'Sra.', login: 'uxia.pena' },
  }
  const name = async (by: string, values: Record<string, string> = {}, fromMs = -hourMs, toMs = 3 * hourMs) => {
    const visit = await visitAs(web.address, 'vilarino', by)
    const span = { from: local(Date.now() + fromMs), to: local(Date.now() + toMs) }
    return await visit.post('/c/vilarino/substitucions', { ...named, ...span, ...values })
  }
  const setPassword = (link: string, password: string) =>
    fetch(link, { method: 'POST', redirect: 'manual', headers: { Origin: web.address }, body: new URLSearchParams({ password }) })
  const roomOf = (slug: string, cookie: string) =>
    fetch(`${web.address}/c/vilarino/sala/${slug}`, { redirect: 'manual', headers: { cookie, accept: 'application/json' } })
  const mark = async (cookie: string, fields: Record<string, unknown>) => {
    const event = {
      ...{ v: 1, id: newId(), session: ours.session.id, device: 'tablet-forxada', seq: ++seq, by: { role: 'secretary', id: 'forxada' } },
      ...{ at: { wallMs: Date.now(), monotonicNs: '1', boot: 'proba' }, ...fields },
    }
    const headers = { 'Content-Type': 'application/json', Accept: 'application/json', cookie }
    const address = `${web.address}/c/vilarino/sala/2026-10-27/marcas`
    const response = await fetch(address, { method: 'POST', headers, body: JSON.stringify({ events: [event] }) })
    const events = await inCouncil((tx) => readEvents(tx, ours.session.id))
    return { status: response.status, kept: events.find((one) => one.event.id === event.id)?.event }
  }

  test('R11: comes in by a link that serves once, conducts that session only, and each event says who, acting for the secretary, from where', async () => {
    const page = await name('secretaria')
    expect(page.status).toBe(200)
    const link = /http:\/\/[^<\s]+\/convite\/[A-Za-z0-9_-]{43}/.exec(page.text)?.[0] ?? ''
    expect(await (await fetch(link)).text()).toContain('uxia.pena')
    expect((await setPassword(link, 'curto')).status).toBe(422)
    const set = await setPassword(link, 'unha-frase-ben-longa')
    expect(set.headers.get('location')).toBe('/c/vilarino/sala')
    expect((await setPassword(link, 'outra-frase-ben-longa')).status).toBe(404)
    expect((await fetch(link)).status).toBe(404)
    const cookie = (await signIn(web.address, 'vilarino', 'uxia.pena', 'unha-frase-ben-longa')) ?? ''
    const sala = await fetch(`${web.address}/c/vilarino/sala`, { redirect: 'manual', headers: { cookie } })
    expect(sala.headers.get('location')).toBe('/c/vilarino/sala/2026-10-27')
    expect((await roomOf('2026-10-27', cookie)).status).toBe(200)
    const elsewhere = await roomOf('2026-11-24', cookie)
    expect([elsewhere.status, await elsewhere.text()]).toEqual([403, expect.stringContaining('O seu nomeamento non é para este pleno')])
    for (const path of ['mesa', 'substitucions', 'tabletas', 'editor/2026-10-27', 'pechadas/2026-10-27', 'preparar/2026-10-27']) {
      const other = await fetch(`${web.address}/c/vilarino/${path}`, { headers: { cookie, accept: 'application/json' } })
      expect([path, other.status]).toEqual([path, 401])
    }
    const account = await inCouncil((tx) => findAccount(tx, 'uxia.pena'))
    const { status, kept } = await mark(cookie, { type: 'note', text: 'marca de quen substitúe' })
    expect(status).toBe(200)
    expect(kept).toMatchObject({ by: { role: 'acting-secretary', id: account?.member } })
    expect(kept?.device).toMatch(/^browser-[0-9a-f]{16}$/)
  })

  test('the acta can name them: their tablet takes the office in the capacity, and by the decision, they were named with', async () => {
    const cookie = (await signIn(web.address, 'vilarino', 'uxia.pena', 'unha-frase-ben-longa')) ?? ''
    const html = await (await fetch(`${web.address}/c/vilarino/sala/2026-10-27`, { headers: { cookie } })).text()
    const seed = JSON.parse(/<script[^>]*id="page-data"[^>]*>([\s\S]*?)<\/script>/.exec(html)?.[1] ?? '') as RoomSeed
    const account = await inCouncil((tx) => findAccount(tx, 'uxia.pena'))
    expect(seed.person.attests).toEqual({
      ...{ person: account?.member, capacity: 'Secretaria accidental', cause: 'Decreto da Alcaldía 34/2026' },
    })
    const council = await inCouncil(readCouncil)
    expect(council?.members.find((one) => one.id === account?.member)).toMatchObject({ surname: 'Pena Outeiral', legal: false, roles: [] })
  })

  test('before its hour, after it, and once it is taken back, an account of the council conducts nothing more', async () => {
    const technician = await inCouncil((tx) => findAccount(tx, 'tecnico'))
    const cookie = (await signIn(web.address, 'vilarino', 'tecnico')) ?? ''
    const open = async () => (await roomOf('2026-10-27', cookie)).status
    expect(await open()).toBe(403)
    expect((await name('alcaldesa', { account: technician?.id ?? '' }, hourMs)).status).toBe(303)
    expect(await open()).toBe(403)
    const past = { fromMs: Date.now() - 2 * hourMs, toMs: Date.now() - 1 }
    await inCouncil((tx) =>
      putSubstitution(tx, {
        ...{ id: newId(), account: technician?.id ?? '', session: ours.session.id, ...past },
        ...{ capacity: 'Secretario accidental', ground: 'Decreto 1', namedBy: technician?.id ?? '' },
      }),
    )
    expect(await open()).toBe(403)
    expect((await name('alcaldesa', { account: technician?.id ?? '' })).status).toBe(303)
    expect(await open()).toBe(200)
    const auth = { council: 'vilarino', session: '2026-10-27', device: 'proba' }
    const line = io(`${web.address}/sala`, { auth, extraHeaders: { cookie }, reconnection: false, forceNew: true })
    await new Promise((resolve) => line.once('connect', () => resolve(undefined)))
    const ended = new Promise((resolve) => line.once('disconnect', resolve))
    const held = (await inCouncil(listSubstitutions)).find(
      (one) => one.account === technician?.id && one.fromMs <= Date.now() && one.toMs > Date.now(),
    )
    const secretary = await visitAs(web.address, 'vilarino', 'secretaria')
    await secretary.post('/c/vilarino/substitucions', { act: 'revoke', substitution: held?.id ?? '' })
    expect(await ended).toBe('io server disconnect')
    expect(await open()).toBe(403)
    expect((await mark(cookie, { type: 'note', text: 'tarde' })).status).toBe(403)
  })

  test('a live line ends by itself when the time is over', async () => {
    const cookie = (await signIn(web.address, 'vilarino', 'tecnico')) ?? ''
    const technician = await inCouncil((tx) => findAccount(tx, 'tecnico'))
    const span = { fromMs: Date.now() - 1, toMs: Date.now() + 1_500 }
    await inCouncil((tx) =>
      putSubstitution(tx, {
        ...{ id: newId(), account: technician?.id ?? '', session: ours.session.id, ...span },
        ...{ capacity: 'Secretario accidental', ground: 'Decreto 2', namedBy: technician?.id ?? '' },
      }),
    )
    const auth = { council: 'vilarino', session: '2026-10-27', device: 'proba' }
    const line = io(`${web.address}/sala`, { auth, extraHeaders: { cookie }, reconnection: false, forceNew: true })
    expect(await new Promise((resolve) => line.once('disconnect', resolve))).toBe('io server disconnect')
    expect(Date.now()).toBeGreaterThanOrEqual(span.toMs)
  })

  test.each([
    ['without the decision that names them', { ground: '' }, 'Faltan datos. Revise'],
    ['with a user name that exists', { login: 'secretaria' }, 'Ese usuario xa existe'],
    ['without a surname', { login: 'outra.persoa', surname: '' }, 'Faltan datos da persoa'],
    ['who presides', { account: 'alcaldesa' }, 'Faltan datos da persoa'],
  ])('nobody is named %s, and what was written stays', async (_, values: Record<string, string>, sentence) => {
    const mayor = await inCouncil((tx) => findAccount(tx, 'alcaldesa'))
    const page = await name('secretaria', values['account'] ? { account: mayor?.id ?? '' } : values)
    expect(page.status).toBe(422)
    expect(page.text).toContain(sentence)
    expect(page.text).toContain('value="Secretaria accidental"')
  })

  test('nobody is named for a time that is over, or by who may not', async () => {
    expect((await name('secretaria', { login: 'outra' }, -2 * hourMs, -hourMs)).text).toContain('O remate ten que ser posterior')
    expect((await name('tecnico')).status).toBe(403)
  })
})

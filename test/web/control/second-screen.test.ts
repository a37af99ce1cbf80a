import { io } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../../storage/model/ids.ts'
import type { RunningWeb } from '../../../web/main.ts'
import { startTestWeb } from '../../servers/running-web.ts'
import { openTestStorage, type TestStorage } from '../../servers/test-storage.ts'
import { putChamber, signIn, smallCouncil } from './chamber.ts'

describe('the second screen', () => {
  let storage: TestStorage
  let web: RunningWeb
  let ours: Awaited<ReturnType<typeof putChamber>>
  let cookie: string
  let seq = 0

  beforeAll(async () => {
    storage = await openTestStorage()
    ours = await putChamber(storage, 'vilarino', { council: smallCouncil(7) })
    web = await startTestWeb(storage)
    cookie = (await signIn(web.address, 'vilarino', 'secretaria')) ?? ''
  })
  afterAll(async () => {
    await web?.[Symbol.asyncDispose]()
    await storage?.[Symbol.asyncDispose]()
  })

  const room = () => `${web.address}/c/vilarino/sala/${ours.session.slug}`
  const askForLink = (headers: Record<string, string>) =>
    fetch(`${room()}/pantalla`, { method: 'POST', headers: { Accept: 'application/json', ...headers } })
  const newLink = async () => ((await (await askForLink({ cookie })).json()) as { path: string }).path
  const look = async (path: string) => {
    const response = await fetch(`${web.address}${path}`)
    return { status: response.status, html: await response.text(), headers: response.headers }
  }
  const mark = async (...marks: Record<string, unknown>[]) => {
    const events = marks.map((one) => ({
      ...{ v: 1, id: newId(), session: ours.session.id, device: 'tablet', seq: ++seq, by: { role: 'secretary', id: 'x' } },
      at: { wallMs: Date.now(), monotonicNs: '1', boot: 'b' },
      ...one,
    }))
    const response = await fetch(`${room()}/marcas`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json', cookie },
      body: JSON.stringify({ events }),
    })
    expect(await response.json()).toMatchObject({ refused: [] })
  }
  const [mayor, castro] = [() => ours.council.members[0]?.id, () => ours.council.members[1]?.id]
  const open = () =>
    mark(
      { type: 'role.taken', role: 'presidency', person: mayor(), capacity: 'Alcaldesa' },
      { type: 'role.taken', role: 'secretary', person: ours.council.members.at(-1)?.id, capacity: 'Secretaria' },
      ...ours.council.members.filter((one) => one.legal).map((one) => ({ type: 'attendance.present', member: one.id })),
      { type: 'session.opened', call: 1 },
    )

  test('has a link that only who holds the tablet is given', async () => {
    expect((await askForLink({})).status).toBe(401)
    const mayor = (await signIn(web.address, 'vilarino', 'alcaldesa')) ?? ''
    expect((await askForLink({ cookie: mayor })).status).toBe(403)
    expect(await newLink()).toMatch(/\/c\/vilarino\/sala\/2026-10-27\/pantalla\/[\w-]{43}$/)
  })

  test('shows the item, who speaks and the quorum to who has the link, without a sign-in', async () => {
    await open()
    const path = await newLink()
    await mark({ type: 'item.opened', item: ours.session.agenda[1]?.id })
    await mark({ type: 'floor.given', speaker: castro(), turn: 'first' })
    const { status, html, headers } = await look(path)
    expect(status).toBe(200)
    expect(html).toContain('Modificación de crédito 7/2026')
    expect(html).toContain('Uxía Castro')
    expect(html).toContain('7 de 7 · hai quórum')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('cache-control')).toContain('no-store')
    for (const member of ours.council.members.filter((one) => one.surname !== 'Castro'))
      expect(html, member.surname).not.toContain(member.surname)
  })

  test('follows live by the token of its link, and by no other', async () => {
    const token = (await newLink()).split('/').at(-1) ?? ''
    const line = (auth: object) => io(`${web.address}/pantalla`, { auth, forceNew: true, reconnection: false })
    const refused = line({ council: 'vilarino', token: 'x'.repeat(43) })
    await expect(new Promise((_, reject) => refused.on('connect_error', reject))).rejects.toThrow('this screen is not open to you')
    const screen = line({ council: 'vilarino', token })
    const seen: { view: { vote?: string } }[] = []
    screen.on('screen', (message) => seen.push(message))
    const vote = newId()
    await expect.poll(() => seen.length).toBeGreaterThan(0)
    await mark({
      type: 'vote.opened',
      vote,
      item: ours.session.agenda[1]?.id,
      purpose: 'secret-debate',
      kind: 'ordinary',
      majority: 'absolute',
      round: 1,
    })
    await expect.poll(() => seen.at(-1)?.view.vote).toBe('secret-debate')
    await mark({ type: 'tally.entered', vote, favour: 7, against: 0, abstain: 0 })
    await mark({ type: 'vote.proclaimed', vote, outcome: 'approved' })
    screen.disconnect()
    refused.disconnect()
  })

  test('says of a closed part that it is closed, and nothing else', async () => {
    const path = await newLink()
    await mark({ type: 'closed.began', ground: 'art. 18.1 CE', recording: 'none' })
    const { html } = await look(path)
    expect(html).toContain('Sesión pechada ao público')
    expect(html).not.toContain('Modificación de crédito')
    expect(html).not.toContain('Castro')
  })

  test('is gone once a new link was given, and for a link that never was', async () => {
    const before = await newLink()
    const after = await newLink()
    expect((await look(before)).status).toBe(404)
    expect((await look(before)).html).toContain('Ábraa outra vez desde a tableta')
    expect((await look(after)).status).toBe(200)
    expect((await look(after.replace(/.$/, '!'))).status).toBe(404)
  })
})

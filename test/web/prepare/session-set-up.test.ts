import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Council } from '../../../storage/model/council.ts'
import { newId } from '../../../storage/model/ids.ts'
import { putAccount } from '../../../storage/records/accounts.ts'
import { readAudit } from '../../../storage/records/audit.ts'
import { readConvocation, readOpenings } from '../../../storage/records/convocations.ts'
import { putCouncil } from '../../../storage/records/councils.ts'
import { findSession, listSessions } from '../../../storage/records/sessions.ts'
import type { RunningWeb } from '../../../web/main.ts'
import { hashPassword } from '../../../web/sign-in/password-hash.ts'
import { putPublishedSession } from '../../servers/published-session.ts'
import { startTestWeb } from '../../servers/running-web.ts'
import { openTestStorage, type TestStorage } from '../../servers/test-storage.ts'
import { password } from '../control/chamber.ts'
import { putDraft } from '../editor/draft.ts'
import { type StaffVisit, visitAs } from './staff-browser.ts'

describe('preparing a session', () => {
  let storage: TestStorage
  let web: RunningWeb
  let ours: Council
  let secretary: StaffVisit
  const base = '/c/acta/preparar'
  /** The sample session of 27 October stands in draft: its acta waits for the session that is prepared here. */
  const ordinary = { kind: 'ordinary', day: '2027-01-20', time: '19:30' }

  beforeAll(async () => {
    storage = await openTestStorage()
    const published = await putPublishedSession(storage, { slug: 'acta', seconds: 8, published: false })
    ours = published.council
    await putDraft(storage, published)
    const member = ours.members.find((one) => one.legal && one.roles.length === 0)
    await storage.database.inCouncil(ours.id, async (tx) => {
      await putAccount(tx, {
        id: newId(),
        login: 'concelleira',
        name: 'Unha concelleira',
        role: 'member',
        passwordHash: await hashPassword(password),
        ...(member ? { member: member.id } : {}),
      })
    })
    web = await startTestWeb(storage)
    secretary = await visitAs(web.address, 'acta', 'secretaria')
  })
  afterAll(async () => {
    await web?.[Symbol.asyncDispose]()
    await storage?.[Symbol.asyncDispose]()
  })
  const read = (slug: string) =>
    storage.database.inCouncil(ours.id, async (tx) => {
      const session = await findSession(tx, slug)
      if (!session) throw new Error(`no session ${slug}`)
      return session
    })
  const titles = async (slug: string) => (await read(slug)).agenda.map((one) => one.title.gl)
  const addItem = (slug: string, values: Record<string, string>) => secretary.submit(`${base}/${slug}/punto/novo`, { act: 'item' }, values)

  test('the table leads the secretary here, and says by when the next ordinary session is due (R9)', async () => {
    const table = (await secretary.get('/c/acta/mesa')).text
    expect(table).toContain(`href="${base}"`)
    expect(table).toContain('href="/c/acta/concello"')
    const mayor = await visitAs(web.address, 'acta', 'alcaldesa')
    expect((await mayor.get('/c/acta/mesa')).text).not.toContain(`href="${base}"`)
    expect((await mayor.get(base)).status).toBe(403)
  })

  test('R9: the table reminds of the next ordinary session while none is prepared within two months', async () => {
    expect((await secretary.get('/c/acta/mesa')).text).toContain('data-reminder="R9"')
  })

  test('R4: a new ordinary session has its number, its address and its part of control from the start', async () => {
    const sent = await secretary.submit(base, { act: 'create' }, ordinary)
    expect(sent.location).toBe(`${base}/2027-01-20?feito=done`)
    const session = await read('2027-01-20')
    expect(session).toMatchObject({ actaNumber: 1, call: 1, convenedFor: Date.UTC(2027, 0, 20, 18, 30) })
    expect(session.agenda).toMatchObject([{ number: 1, kind: 'rogos-e-preguntas', section: 'control' }])
    const removed = await secretary.submit(`${base}/2027-01-20/punto/${session.agenda[0]?.id}`, { act: 'remove-item' })
    expect(removed.status).toBe(422)
    expect(removed.text).toContain('leva sempre rogos e preguntas')
  })

  test('the hour is the council’s own, and one that the clocks jump over is refused with a sentence', async () => {
    const sent = await secretary.submit(base, { act: 'create' }, { ...ordinary, day: '2027-03-28', time: '02:30' })
    expect(sent.status).toBe(422)
    expect(sent.text).toContain('o reloxo salta esa hora')
    expect(sent.text).toContain('value="2027-03-28"')
  })

  test('a second session of a day gets an address of its own, and a taken number is refused', async () => {
    const second = await secretary.submit(base, { act: 'create' }, { ...ordinary, kind: 'extraordinary' })
    expect(second.location).toContain('/2027-01-20-2')
    expect(await read('2027-01-20-2')).toMatchObject({ actaNumber: 2, agenda: [] })
    const taken = await secretary.submit(base, { act: 'create' }, { ...ordinary, day: '2027-02-01', actaNumber: '2' })
    expect(taken.text).toContain('o 2 dese ano xa é doutro pleno')
  })

  test('R3: an urgent session begins with its urgency, which stays', async () => {
    const sent = await secretary.submit(base, { act: 'create' }, { kind: 'extraordinary-urgent', day: '2027-02-03', time: '09:00' })
    expect(sent.status).toBe(303)
    await addItem('2027-02-03', { itemKind: 'proposicion', titleGl: 'Obra urxente' })
    expect(await titles('2027-02-03')).toEqual(['Pronunciamento sobre a urxencia', 'Obra urxente'])
    const urgency = (await read('2027-02-03')).agenda[0]?.id
    expect((await secretary.submit(`${base}/2027-02-03/punto/${urgency}`, { act: 'remove-item' })).status).toBe(422)
    const page = (await secretary.get(`${base}/2027-02-03`)).text
    expect(page).toContain('data-finding="urgency-first"')
    expect(page).toContain('data-finding="notice-urgent"')
  })

  test('items are added with one title for both languages, moved by their buttons, and taken away', async () => {
    for (const titleGl of ['Ordenanza do lixo', 'Modificación de crédito']) await addItem('2027-01-20', { titleGl })
    await addItem('2027-01-20', { itemKind: 'approval-of-acta', titleGl: 'Acta anterior', titleEs: 'Acta anterior' })
    await addItem('2027-01-20', { itemKind: 'dacion-de-conta', titleGl: 'Resolucións da Alcaldía' })
    expect(await titles('2027-01-20')).toEqual([
      'Ordenanza do lixo',
      'Modificación de crédito',
      'Acta anterior',
      'Resolucións da Alcaldía',
      'Rogos e preguntas',
    ])
    const acta = (await read('2027-01-20')).agenda[2]?.id ?? ''
    for (let times = 0; times < 2; times++) {
      const sent = await secretary.submit(`${base}/2027-01-20`, { act: 'move', item: acta, by: 'up' })
      expect(sent.location).toContain(`punto=${acta}&cara=up`)
    }
    expect((await titles('2027-01-20')).slice(0, 3)).toEqual(['Acta anterior', 'Ordenanza do lixo', 'Modificación de crédito'])
    const untitled = await addItem('2027-01-20', { titleGl: ' ' })
    expect(untitled.status).toBe(422)
    expect(untitled.text).toContain('polo menos nunha lingua')
  })

  test('two people who write two items at once keep both; a move over another’s move is asked again', async () => {
    const other = await visitAs(web.address, 'acta', 'substituta')
    const page = `${base}/2027-01-20`
    const [, first, second] = (await read('2027-01-20')).agenda
    const before = await other.get(page)
    await secretary.submit(page, { act: 'move', item: second?.id ?? '', by: 'up' })
    const seen = /name="by" value="down"\/><input type="hidden" name="seen" value="([0-9a-f]+)"/.exec(before.text)?.[1] ?? ''
    const late = await other.post(page, { act: 'move', item: first?.id ?? '', by: 'up', seen })
    expect(late.status).toBe(409)
    const both = await Promise.all([
      secretary.submit(`${page}/punto/${first?.id}`, { act: 'item' }, { titleGl: 'Ordenanza nova' }),
      other.submit(`${page}/punto/${second?.id}`, { act: 'item' }, { titleGl: 'Crédito 8/2026' }),
    ])
    expect(both.map((one) => one.status)).toEqual([303, 303])
    expect(await titles('2027-01-20')).toEqual(expect.arrayContaining(['Ordenanza nova', 'Crédito 8/2026']))
    const undone = await other.submit(page, { act: 'undo' }).catch(() => undefined)
    const mine = undone ?? (await secretary.submit(page, { act: 'undo' }))
    expect(mine.location).toContain('feito=undone')
  })

  test('R6: the convocation carries the agenda and the draft of the previous acta, and who opened it is written down', async () => {
    const page = `${base}/2027-01-20`
    expect((await secretary.get(page)).text).toContain('data-finding="acta-not-linked"')
    const session = await read('2027-01-20')
    const acta = session.agenda.find((one) => one.kind === 'approval-of-acta')
    const sample = await read('2026-10-27')
    await secretary.submit(`${page}/punto/${acta?.id}`, { act: 'item' }, { approves: sample.id })
    expect((await secretary.get(page)).text).toContain('data-finding="acta-travels"')
    const package_ = (await secretary.get(`${page}/convocatoria`)).text
    expect(package_).toContain('A orde do día, con 5 puntos')
    expect(package_).toContain('O borrador da acta da sesión do 27 de outubro de 2026')
    expect((await secretary.submit(`${page}/convocatoria`, { act: 'issue' })).location).toContain('feito=issued')

    const member = await visitAs(web.address, 'acta', 'concelleira')
    const seen = await member.get('/c/acta/convocatoria/2027-01-20')
    expect(seen.text).toContain('Ordenanza')
    await member.get('/c/acta/convocatoria/2027-01-20')
    const draft = await member.get('/c/acta/convocatoria/2027-01-20/acta')
    expect(draft.location).toBe('/c/acta/editor/2026-10-27')
    expect((await member.get(draft.location ?? '')).status).toBe(200)
    await secretary.get('/c/acta/convocatoria/2027-01-20')
    const openings = await storage.database.inCouncil(ours.id, (tx) => readOpenings(tx, session.id))
    const who = ours.members.find((one) => one.legal && one.roles.length === 0)?.id
    expect(openings.map(({ member: by, what, number }) => ({ by, what, number }))).toEqual([
      { by: who, what: 'agenda', number: 1 },
      { by: who, what: 'previous-acta', number: 1 },
    ])
    expect((await secretary.get(`${page}/convocatoria`)).text).toMatch(new RegExp(`data-member="${who}"[^§]*?orde do día, `))
  })

  test('R6: after a change the members hold another agenda than the secretary, and the page says to convene again', async () => {
    const page = `${base}/2027-01-20`
    const stale = (await secretary.get(`${page}/convocatoria`)).text
    await addItem('2027-01-20', { titleGl: 'Convenio co Estado' })
    expect((await secretary.get(page)).text).toContain('data-finding="agenda-changed"')
    const seen = /name="act" value="issue"\/><input type="hidden" name="seen" value="([0-9a-f]+)"/.exec(stale)?.[1] ?? ''
    expect((await secretary.post(`${page}/convocatoria`, { act: 'issue', number: '2', seen })).status).toBe(409)
    expect((await secretary.submit(`${page}/convocatoria`, { act: 'issue' })).status).toBe(303)
    const { session, number } =
      (await storage.database.inCouncil(ours.id, async (tx) => readConvocation(tx, (await read('2027-01-20')).id))) ?? {}
    expect(number).toBe(2)
    expect(session?.agenda).toHaveLength(6)
    expect((await secretary.post(`${page}/convocatoria`, { act: 'issue', number: '2', seen })).status).toBe(409)
  })

  test('R7: the list «medios» gets a notice, to copy or to take away as a message, since nothing is sent from here', async () => {
    const page = `${base}/2027-01-20/convocatoria`
    expect((await secretary.get(page)).text).toContain('Non hai medios na lista.')
    const recipients = [
      { id: 'a', list: 'medios' as const, name: 'A Voz do Monte, edición da Terra Chá', email: 'redaccion@voz.example' },
      { id: 'b', list: 'medios' as const, name: 'Radio Lugo', email: 'novas@radio.example' },
    ]
    await storage.database.inCouncil(ours.id, (tx) => putCouncil(tx, { ...ours, recipients }, 'acta'))
    await secretary.submit(page, { act: 'issue' })
    const text = (await secretary.get(page)).text
    expect(text).toContain('Desde aquí non se envía correo')
    expect(text).toContain('novas@radio.example')
    const mail = await secretary.get(`${page}/media.eml`)
    const [head = '', body = ''] = mail.text.split('\r\n\r\n')
    expect(head).toMatch(/^Subject: =\?utf-8\?B\?/)
    expect(head.replaceAll(/\r\n /g, '')).toMatch(/Bcc: .*<redaccion@voz\.example>,.*<novas@radio\.example>/)
    expect(head).not.toMatch(/^(?:To|Cc):/m)
    expect(Math.max(...mail.text.split('\r\n').map((one) => one.length))).toBeLessThanOrEqual(78)
    const said = Buffer.from(body, 'base64').toString('utf8')
    expect(said).toContain('artigo 252.1 da Lei 5/1997')
    expect(said).toContain('3. ')
    const members = (await secretary.get(`${page}/members.txt`)).text
    expect(members).toContain('Achégase o borrador da acta da sesión do 27 de outubro de 2026.')
    expect(members).toContain('o día 20 de xaneiro de 2027, ás 19:30 horas')
  })

  test('R8: the expediente has its seven slots, says which are empty, and forgets nothing that was filed', async () => {
    const page = `${base}/2027-01-20/expediente`
    const slots = async () =>
      Object.fromEntries(
        [...(await secretary.get(page)).text.matchAll(/data-slot="([a-z-]+)" data-complete="(yes|no)"/g)].map(([, slot, is]) => [slot, is]),
      )
    expect(await slots()).toEqual({
      'finished-files': 'no',
      agenda: 'yes',
      notifications: 'no',
      'notice-board': 'no',
      acta: 'no',
      remittance: 'no',
      publication: 'no',
    })
    expect((await secretary.get(page)).text).toContain('Faltan 6 apartados.')
    const empty = await secretary.submit(page, { act: 'file', slot: 'notifications' }, { text: ' ' })
    expect(empty.text).toContain('non pode quedar baleiro')
    await secretary.submit(page, { act: 'file', slot: 'notifications' }, { text: 'Saída 2026/412' })
    expect((await slots())['notifications']).toBe('yes')
    await secretary.submit(page, { act: 'take-back', slot: 'notifications' })
    expect((await slots())['notifications']).toBe('no')
    const written = await storage.database.inCouncil(ours.id, (tx) => tx.selectFrom('file_entries').select('id').execute())
    expect(written).toHaveLength(2)
  })

  test('R2: a session too near is told against before it is convened, with the day from which it could be', async () => {
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
    const made = await secretary.submit(base, { act: 'create' }, { ...ordinary, day: tomorrow })
    const slug = /preparar\/([^?]+)/.exec(made.location ?? '')?.[1] ?? ''
    const page = (await secretary.get(`${base}/${slug}`)).text
    expect(page).toContain('data-finding="notice-short"')
    expect(page).toContain('Podería ser desde o')
    expect((await secretary.get(`${base}/${slug}/convocatoria`)).text).toContain('Antes de convocar hai que arranxar')
    await secretary.submit(`${base}/${slug}/convocatoria`, { act: 'issue' })
    const audit = await storage.database.inCouncil(ours.id, (tx) => readAudit(tx, 1))
    expect(audit[0]).toMatchObject({ action: 'session-convene', result: expect.stringContaining('notice-short') })
  })

  test('a day that changes changes the address; a session that began changes no more', async () => {
    const moved = await secretary.submit(`${base}/2027-02-03`, { act: 'facts' }, { day: '2027-02-10' })
    expect(moved.location).toBe(`${base}/2027-02-10?feito=done`)
    const begun = await secretary.post(`${base}/2026-10-27`, { act: 'move', item: 'x', by: 'up', seen: '' })
    expect(begun.status).toBe(409)
    expect(begun.text).toContain('Este pleno xa comezou')
    expect((await secretary.get(`${base}/2026-10-27`)).text).not.toContain('data-move')
    expect((await storage.database.inCouncil(ours.id, listSessions)).length).toBeGreaterThan(4)
  })

  test.each(['/c/acta/preparar/non-existe', '/c/acta/preparar/2027-01-20/punto/x', '/c/acta/preparar/2027-01-20/convocatoria/todos.exe'])(
    '%s is nowhere',
    async (path) => {
      expect((await secretary.get(path)).status).toBe(404)
    },
  )
})

import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Council } from '../../../storage/model/council.ts'
import { holderOf } from '../../../storage/model/council.ts'
import { readAudit } from '../../../storage/records/audit.ts'
import { readCouncil } from '../../../storage/records/councils.ts'
import type { RunningWeb } from '../../../web/main.ts'
import { startTestWeb } from '../../servers/running-web.ts'
import { openTestStorage, type TestStorage } from '../../servers/test-storage.ts'
import { putChamber } from '../control/chamber.ts'
import { type StaffVisit, visitAs } from './staff-browser.ts'

describe('setting up the council', () => {
  let storage: TestStorage
  let web: RunningWeb
  let ours: Council
  let secretary: StaffVisit
  const base = '/c/vilarino/concello'

  beforeAll(async () => {
    storage = await openTestStorage()
    ours = (await putChamber(storage, 'vilarino')).council
    web = await startTestWeb(storage)
    secretary = await visitAs(web.address, 'vilarino', 'secretaria')
  })
  afterAll(async () => {
    await web?.[Symbol.asyncDispose]()
    await storage?.[Symbol.asyncDispose]()
  })
  const now = async () => {
    const council = await storage.database.inCouncil(ours.id, readCouncil)
    if (!council) throw new Error('the council is gone')
    return council
  }
  const page = (of: Council, surname: string) => `${base}/membros/${of.members.find((one) => one.surname === surname)?.id}`

  test('every part opens for the secretary and for nobody else', async () => {
    for (const part of ['datos', 'membros', 'grupos', 'asentos', 'calendario', 'materias', 'medios', 'emision']) {
      expect((await secretary.get(`${base}/${part}`)).status).toBe(200)
      expect((await secretary.get(`/es${base}/${part}`)).text).toContain('El ayuntamiento')
    }
    const mayor = await visitAs(web.address, 'vilarino', 'alcaldesa')
    expect((await mayor.get(`${base}/datos`)).status).toBe(403)
    expect((await mayor.post(`${base}/datos`, { act: 'identity' })).status).toBe(403)
    expect((await secretary.get(`${base}/outra`)).status).toBe(404)
    expect((await secretary.get(`${base}/membros/ninguen`)).status).toBe(404)
  })

  test('somebody new is added, and gets a page of their own', async () => {
    const sent = await secretary.submit(`${base}/membros/novo`, { act: 'member' }, { name: 'Sara', surname: 'Abeledo', group: 'mixto' })
    expect(sent.status).toBe(303)
    const council = await now()
    const added = council.members.find((one) => one.surname === 'Abeledo')
    expect(added).toMatchObject({ name: 'Sara', treatment: 'Sra.', group: 'mixto', legal: true, roles: [] })
    expect(sent.location).toBe(`${base}/membros/${added?.id}?feito=done`)
  })

  test('bad input comes back with a sentence for each field and everything that was written', async () => {
    const sent = await secretary.submit(`${base}/datos`, { act: 'identity' }, { name: '', legalNumber: '2', municipality: 'Outro <lugar>' })
    expect(sent.status).toBe(422)
    expect(sent.text).toContain('Nome: non pode quedar baleiro.')
    expect(sent.text).toContain('unha corporación ten polo menos 3')
    expect(sent.text).toContain('Outro &lt;lugar>')
    expect((await now()).municipality).toBe(ours.municipality)
  })

  test('R79: without an enabling norm the page says the recording is «gravación de apoio»', async () => {
    expect((await secretary.get(`${base}/datos`)).text).toContain('acompaña a acta como vídeo-acta')
    await secretary.submit(`${base}/datos`, { act: 'identity' }, { enablingNorm: '' })
    expect((await now()).enablingNorm).toBeUndefined()
    expect((await secretary.get(`${base}/datos`)).text).toContain('é só «gravación de apoio»')
    await secretary.submit(`${base}/datos`, { act: 'identity' }, { enablingNorm: 'Acordo plenario do 3-2-2026' })
    expect((await now()).enablingNorm).toBe('Acordo plenario do 3-2-2026')
  })

  test('R17: what closed parts are recorded to is set with real keys only, and never without one', async () => {
    const keys = [await identityToRecipient(await generateX25519Identity()), await identityToRecipient(await generateX25519Identity())]
    const put = (fields: Record<string, string>) => secretary.submit(`${base}/emision`, { act: 'emission' }, fields)
    const none = await put({ closedPartRecording: 'restricted', closedPartKeys: '' })
    expect([none.status, none.text]).toEqual([422, expect.stringContaining('fai falta polo menos unha clave pública')])
    const broken = await put({
      closedPartRecording: 'restricted',
      closedPartKeys: `${keys[0]?.slice(0, -1)}${keys[0]?.endsWith('q') ? 'p' : 'q'}`,
    })
    expect([broken.status, broken.text]).toEqual([422, expect.stringContaining('Hai unha clave que non vale')])
    expect(await now()).toMatchObject({ closedPartRecording: 'none', closedPartKeys: [] })
    expect((await put({ closedPartRecording: 'restricted', closedPartKeys: keys[0] ?? '' })).status).toBe(303)
    expect((await secretary.get(`${base}/emision`)).text).toContain('Só hai unha clave')
    await put({ closedPartKeys: keys.join('\n') })
    expect(await now()).toMatchObject({ closedPartRecording: 'restricted', closedPartKeys: keys })
    expect((await secretary.get(`/es${base}/emision`)).text).toContain('no lo puede abrir nadie')
  })

  test('an office begins and the one before ends the day before; neither is written over', async () => {
    const before = await now()
    const sent = await secretary.submit(page(before, 'Ribadiz'), { act: 'begin-role' }, { office: 'mayor', from: '2026-11-10' })
    expect(sent.status).toBe(303)
    const after = await now()
    expect(holderOf(after, 'mayor', '2026-11-09')?.surname).toBe('Outedal')
    expect(holderOf(after, 'mayor', '2026-11-10')?.surname).toBe('Ribadiz')
    const refused = await secretary.submit(page(after, 'Castro'), { act: 'begin-role' }, { office: 'mayor', from: '2026-11-01' })
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('Nese tempo ten o cargo')
  })

  test('a substitution has its days, and who was replaced goes on after them', async () => {
    const form = { office: 'secretary', from: '2026-12-21', until: '2026-12-31', capacity: 'Secretario accidental' }
    expect((await secretary.submit(page(await now(), 'Casdelo'), { act: 'begin-role' }, form)).status).toBe(303)
    const after = await now()
    const holders = ['2026-12-20', '2026-12-21', '2026-12-31', '2027-01-01'].map((day) => holderOf(after, 'secretary', day)?.surname)
    expect(holders).toEqual(['Lestrigo', 'Casdelo', 'Casdelo', 'Lestrigo'])
  })

  test('two people who change two people at once both keep theirs; who writes over a change is asked', async () => {
    const council = await now()
    const [castro, otero] = [page(council, 'Castro'), page(council, 'Otero')]
    const other = await visitAs(web.address, 'vilarino', 'secretaria')
    const mine = hidden((await secretary.get(castro)).text, 'member')
    const theirs = hidden((await other.get(otero)).text, 'member')
    const same = hidden((await other.get(castro)).text, 'member')
    const facts = { name: 'Uxía', treatment: 'Sra.', group: 'mixto', legal: 'yes' }
    expect((await secretary.post(castro, { ...mine, ...facts, surname: 'Castro Reboredo' })).status).toBe(303)
    expect(
      (await other.post(otero, { ...theirs, name: 'Brais', surname: 'Otero Lago', treatment: 'Sr.', group: 'gvm', legal: 'yes' })).status,
    ).toBe(303)
    const late = await other.post(castro, { ...same, ...facts, surname: 'Castro Vila' })
    expect(late.status).toBe(409)
    expect(late.text).toContain('Outra persoa cambiou isto')
    expect(late.text).toContain('<q>Castro Reboredo</q>')
    expect(late.text).toContain('value="Castro Vila"')
    const surnames = (await now()).members.map((one) => one.surname)
    expect(surnames).toEqual(expect.arrayContaining(['Castro Reboredo', 'Otero Lago']))
    const again = hidden(late.text, 'member')
    expect((await other.post(castro, { ...again, ...facts, surname: 'Castro Vila' })).status).toBe(303)
  })

  test('the last change is taken back by who made it, and only while nobody changed anything after', async () => {
    await secretary.submit(`${base}/medios`, { act: 'recipient' }, { name: 'A Voz do Monte', email: 'redaccion@voz.example' })
    expect((await now()).recipients).toHaveLength(1)
    const stale = hidden((await secretary.get(`${base}/medios`)).text, 'undo')
    expect((await secretary.post(`${base}/medios`, stale)).location).toContain('feito=undone')
    expect((await now()).recipients).toHaveLength(0)
    expect((await secretary.post(`${base}/medios`, stale)).location).toContain('feito=none')
  })

  test('a group somebody is in stays; an empty one goes', async () => {
    const refused = await secretary.post(`${base}/grupos`, {
      ...hidden((await secretary.get(`${base}/grupos`)).text, 'group'),
      act: 'remove-group',
    })
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('Non se pode quitar')
    await secretary.submit(`${base}/grupos`, { act: 'group', group: '' }, { name: 'Grupo Novo', short: 'GN' })
    const added = (await now()).groups.find((one) => one.short === 'GN')
    await secretary.submit(`${base}/grupos`, { act: 'remove-group', group: added?.id ?? '' })
    expect((await now()).groups.some((one) => one.short === 'GN')).toBe(false)
  })

  test('days, seats and matters are entered and taken away', async () => {
    const day = { day: '2026-10-05', name: 'San Froilán', scope: 'local' }
    expect((await secretary.submit(`${base}/calendario`, { act: 'holiday' }, day)).status).toBe(303)
    expect((await secretary.submit(`${base}/calendario`, { act: 'holiday' }, day)).text).toContain('Ese día xa está: San Froilán.')
    expect((await secretary.submit(`${base}/calendario`, { act: 'holiday' }, { ...day, day: '2026-02-30' })).text).toContain(
      'un día que exista',
    )
    await secretary.submit(`${base}/calendario`, { act: 'remove-holiday', day: '2026-10-05' })
    expect((await now()).holidays).toEqual([])
    const otero = (await now()).members.find((one) => one.name === 'Brais')?.id ?? ''
    await secretary.submit(`${base}/asentos`, { act: 'seat' }, { seat: '9', member: otero, from: '2026-11-01', channel: '' })
    const seats = (await now()).seats.filter((one) => one.member === otero)
    expect(seats).toEqual([
      { seat: 4, channel: 4, member: otero, from: '2023-06-17', until: '2026-10-31' },
      { seat: 9, member: otero, from: '2026-11-01' },
    ])
    await secretary.submit(
      `${base}/materias`,
      { act: 'matter' },
      { nameGl: 'Bens do monte', nameEs: 'Bienes del monte', article: 'ROM 12' },
    )
    expect((await now()).matters).toMatchObject([{ key: 'bens-do-monte', majority: 'absolute' }])
  })

  test('each change is in the audit by account, and what is not ours or too big is refused', async () => {
    const entries = await storage.database.inCouncil(ours.id, (tx) => readAudit(tx))
    expect(entries.map((one) => one.action)).toEqual(
      expect.arrayContaining(['council-identity', 'council-member', 'council-undo', 'council-seat']),
    )
    expect((await secretary.post(`${base}/datos`, { act: 'constructor' })).status).toBe(404)
    expect((await secretary.post(`${base}/datos`, { act: 'identity', name: 'x'.repeat(70_000) })).status).toBe(413)
  })
})

/** The hidden fields of the first form that does `act`. */
function hidden(text: string, act: string): Record<string, string> {
  const form = [...text.matchAll(/<form[\s\S]*?<\/form>/g)].find(([one]) => one.includes(`name="act" value="${act}"`))?.[0] ?? ''
  return Object.fromEntries([...form.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]))
}

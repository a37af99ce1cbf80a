import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ChamberNotes } from '../../../storage/model/chamber-notes.ts'
import { newId } from '../../../storage/model/ids.ts'
import type { SessionEvent } from '../../../storage/model/session-events.ts'
import { readAudit } from '../../../storage/records/audit.ts'
import { readEvents } from '../../../storage/records/session-events.ts'
import { setStage } from '../../../storage/records/sessions.ts'
import type { RunningWeb } from '../../../web/main.ts'
import { startTestWeb } from '../../servers/running-web.ts'
import { openTestStorage, type TestStorage } from '../../servers/test-storage.ts'
import { putChamber, signIn } from './chamber.ts'
import { putChamberNotes } from './put-chamber-notes.ts'
import { ScriptedRecorder } from './scripted-recorder.ts'

describe('marks that come to the chamber’s address', () => {
  let storage: TestStorage
  let web: RunningWeb
  let ours: Awaited<ReturnType<typeof putChamber>>
  let recorder: ScriptedRecorder
  let cookie: string
  let seq = 0

  beforeAll(async () => {
    storage = await openTestStorage()
    ours = await putChamber(storage, 'vilarino')
    web = await startTestWeb(storage)
    recorder = await ScriptedRecorder.dial(storage, ours.council.id, web.address)
    cookie = (await signIn(web.address, 'vilarino', 'secretaria')) ?? ''
  })
  afterAll(async () => {
    await recorder?.[Symbol.asyncDispose]()
    await web?.[Symbol.asyncDispose]()
    await storage?.[Symbol.asyncDispose]()
  })

  const event = (fields: Record<string, unknown>, wallMs = Date.now()): SessionEvent =>
    ({
      v: 1,
      id: newId(),
      session: ours.session.id,
      device: 'tablet-proba',
      seq: ++seq,
      by: { role: 'secretary', id: 'somebody' },
      at: { wallMs, monotonicNs: '1', boot: 'proba' },
      ...fields,
    }) as SessionEvent
  const send = async (events: unknown[], path = 'marcas', headers: Record<string, string> = { cookie }) => {
    const response = await fetch(`${web.address}/c/vilarino/sala/${ours.session.slug}/${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json', ...headers },
      body: JSON.stringify(path === 'marcas' ? { events } : events[0]),
    })
    return { status: response.status, body: (await response.json()) as Record<string, never> }
  }
  const kept = () => storage.database.inCouncil(ours.council.id, (tx) => readEvents(tx, ours.session.id))
  const opening = () => {
    const mayor = ours.council.members[0]?.id
    const secretary = ours.council.members.find((one) => one.speaker === 'secretaria')?.id
    return [
      event({ type: 'role.taken', role: 'presidency', person: mayor, capacity: 'Alcaldesa' }),
      event({ type: 'role.taken', role: 'secretary', person: secretary, capacity: 'Secretaria' }),
      ...ours.council.members
        .filter((one) => one.legal)
        .slice(0, 11)
        .map((one) => event({ type: 'attendance.present', member: one.id })),
      event({ type: 'session.opened', call: 1 }),
    ]
  }

  test('find before the session what its last rehearsal and the reconciliation found, with the hour of the council and what to do', async () => {
    const place = `${web.address}/c/vilarino/sala/${ours.session.slug}`
    const drawn = async () => (await (await fetch(place, { headers: { cookie } })).text()).replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')
    expect(await drawn()).toContain('Aínda non se fixo ningún ensaio.')
    await putChamberNotes(storage, ours)
    const text = await drawn()
    expect(text).toContain(
      'Último ensaio · 27 de outubro, 17:00 Non está listo Mesa de son: non chega son ningún. Comprobe que a mesa está acesa',
    )
    expect(text).toContain('e 2 cousas máis')
    expect(text).toContain('Pleno do 27 de setembro: FALTAN 2 ANACOS NO DISCO DO EQUIPO QUE GRAVOU.')
    expect(text).not.toContain('Todo listo para comezar.')
    const { notes } = (await (await fetch(`${place}/marcas`, { headers: { cookie } })).json()) as { notes: ChamberNotes }
    expect(notes.rehearsal?.name).toBe('Salón de plenos')
    expect(notes.differences?.of).toMatchObject([{ code: 'spool-missing', count: 2 }])
  })

  test('are refused with their article while the law does not allow them, and nothing is kept', async () => {
    const wanted = event({ type: 'item.opened', item: ours.session.agenda[0]?.id })
    const { status, body } = await send([wanted])
    expect(status).toBe(200)
    expect(body).toMatchObject({ accepted: [], known: [], refused: [{ id: wanted.id, article: 'ROF 109.1.c' }] })
    expect(await kept()).toEqual([])
  })

  test('are kept once, in their order, however often they come, and carry who is signed in', async () => {
    const events = opening()
    const first = await send(events)
    const again = await send(events)
    expect(first.body).toMatchObject({ accepted: events.map((one) => one.id), known: [], refused: [] })
    expect(again.body).toMatchObject({ accepted: [], known: events.map((one) => one.id), refused: [] })
    const rows = await kept()
    expect(rows.map((one) => one.event.id)).toEqual(events.map((one) => one.id))
    const secretary = ours.council.members.find((one) => one.speaker === 'secretaria')?.id
    for (const { event } of rows) expect(event.by).toEqual({ role: 'secretary', id: secretary })
  })

  test('of a tablet that was offline are judged by what was true at their time', async () => {
    const [first, second] = ours.session.agenda
    const before = Date.now()
    const late = event({ type: 'floor.given', speaker: ours.council.members[1]?.id, turn: 'first' }, before + 5)
    await send([event({ type: 'item.opened', item: first?.id }, before)])
    const vote = newId()
    const ask = { type: 'vote.opened', vote, item: first?.id, purpose: 'main', kind: 'ordinary', majority: 'simple', round: 1 }
    await send([event(ask, before + 10)])
    expect((await send([event({ type: 'item.opened', item: second?.id }, before + 20)])).body).toMatchObject({
      refused: [{ article: 'ROF 98.3' }],
    })
    expect((await send([late])).body).toMatchObject({ accepted: [late.id], refused: [] })
  })

  test('that speak for the recorder, or correct what it said, are refused', async () => {
    const { body } = await send([event({ type: 'recording.proven', part: 0 }), event({ type: 'note', text: 'x', corrects: newId() })])
    expect(body).toMatchObject({ accepted: [], refused: [{ article: 'ENS op.exp.8.1' }, { requirement: 'R15' }] })
  })

  test('with a known id and other content change nothing', async () => {
    const before = await kept()
    const stolen = { ...(before[0]?.event as SessionEvent), at: { wallMs: 1, monotonicNs: '1', boot: 'proba' } }
    expect((await send([stolen])).status).toBe(409)
    expect(await kept()).toEqual(before)
  })

  test('that are no events are answered with a sentence, not taken', async () => {
    expect((await send([{ type: 'session.lifted' }])).status).toBe(400)
    expect((await send([])).status).toBe(400)
  })

  test('without a sign-in, or from the mayor, are refused', async () => {
    expect((await send([event({ type: 'star' })], 'marcas', {})).status).toBe(401)
    const mayor = (await signIn(web.address, 'vilarino', 'alcaldesa')) ?? ''
    expect((await send([event({ type: 'star' })], 'marcas', { cookie: mayor })).status).toBe(403)
  })

  test('reach the journal of the recorder by their hash', async () => {
    expect((await send([{ action: 'start' }], 'gravador')).status).toBe(202)
    await expect.poll(() => recorder.proof.state).toBe('recording')
    const star = event({ type: 'star' })
    await send([star])
    const told = () => recorder.commands.flatMap((one) => (one.type === 'event' ? [one.event] : []))
    await expect.poll(told).toContain(star.id)
    await expect.poll(() => told().length).toBe((await kept()).filter((one) => one.event.by !== 'recorder').length)
  })

  test('are refused for ever once the acta is closed for signature, corrections too', async () => {
    const before = await kept()
    await storage.database.inCouncil(ours.council.id, (tx) => setStage(tx, ours.session.id, 'frozen'))
    const { body } = await send([event({ type: 'star' }), event({ type: 'note', text: 'x', corrects: before[0]?.event.id })])
    expect(body).toMatchObject({ accepted: [], refused: [{ requirement: 'R33' }, { requirement: 'R33' }] })
    expect(await kept()).toEqual(before)
  })

  test('and commands are audited with who asked; without a recorder they say so', async () => {
    recorder.hangUp()
    const answer = await send([{ action: 'pause' }], 'gravador')
    recorder.callBack()
    expect(answer.status).toBe(503)
    expect(JSON.stringify(answer.body)).toContain('O gravador non está conectado')
    const entries = await storage.database.inCouncil(ours.council.id, (tx) => readAudit(tx))
    expect(entries).toContainEqual(
      expect.objectContaining({ action: 'recorder-start', object: `session ${ours.session.id}`, result: 'asked' }),
    )
    expect(entries).toContainEqual(expect.objectContaining({ action: 'recorder-pause', result: 'no recorder' }))
  })
})

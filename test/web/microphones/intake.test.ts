import { once } from 'node:events'
import { io } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { microphonesPath } from '../../../recorder/control-protocol.ts'
import { newId, recorderId } from '../../../storage/model/ids.ts'
import { readAudit } from '../../../storage/records/audit.ts'
import type { Tx } from '../../../storage/records/database.ts'
import { listConferenceSystems, readMicrophoneEvents, readOpenMicrophones } from '../../../storage/records/microphones.ts'
import { microphonesTold, seatsOf } from '../../../transcriber/microphones-told.ts'
import type { RunningWeb } from '../../../web/main.ts'
import { startTestWeb } from '../../servers/running-web.ts'
import { openTestStorage, type TestStorage } from '../../servers/test-storage.ts'
import { putChamber, signIn } from '../control/chamber.ts'
import { ConferenceSystemAtWork } from './conference-system.ts'

let storage: TestStorage
let web: RunningWeb
let ours: Awaited<ReturnType<typeof putChamber>>
let cookie: string
beforeAll(async () => {
  storage = await openTestStorage()
  ours = await putChamber(storage, 'vilarino')
  await putChamber(storage, 'outeiro')
  web = await startTestWeb(storage)
  cookie = (await signIn(web.address, 'vilarino', 'tecnico')) ?? ''
})
afterAll(async () => {
  await web?.[Symbol.asyncDispose]()
  await storage?.[Symbol.asyncDispose]()
})

const page = (fields: Record<string, string>, by = cookie) =>
  fetch(`${web.address}/c/vilarino/microfonos`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: web.address, cookie: by },
    body: new URLSearchParams(fields),
  })
const newSystem = async (name: string) => /escano-mic-[A-Za-z0-9_-]{43}/.exec(await (await page({ act: 'add', name })).text())?.[0] ?? ''
const send = async (token: string, body: string, path = '/c/vilarino/microfonos/eventos') => {
  const response = await fetch(web.address + path, { method: 'POST', headers: { Authorization: `Bearer ${token}` }, body })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}
const inOurs = <T>(work: (tx: Tx) => Promise<T>) => storage.database.inCouncil(ours.council.id, work)
const kept = () => inOurs((tx) => readMicrophoneEvents(tx, { session: ours.session.id, fromMs: 0, toMs: Number.MAX_SAFE_INTEGER }))
const line = (id: string, seat: number, event: string, at: number = Date.now()) => JSON.stringify({ id, seat, event, at })

describe('a conference system', () => {
  test('is let in by a token that is shown once, kept as a hash, and says who made it', async () => {
    const response = await page({ act: 'add', name: ' Mesa do salón ' })
    const text = await response.text()
    const token = /escano-mic-[A-Za-z0-9_-]{43}/.exec(text)?.[0] ?? ''
    expect(text).toContain('Mesa do salón')
    expect(response.headers.get('cache-control')).toBe('no-store')
    const [system] = await inOurs(listConferenceSystems)
    expect(system).toMatchObject({ name: 'Mesa do salón' })
    expect(JSON.stringify(system)).not.toContain(token.slice(-43))
    const again = await (await fetch(`${web.address}/c/vilarino/microfonos`, { headers: { cookie } })).text()
    expect(again).toContain('Mesa do salón')
    expect(again).not.toContain('escano-mic-')
    expect(await inOurs((tx) => readAudit(tx))).toContainEqual(
      expect.objectContaining({ action: 'microphone-token', object: `conference system ${system?.id}`, result: 'made' }),
    )
    const nameless = await page({ act: 'add', name: '  ' })
    expect(nameless.status).toBe(422)
    expect(await nameless.text()).toContain('Escriba un nome')
  })

  test('is told of each bad line by its number, in its language, and the good ones are kept, once', async () => {
    const token = await newSystem('liñas')
    const batch = `${line('l1', 1, 'on')}\nnonsense\n{"seat":0,"event":"on"}\n${line('l2', 1, 'off')}\n`
    expect(await send(token, batch)).toMatchObject({
      status: 200,
      body: {
        taken: 2,
        known: 0,
        refused: [
          { line: 2, error: 'non é un obxecto JSON.' },
          { line: 3, error: expect.stringContaining('seat') },
        ],
      },
    })
    expect((await send(token, batch, '/es/c/vilarino/microfonos/eventos')).body).toMatchObject({
      ...{ taken: 0, known: 2 },
      refused: [{ line: 2, error: 'no es un objeto JSON.' }, { line: 3 }],
    })
    expect((await kept()).filter((one) => one.id.startsWith('l'))).toHaveLength(2)
    expect((await send(token, 'nonsense')).status).toBe(422)
    expect((await send(token, ' \n')).status).toBe(400)
    expect((await send(token, `"${'x'.repeat(1_100_000)}"`)).status).toBe(413)
  })

  test('may be late and out of order: what counts is the last word of each microphone by its own clock', async () => {
    const token = await newSystem('orde')
    const t = Date.now() - 60_000
    await send(token, [line('o1', 21, 'off', t + 2000), line('o2', 21, 'on', t), line('o3', 22, 'on', t + 1000)].join('\n'))
    await send(token, line('o4', 23, 'off', t + 10))
    await send(token, line('o5', 23, 'on', t + 5))
    const open = await inOurs((tx) => readOpenMicrophones(tx, t - 1))
    expect(open.filter((one) => one.seat > 20).map((one) => one.seat)).toEqual([22])
  })

  test('without its token, with another council’s, or with one that was taken away gets nothing in, and learns nothing', async () => {
    const before = (await kept()).length
    const token = await newSystem('retirado')
    const elsewhere = await send(token, line('n1', 1, 'on'), '/c/outeiro/microfonos/eventos')
    const system = (await inOurs(listConferenceSystems)).find((one) => one.name === 'retirado')
    expect((await page({ act: 'revoke', system: system?.id ?? '' })).status).toBe(303)
    expect((await page({ act: 'revoke', system: system?.id ?? '' })).status).toBe(404)
    const answers = [
      elsewhere,
      await send(token, line('n2', 1, 'on')),
      await send('x', line('n3', 1, 'on')),
      await send(`escano-mic-${'x'.repeat(43)}`, ''),
    ]
    for (const one of answers) expect(one).toEqual({ status: 401, body: answers[0]?.body })
    expect(await kept()).toHaveLength(before)
    const mayor = (await signIn(web.address, 'vilarino', 'alcaldesa')) ?? ''
    expect((await page({ act: 'add', name: 'x' }, mayor)).status).toBe(403)
  })

  test('that sends more than a chamber can switch waits a minute', async () => {
    const token = await newSystem('moitas')
    const bad = '{}\n'.repeat(9_990)
    expect((await send(token, bad + line('m1', 9, 'off'))).body).toMatchObject({ taken: 1 })
    const refused = await send(token, '{}\n'.repeat(20))
    expect(refused).toMatchObject({ status: 429, body: { error: expect.stringContaining('Agarde un minuto') } })
  })
})

test('an agent whose credential is none, or whose question is malformed, is told so as by every road of agents', async () => {
  const bring = async (headers: Record<string, string>, body: string) => {
    const response = await fetch(web.address + microphonesPath, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body,
    })
    return { status: response.status, body: await response.json() }
  }
  const refusal = { error: expect.any(String) }
  expect(await bring({}, '{}')).toMatchObject({ status: 401, body: refusal })
  expect(await bring({ Authorization: 'Escano bm9uZQ==' }, '{}')).toMatchObject({ status: 401, body: refusal })
  expect(await bring({ 'Content-Type': 'text/plain' }, '{}')).toMatchObject({ status: 415, body: refusal })
})

test('the transcriber is told of it, at its place on the recording, for whoever sits there', async () => {
  const wallMs = Date.now() - 600_000
  const head = { v: 1 as const, session: ours.session.id, recorder: recorderId.parse(newId()), part: 0, track: 'master', bytes: 1 }
  const lines = [0, 1].map((index) => ({
    ...{ ...head, index, sha256: 'a'.repeat(64), ptsMs: index * 4000, durationMs: 4000 },
    ...{ wallMs: wallMs + (index + 1) * 4000, monotonicNs: '1', boot: 'b' },
  }))
  const token = await newSystem('transcrición')
  await send(token, [line('t1', 3, 'on', wallMs + 1500), line('t2', 3, 'off', wallMs + 5250)].join('\n'))
  const told = await microphonesTold(storage, { council: ours.council.id, session: ours.session.id }, lines)
  expect(told.filter((one) => one.seat === 3)).toEqual([
    { t: 1.5, seat: 3, event: 'on' },
    { t: 5.25, seat: 3, event: 'off' },
  ])
  const sits = ours.council.members.find(({ id }) => ours.council.seats.some((one) => one.seat === 3 && one.member === id))
  expect(seatsOf(ours.council, ours.session)).toContainEqual({ seat: 3, speaker: sits?.speaker, name: sits?.surname, from: 0, to: null })
})

describe('over a WebSocket', () => {
  const dial = (token: string, path = '/c/vilarino/microfonos/eventos') =>
    new WebSocket(web.address.replace('http', 'ws') + path, { headers: { Authorization: `Bearer ${token}` } })
  const ask = async (socket: WebSocket, text: string) => {
    const heard = once(socket, 'message')
    socket.send(text)
    return JSON.parse(String((await heard)[0])) as unknown
  }

  test('each message is a batch and has its answer; a token that is taken away ends the line', async () => {
    const token = await newSystem('enchufe')
    const socket = dial(token)
    await once(socket, 'open')
    expect(await ask(socket, line('w1', 31, 'on'))).toMatchObject({ taken: 1, known: 0, refused: [] })
    expect(await ask(socket, `${line('w1', 31, 'on')}\n{}`)).toMatchObject({ taken: 0, known: 1, refused: [{ line: 2 }] })
    const system = (await inOurs(listConferenceSystems)).find((one) => one.name === 'enchufe')
    await page({ act: 'revoke', system: system?.id ?? '' })
    const closed = once(socket, 'close')
    socket.send(line('w2', 31, 'off'))
    expect((await closed)[0]).toBe(1008)
    expect((await kept()).map((one) => one.id)).not.toContain('w2')
  })

  test('nobody comes in without a token, and nothing else answers an upgrade', async () => {
    for (const path of ['/c/vilarino/microfonos/eventos', '/c/vilarino/mesa', '/', '/c/nada/microfonos/eventos']) {
      const socket = dial('x', path)
      const [error] = (await once(socket, 'error')) as [Error]
      expect(error.message, path).toContain('401')
    }
  })
})

describe('the file of a session', () => {
  const bring = (body: string | undefined, by = cookie) => {
    const form = new FormData()
    if (body !== undefined) form.set('file', new File([body], 'micros.jsonl'))
    return fetch(`${web.address}/c/vilarino/microfonos/${ours.session.slug}`, {
      method: 'POST',
      headers: { Origin: web.address, cookie: by },
      body: form,
    })
  }

  test('is taken with a report of what was left out, and brought twice counts once', async () => {
    const text = '{"t":1.5,"seat":41,"event":"on"}\nnonsense\n{"t":9,"seat":41,"event":"off"}\n{"seat":41,"event":"on"}'
    const first = await (await bring(text)).text()
    expect(first).toContain('Colléronse 2 cambios novos.')
    expect(first).toContain('Liña 2: non é un obxecto JSON.')
    expect(first).toContain('Liña 4: falta a hora')
    const secretary = (await signIn(web.address, 'vilarino', 'secretaria')) ?? ''
    expect(await (await bring(text, secretary)).text()).toContain('Colléronse 0 cambios novos; 2 xa se sabían.')
    expect((await kept()).filter((one) => one.seat === 41)).toMatchObject([
      { clock: 'recording', ms: 1500, event: 'on' },
      { clock: 'recording', ms: 9000, event: 'off' },
    ])
    // What is brought afterwards is nobody who speaks now.
    expect((await inOurs((tx) => readOpenMicrophones(tx, 0))).map((one) => one.seat)).not.toContain(41)
  })

  test('that was not chosen is asked for, and is none of the mayor’s', async () => {
    const none = await bring(undefined)
    expect(none.status).toBe(422)
    expect(await none.text()).toContain('Escolla o ficheiro')
    const mayor = (await signIn(web.address, 'vilarino', 'alcaldesa')) ?? ''
    expect((await bring('{"t":1,"seat":1,"event":"on"}', mayor)).status).toBe(403)
  })
})

test('the tablets of the council are told at once which microphones are open, and those that come later too; other councils’ are not', async () => {
  const secretary = (await signIn(web.address, 'vilarino', 'secretaria')) ?? ''
  const elsewhere = (await signIn(web.address, 'outeiro', 'secretaria')) ?? ''
  const tablet = async (council: string, by: string) => {
    const socket = io(`${web.address}/sala`, {
      ...{ forceNew: true, transports: ['websocket'], extraHeaders: { cookie: by } },
      auth: { council, session: ours.session.slug, device: newId() },
    })
    const told: number[][] = []
    socket.on('microphones', ({ open }: { open: { seat: number }[] }) => told.push(open.map((one) => one.seat).filter((seat) => seat > 50)))
    await new Promise((resolve) => socket.once('connect', () => resolve(undefined)))
    await expect.poll(() => told.length).toBeGreaterThan(0)
    return { told, close: () => socket.disconnect() }
  }
  const [first, other] = [await tablet('vilarino', secretary), await tablet('outeiro', elsewhere)]
  const system = await ConferenceSystemAtWork.letIn(web, 'vilarino', 'en directo')
  await system.switch('on', 51)
  await system.switch('on', 52)
  await expect.poll(() => first.told.at(-1)).toEqual([52, 51])
  await system.switch('off', 52)
  const second = await tablet('vilarino', secretary)
  await expect.poll(() => second.told.at(-1)).toEqual([51])
  await expect.poll(() => first.told.at(-1)).toEqual([51])
  expect(other.told.flat()).toEqual([])
  for (const one of [first, second, other]) one.close()
})

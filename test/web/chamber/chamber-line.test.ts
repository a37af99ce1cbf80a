import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import type { ProofOfLife } from '../../../recorder/control-protocol.ts'
import type { SessionEvent } from '../../../storage/model/session-events.ts'
import { ChamberBook } from '../../../web/chamber/chamber-book.ts'
import { ChamberLine } from '../../../web/chamber/chamber-line.ts'
import { entryPath, syncPath } from '../../../web/chamber/chamber-protocol.ts'
import type { ChamberRecorder } from '../../../web/chamber/chamber-recorder.ts'
import { startChamberServer } from '../../../web/chamber/chamber-server.ts'
import { localClosedParts } from '../../../web/chamber/local-closed.ts'
import { ensurePages } from '../../../web/pages.ts'
import { askChamber } from './chamber-client.ts'
import { type KnownChamber, putKnownChamber } from './known-chamber.ts'

/** A server that answers what it is told to, and takes every connection also when that is nothing. */
async function startScripted(answers: (path: string) => object | undefined | Promise<object>, refusal = 200) {
  const server = createServer(async (request, response) => {
    request.resume()
    const answer = await answers(request.url ?? '')
    if (answer !== undefined && 'error' in answer) response.statusCode = refusal
    if (answer !== undefined) response.setHeader('Content-Type', 'application/json').end(JSON.stringify(answer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    end: () => server.closeAllConnections(),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const nothing = async () => undefined
const idle: ChamberRecorder = {
  ...{ start: nothing, pause: nothing, resume: nothing, stop: nothing, seal: nothing, unseal: nothing },
  ...{ proof: { session: undefined, proof: { state: 'idle' } as ProofOfLife }, preview: undefined },
  ...{ isLinked: true, onProof: () => () => undefined },
}

test('a server that takes every packet and never answers is no line: the chamber’s page answers by itself', async () => {
  await using of = await putKnownChamber({ agreed: true })
  let silent = false
  const troubles: string[] = []
  await using upstream = await startScripted(() => (silent ? undefined : of.known))
  await using server = await startChamberServer({
    ...{
      identity: await of.identityAt(upstream.url),
      recorder: idle,
      pages: await ensurePages(),
      folder: of.folder,
      host: '127.0.0.1',
      port: 0,
    },
    onTrouble: (sentence) => troubles.push(sentence),
  })
  silent = true
  // Its own door: the PIN. That the line is gone was asked for at once, not found when what was handed on had waited its longer time.
  expect((await askChamber(server, `/c/vilarino/sala/${of.session.slug}/estado`)).status).toBe(428)
  expect(troubles).toEqual([expect.stringMatching(/^no line for the chamber page: .*timeout/)])
  upstream.end()
})

test('R17: a closed part that the server took stays on the disk until the server has told it back', async () => {
  await using of = await putKnownChamber({ agreed: true })
  const began = of.began('none')
  const bookNow = () => ChamberBook.open(join(of.folder, 'book'))
  await (await bookNow()).add(await of.entry(began), [began])
  const asked: string[] = []
  let taken = false
  let tellsBack = false
  await using upstream = await startScripted((path) => {
    asked.push(path)
    if (path === entryPath) taken = true
    if (path === entryPath) return { accepted: [began.id], known: [], refused: [], kept: [] }
    if (!taken) return of.known
    // What it took may not be told any more: the line goes.
    const last = of.known.sessions[0]?.rows.length ?? 0
    const more = of.known.sessions.map((one) => ({ ...one, rows: [...one.rows, { row: last + 1, event: began }] }))
    return tellsBack ? { ...of.known, sessions: more } : { error: 'gone' }
  })
  const own = { identity: await of.identityAt(upstream.url), page: () => ({ addresses: [], authority: 'x' }), isNeeded: () => false }
  const line = async (book: ChamberBook) => new ChamberLine({ ...own, book, onChange: () => undefined, onTrouble: () => undefined })
  {
    await using first = await line(await bookNow())
    await first.ask()
    expect(first.isUp).toBe(false)
  }
  expect(asked).toEqual([syncPath, entryPath, syncPath])
  const after = await bookNow()
  expect(localClosedParts(after, of.session.id).map((one) => one.marks)).toEqual([[began.id]])
  tellsBack = true
  await using second = await line(after)
  await second.ask()
  expect(second.isUp).toBe(true)
  const settled = await bookNow()
  expect(settled.waiting).toEqual([])
  expect(localClosedParts(settled, of.session.id).map((one) => one.marks)).toEqual([[began.id]])
})

test('what the server refuses for good is told of once, brought once, and stays on the disk', async () => {
  await using of = await putKnownChamber({ agreed: true })
  const book = await ChamberBook.open(join(of.folder, 'book'))
  const entry = await of.entry(of.began('none'))
  await book.add(entry, [])
  const [asked, troubles]: [string[], string[]] = [[], []]
  await using upstream = await startScripted((path) => {
    asked.push(path)
    return path === entryPath ? { error: 'not of this council' } : of.known
  }, 403)
  const identity = await of.identityAt(upstream.url)
  const page = () => ({ addresses: [], authority: 'x' })
  const told = { onChange: () => undefined, onTrouble: (sentence: string) => troubles.push(sentence) }
  await using line = new ChamberLine({ identity, book, page, isNeeded: () => false, ...told })
  for (let n = 0; n < 2; n++) await line.ask()
  expect(asked).toEqual([syncPath, entryPath, syncPath])
  expect(troubles).toEqual([expect.stringContaining('403 not of this council')])
  expect([line.isUp, (await ChamberBook.open(join(of.folder, 'book'))).waiting.map((one) => one.id)]).toEqual([true, [entry.id]])
})

test('R17: while the recorder’s link is down and the server answers the page, the page rests the recorder, and lets it go on', async () => {
  await using of = await putKnownChamber({ agreed: true })
  const events = [...(of.known.sessions[0]?.rows ?? [])]
  const happens = (event: SessionEvent) => events.push({ row: events.length + 1, event })
  let asked = 0
  await using upstream = await startScripted(() => {
    asked++
    return { ...of.known, sessions: of.known.sessions.map((one) => ({ ...one, rows: events })) }
  })
  const told: string[] = []
  const link = { isUp: true }
  const { recorder, prove } = proving(of, told, link)
  await using _server = await startChamberServer({
    ...{ identity: await of.identityAt(upstream.url), recorder, pages: await ensurePages(), folder: of.folder },
    ...{ host: '127.0.0.1', port: 0, onTrouble: (sentence) => told.push(sentence) },
  })
  await prove({ state: 'recording' })
  const began = of.began('none')
  happens(began)
  link.isUp = false
  // Told until it is proven: nobody else does it. Asked for when the link goes, and often from then on, though nobody uses the page.
  const soon = { timeout: 8000, interval: 50 }
  await expect.poll(() => prove({ state: 'recording' }), soon).toEqual(['pause closed-part', 'pause closed-part'])
  const before = asked
  const rests = { state: 'paused' as const, rests: 'closed-part' as const, closings: [began.id] }
  await prove(rests)
  await expect.poll(() => asked, soon).toBeGreaterThan(before)
  happens(of.ended())
  await expect.poll(() => prove(rests), soon).toContain('resume')
})

for (const taken of [true, false]) {
  const how = taken ? 'took' : 'refused, which withholds all the same,'
  test(`R17: a closing that the server ${how} through the page counts beside the recorder at once, whatever becomes of the line`, async () => {
    await using of = await putKnownChamber({ agreed: taken })
    const began = of.began('none')
    let isGone = false
    await using upstream = await startScripted((path) => {
      if (path === syncPath) return isGone ? { error: 'gone' } : of.known
      isGone = true
      const reason = { gl: 'Non.', es: 'No.' }
      const refused = taken ? [] : [{ id: began.id, requirement: 'R17', article: 'LRBRL 70.1', reason }]
      return { accepted: taken ? [began.id] : [], known: [], refused, kept: [] }
    })
    const told: string[] = []
    const { recorder, prove } = proving(of, told)
    await using server = await startChamberServer({
      ...{ identity: await of.identityAt(upstream.url), recorder, pages: await ensurePages(), folder: of.folder },
      ...{ host: '127.0.0.1', port: 0, onTrouble: () => undefined },
    })
    const body = JSON.stringify({ events: [began] })
    expect((await askChamber(server, `/c/vilarino/sala/${of.session.slug}/marcas`, { body })).status).toBe(200)
    await expect.poll(() => prove({ state: 'recording' }), { timeout: 8000, interval: 50 }).toContain('pause closed-part')
  })
}

test('R17: a closing that the server took through the page is on the disk at once, though what is being asked was answered before it', async () => {
  await using of = await putKnownChamber({ agreed: true })
  const began = of.began('none')
  const marksTaken = Promise.withResolvers<void>()
  let syncs = 0
  let rows = of.known.sessions[0]?.rows ?? []
  await using upstream = await startScripted(async (path) => {
    if (path !== syncPath) {
      rows = [...rows, { row: rows.length + 1, event: began }]
      return { accepted: [began.id], known: [], refused: [], kept: [] }
    }
    const known = { ...of.known, sessions: of.known.sessions.map((one) => ({ ...one, rows })) }
    // That the page is used again is asked at once; the answer is of before the closing, and comes after it.
    if (++syncs === 2) await marksTaken.promise
    return known
  })
  const [identity, pages] = [await of.identityAt(upstream.url), await ensurePages()]
  // Its own turn to ask never comes: what is asked is asked because of the closing.
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  try {
    await using server = await startChamberServer({
      ...{ identity, recorder: idle, pages, folder: of.folder },
      ...{ host: '127.0.0.1', port: 0, onTrouble: () => undefined },
    })
    const body = JSON.stringify({ events: [began] })
    expect((await askChamber(server, `/c/vilarino/sala/${of.session.slug}/marcas`, { body })).status).toBe(200)
    marksTaken.resolve()
    const onDisk = async () => localClosedParts(await ChamberBook.open(join(of.folder, 'book')), of.session.id).map((one) => one.marks)
    // Not `expect.poll`, which turns the clock that stands still.
    for (const giveUpMs = Date.now() + 8000; syncs < 3 && Date.now() < giveUpMs; ) await wait(50)
    expect(syncs).toBe(3)
    vi.useRealTimers()
    await expect.poll(onDisk, { timeout: 8000, interval: 50 }).toEqual([[began.id]])
  } finally {
    vi.useRealTimers()
  }
})

/** A recorder that its test proves for, and what it is told. */
function proving(of: KnownChamber, told: string[], link = { isUp: true }) {
  const listeners: Parameters<ChamberRecorder['onProof']>[0][] = []
  const recorder: ChamberRecorder = {
    ...idle,
    pause: async (_, of) => void told.push(`pause ${of?.cause}`),
    resume: async () => void told.push('resume'),
    onProof: (listener) => {
      listeners.push(listener)
      return () => undefined
    },
    get isLinked() {
      return link.isUp
    },
  }
  const prove = async (proof: Partial<ProofOfLife>) => {
    for (const listener of listeners) listener(of.session.id, proof as ProofOfLife)
    return told
  }
  return { recorder, prove }
}

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
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
import { putKnownChamber } from './known-chamber.ts'

/** A server that answers what it is told to, and takes every connection also when that is nothing. */
async function startScripted(answers: (path: string) => object | undefined) {
  const server = createServer((request, response) => {
    request.resume()
    const answer = answers(request.url ?? '')
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
  const listeners: ((...of: Parameters<Parameters<ChamberRecorder['onProof']>[0]>) => void)[] = []
  const link = { isUp: true }
  const recorder: ChamberRecorder = {
    ...idle,
    pause: async (_, cause) => void told.push(`pause ${cause}`),
    resume: async () => void told.push('resume'),
    onProof: (listener) => {
      listeners.push(listener)
      return () => undefined
    },
    get isLinked() {
      return link.isUp
    },
  }
  await using _server = await startChamberServer({
    ...{ identity: await of.identityAt(upstream.url), recorder, pages: await ensurePages(), folder: of.folder },
    ...{ host: '127.0.0.1', port: 0, onTrouble: (sentence) => told.push(sentence) },
  })
  const hear = async (proof: object) => {
    for (const listener of listeners) listener(of.session.id, proof as ProofOfLife)
    return told
  }
  await hear({ state: 'recording' })
  happens(of.began('none'))
  link.isUp = false
  // Told until it is proven: nobody else does it. Asked for when the link goes, and often from then on, though nobody uses the page.
  const soon = { timeout: 8000, interval: 50 }
  await expect.poll(() => hear({ state: 'recording' }), soon).toEqual(['pause closed-part', 'pause closed-part'])
  const before = asked
  const rests = { state: 'paused', cause: 'closed-part' }
  await hear(rests)
  await expect.poll(() => asked, soon).toBeGreaterThan(before)
  happens(of.ended())
  await expect.poll(() => hear(rests), soon).toContain('resume')
})

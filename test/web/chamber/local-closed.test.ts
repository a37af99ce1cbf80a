import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { ProofOfLife, RestWanted } from '../../../recorder/control-protocol.ts'
import { withheldWallOf } from '../../../storage/model/closed-parts.ts'
import { newId, sessionId } from '../../../storage/model/ids.ts'
import type { SessionEvent } from '../../../storage/model/session-events.ts'
import { ChamberBook } from '../../../web/chamber/chamber-book.ts'
import { signatureHeader } from '../../../web/chamber/chamber-protocol.ts'
import type { ChamberRecorder } from '../../../web/chamber/chamber-recorder.ts'
import { type ChamberServer, startChamberServer } from '../../../web/chamber/chamber-server.ts'
import { localClosedParts, restInClosedPart } from '../../../web/chamber/local-closed.ts'
import { ensurePages } from '../../../web/pages.ts'
import { freePort } from '../../servers/free-port.ts'
import { askChamber, nonceOf, tellPin } from './chamber-client.ts'
import { type KnownChamber, pin, putKnownChamber } from './known-chamber.ts'
import { notedActs } from './noted-acts.ts'

const records = { state: 'recording' } as ProofOfLife
/** It rests for these closed parts; without a name, as it was told by a server of before. */
const restsFor = (...closings: SessionEvent[]) =>
  ({ state: 'paused', rests: 'closed-part', cause: 'closed-part', closings: closings.map((one) => one.id) }) as unknown as ProofOfLife
const rests = restsFor()
const pausedByPerson = { state: 'paused' } as ProofOfLife
const sealsFor = (...closings: SessionEvent[]) =>
  ({ state: 'recording', sealed: true, closings: closings.map((one) => one.id) }) as unknown as ProofOfLife
const seals = sealsFor()

/** What the recorder proves, or what the chamber hears. */
type Step = ProofOfLife | ((book: ChamberBook) => void)

/** What an agent that starts on this disk tells its recorder, proof by proof. */
async function tells(of: KnownChamber, steps: Step[], session = of.session.id, isAlone = true): Promise<string[]> {
  const told: string[] = []
  let prove: Parameters<ChamberRecorder['onProof']>[0] = () => undefined
  const note = (act: string) => async (_: string, of?: unknown) =>
    void told.push([act, ...('seal' === act ? [of].flat() : []), ...(act === 'pause' ? [(of as RestWanted).cause] : [])].join(' '))
  const recorder: ChamberRecorder = {
    ...notedActs(note),
    ...{ proof: { session, proof: records }, preview: undefined, isLinked: !isAlone },
    onProof: (listener) => {
      prove = listener
      return () => undefined
    },
  }
  const book = await bookOf(of)
  restInClosedPart({ book, recorder, isAlone: () => isAlone, onTrouble: (sentence) => told.push(sentence) })
  for (const step of steps) {
    if (typeof step === 'function') step(book)
    else prove(session, step)
    await turn()
  }
  return told
}

const bookOf = ({ folder }: KnownChamber) => ChamberBook.open(join(folder, 'book'))
/** As the page does, up to where the power may go: it is on the disk, and nobody was told. */
const keep = async (of: KnownChamber, ...events: Parameters<KnownChamber['entry']>) => (await bookOf(of)).add(await of.entry(...events), [])

describe('R17: without a line, and after a power cut', () => {
  for (const agreed of [true, false]) {
    const how = agreed ? 'that was agreed' : 'that the law refuses, which withholds all the same,'
    test(`a closed part ${how} rests the recorder until its end, and leaves a person’s pause alone`, async () => {
      await using chamber = await putKnownChamber({ agreed })
      const began = chamber.began('none')
      await keep(chamber, began)
      const ours = restsFor(began)
      expect(await tells(chamber, [records, ours, pausedByPerson, ours])).toEqual(['pause closed-part'])
      await keep(chamber, chamber.ended())
      expect(await tells(chamber, [ours, records, pausedByPerson])).toEqual(['resume'])
    })

    test(`a closed part ${how} is sealed to the council’s keys until its end, where it may be recorded`, async () => {
      await using chamber = await putKnownChamber({ agreed })
      const began = chamber.began('restricted')
      await keep(chamber, began)
      expect(await tells(chamber, [records, sealsFor(began)])).toEqual([`seal ${chamber.council.closedPartKeys[0]}`])
      await keep(chamber, chamber.ended())
      expect(await tells(chamber, [sealsFor(began), records])).toEqual(['unseal'])
    })
  }

  test('what the server knew to be closed stays closed, and a rest that the chamber knows nothing of is not ended', async () => {
    await using chamber = await putKnownChamber({ agreed: false })
    expect(await tells(chamber, [rests, seals])).toEqual([])
    const book = await bookOf(chamber)
    const closed = (closedMarks: ReturnType<KnownChamber['began']>[]) =>
      book.learn({ ...chamber.known, sessions: chamber.known.sessions.map((one) => ({ ...one, closedMarks })) })
    const began = chamber.began('none')
    const marks = [began, chamber.ended(Date.now() + 1)]
    await closed(marks.slice(0, 1))
    // Told again, what was known is known once.
    expect(book.rows(chamber.session.id)).toEqual(chamber.known.sessions[0]?.rows)
    expect(await tells(chamber, [records, restsFor(began)])).toEqual(['pause closed-part'])
    expect(await tells(chamber, [records, rests], sessionId.parse(newId()))).toEqual([])
    await closed(marks)
    expect(await tells(chamber, [restsFor(began)])).toEqual(['resume'])
  })

  test('with a closed part of the evening that is over, a rest for another one that only the server knew stays', async () => {
    await using chamber = await putKnownChamber({ agreed: true })
    const first = [chamber.began('none'), chamber.ended()]
    const second = chamber.began('none')
    const over = (book: ChamberBook) => book.hear(first)
    const alone = async (...proofs: ProofOfLife[]) => await tells(chamber, [over, ...proofs])
    // Ordered for the second, or for both as the first went over into it; also by an agent that begins alone, with its disk alone.
    for (const proof of [restsFor(second), restsFor(first[0] as SessionEvent, second), sealsFor(second)])
      expect(await alone(proof, proof)).toEqual([])
    const news = (book: ChamberBook) => book.hear([second, chamber.ended(Date.now() + 1)])
    expect(await tells(chamber, [over, restsFor(second), news, restsFor(second)])).toEqual(['resume'])
    // A fault takes the place of the cause: it rests for a closed part all the same, and not for ever.
    expect(await alone({ ...restsFor(first[0] as SessionEvent), cause: 'no space left on device' } as ProofOfLife)).toEqual(['resume'])
  })

  test('alone the chamber tells it until the recorder proves it; beside the server once each news, and never against a newer one', async () => {
    await using chamber = await putKnownChamber({ agreed: true })
    const began = chamber.began('none')
    const ended = chamber.ended()
    const closes = (book: ChamberBook) => book.hear([began])
    const opens = (book: ChamberBook) => book.hear([ended])
    const ours = restsFor(began)
    const evening = [records, closes, records, records, ours, opens, ours, ours, records]
    expect(await tells(chamber, evening)).toEqual(['pause closed-part', 'pause closed-part', 'resume', 'resume'])
    // The last rest is of a closed part that only the server knows of yet.
    const newer = restsFor(began, chamber.began('none'))
    expect(await tells(chamber, [...evening, newer, newer], chamber.session.id, false)).toEqual(['pause closed-part', 'resume'])
    // An agent that was started beside its server ends no rest of it, whatever this disk remembers.
    const over = (book: ChamberBook) => book.hear([began, ended])
    expect(await tells(chamber, [over, ours, ours], chamber.session.id, false)).toEqual([])
    const takesBack = (book: ChamberBook) => book.hear([chamber.takenBack(began)])
    for (const isAlone of [true, false])
      expect(await tells(chamber, [closes, records, takesBack, ours], chamber.session.id, isAlone)).toEqual(['pause closed-part', 'resume'])
  })

  test('a tap that comes late withholds the 20 s before it, and the same taps brought twice close one span', async () => {
    await using chamber = await putKnownChamber({ agreed: true })
    const fromMs = Date.now() - 60_000
    const began = chamber.began('none', fromMs)
    await keep(chamber, began)
    const closed = async () => localClosedParts(await bookOf(chamber), chamber.session.id)
    expect((await closed()).map(withheldWallOf)).toEqual([{ fromMs: fromMs - 20_000, toMs: Number.POSITIVE_INFINITY }])
    const ended = chamber.ended(fromMs + 30_000)
    for (let n = 0; n < 2; n++) await keep(chamber, began, ended)
    expect((await closed()).map(withheldWallOf)).toEqual([{ fromMs: fromMs - 20_000, toMs: fromMs + 50_000 }])
    expect((await closed()).map((one) => one.marks)).toEqual([[began.id, ended.id]])
    // It is over by now: nothing is told of it.
    expect(await tells(chamber, [records])).toEqual([])
  })
})

test('R17: the page without a server takes a closing that the law refuses, shows no picture in it, and refuses to go on recording', async () => {
  await using of = await putKnownChamber({ agreed: false })
  const told: string[] = []
  const note = (act: string) => async (_: string, of?: unknown) => void told.push(of === undefined ? act : `${act} ${JSON.stringify(of)}`)
  const proof = { ...records }
  const recorder: ChamberRecorder = {
    ...notedActs(note),
    ...{ proof: { session: of.session.id, proof }, preview: new Uint8Array([0xff, 0xd8]), isLinked: false, onProof: () => () => undefined },
  }
  const identity = await of.identityAt(`http://127.0.0.1:${await freePort()}`)
  const page = { identity, recorder, pages: await ensurePages(), folder: of.folder, host: '127.0.0.1', port: 0, onTrouble: () => undefined }
  await using server = await startChamberServer(page)
  const hand = await handAt(of, server)
  expect(await hand.picture()).toBe(200)
  const began = of.began('restricted')
  expect(await hand.tap(began)).toMatchObject({ kept: [], refused: [{ id: began.id }] })
  expect(localClosedParts(await bookOf(of), of.session.id).map((one) => one.marks)).toEqual([[began.id]])
  expect(await hand.picture()).toBe(404)
  // Whoever paused takes their pause back: the rest of the closed part stays, and ends with it.
  expect([await hand.command('resume'), await hand.command('start')]).toEqual([409, 409])
  expect(told).toEqual([`pause ${JSON.stringify({ cause: 'closed-part', instead: true, closing: began.id })}`])
  // What is sealed may go on after a person's pause.
  proof.sealed = true
  expect(await hand.command('resume')).toBe(202)
  await hand.tap(of.ended())
  expect([await hand.picture(), await hand.command('start')]).toEqual([200, 202])
  expect(told.slice(1)).toEqual(['resume', 'start'])
})

/** A tablet at a page whose server is away, its PIN told. */
async function handAt({ session, tablet }: KnownChamber, server: ChamberServer) {
  const entered = await tellPin(server, { tablet: tablet.id, pin, nonce: await nonceOf(server), signer: tablet })
  const Cookie = entered.cookie?.split(';')[0] ?? ''
  const room = `/c/vilarino/sala/${session.slug}`
  const send = async (kind: 'marks' | 'command', path: string, said: object) => {
    const body = JSON.stringify(said)
    const headers = { Cookie, [signatureHeader]: await tablet.sign(kind, session.id, body) }
    return await askChamber(server, `${room}/${path}`, { body, headers })
  }
  return {
    command: async (action: string) => (await send('command', 'gravador', { id: newId(), action })).status,
    tap: async (event: SessionEvent): Promise<unknown> => JSON.parse((await send('marks', 'marcas', { events: [event] })).text),
    picture: async () => (await askChamber(server, `${room}/imaxe.jpg`, { headers: { Cookie } })).status,
  }
}

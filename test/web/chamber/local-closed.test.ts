import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { ProofOfLife } from '../../../recorder/control-protocol.ts'
import { withheldWallOf } from '../../../storage/model/closed-parts.ts'
import { newId, sessionId } from '../../../storage/model/ids.ts'
import type { SessionEvent } from '../../../storage/model/session-events.ts'
import { ChamberBook } from '../../../web/chamber/chamber-book.ts'
import { signatureHeader } from '../../../web/chamber/chamber-protocol.ts'
import type { ChamberRecorder } from '../../../web/chamber/chamber-recorder.ts'
import { type ChamberServer, startChamberServer } from '../../../web/chamber/chamber-server.ts'
import { localClosedParts, restInClosedPart } from '../../../web/chamber/local-closed.ts'
import { closedWish, doAsWished } from '../../../web/closed-part/closed-wish.ts'
import { ensurePages } from '../../../web/pages.ts'
import { freePort } from '../../servers/free-port.ts'
import { askChamber, nonceOf, tellPin } from './chamber-client.ts'
import { type KnownChamber, pin, putKnownChamber } from './known-chamber.ts'
import { notedActs } from './noted-acts.ts'

const records = { state: 'recording' } as ProofOfLife
const rests = { state: 'paused', cause: 'closed-part' } as ProofOfLife
const pausedByPerson = { state: 'paused' } as ProofOfLife
const seals = { state: 'recording', sealed: true } as ProofOfLife

/** What the recorder proves, or what the chamber hears. */
type Step = ProofOfLife | ((book: ChamberBook) => void)

/** What an agent that starts on this disk tells its recorder, proof by proof. */
async function tells(of: KnownChamber, steps: Step[], session = of.session.id, isAlone = true): Promise<string[]> {
  const told: string[] = []
  let prove: Parameters<ChamberRecorder['onProof']>[0] = () => undefined
  const note =
    (act: string) =>
    async (_: string, ...more: unknown[]) =>
      void told.push([act, ...more.flat()].join(' '))
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
      await keep(chamber, chamber.began('none'))
      expect(await tells(chamber, [records, rests, pausedByPerson, rests])).toEqual(['pause closed-part'])
      await keep(chamber, chamber.ended())
      expect(await tells(chamber, [rests, records, pausedByPerson])).toEqual(['resume'])
    })

    test(`a closed part ${how} is sealed to the council’s keys until its end, where it may be recorded`, async () => {
      await using chamber = await putKnownChamber({ agreed })
      await keep(chamber, chamber.began('restricted'))
      expect(await tells(chamber, [records, seals])).toEqual([`seal ${chamber.council.closedPartKeys[0]}`])
      await keep(chamber, chamber.ended())
      expect(await tells(chamber, [seals, records])).toEqual(['unseal'])
    })
  }

  test('what the server knew to be closed stays closed, and a rest that the chamber knows nothing of is not ended', async () => {
    await using chamber = await putKnownChamber({ agreed: false })
    expect(await tells(chamber, [rests, seals])).toEqual([])
    const book = await bookOf(chamber)
    const closed = (closedMarks: ReturnType<KnownChamber['began']>[]) =>
      book.learn({ ...chamber.known, sessions: chamber.known.sessions.map((one) => ({ ...one, closedMarks })) })
    const marks = [chamber.began('none'), chamber.ended(Date.now() + 1)]
    await closed(marks.slice(0, 1))
    // Told again, what was known is known once.
    expect(book.rows(chamber.session.id)).toEqual(chamber.known.sessions[0]?.rows)
    expect(await tells(chamber, [records, rests])).toEqual(['pause closed-part'])
    expect(await tells(chamber, [records, rests], sessionId.parse(newId()))).toEqual([])
    await closed(marks)
    expect(await tells(chamber, [rests])).toEqual(['resume'])
  })

  test('alone the chamber tells it until the recorder proves it; beside the server once each news, and never against a newer one', async () => {
    await using chamber = await putKnownChamber({ agreed: true })
    const began = chamber.began('none')
    const ended = chamber.ended()
    const closes = (book: ChamberBook) => book.hear([began])
    const opens = (book: ChamberBook) => book.hear([ended])
    const evening = [records, closes, records, records, rests, opens, rests, rests, records]
    expect(await tells(chamber, evening)).toEqual(['pause closed-part', 'pause closed-part', 'resume', 'resume'])
    // The last rest is of a closed part that only the server knows of yet.
    expect(await tells(chamber, [...evening, rests, rests], chamber.session.id, false)).toEqual(['pause closed-part', 'resume'])
    // An agent that was started beside its server ends no rest of it, whatever this disk remembers.
    const over = (book: ChamberBook) => book.hear([began, ended])
    expect(await tells(chamber, [over, rests, rests], chamber.session.id, false)).toEqual([])
    const takesBack = (book: ChamberBook) => book.hear([chamber.takenBack(began)])
    for (const isAlone of [true, false])
      expect(await tells(chamber, [closes, records, takesBack, rests], chamber.session.id, isAlone)).toEqual([
        'pause closed-part',
        'resume',
      ])
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

test('R17: a closed part is encrypted only where the council lets it and has keys; what cannot be encrypted is not recorded', async () => {
  await using chamber = await putKnownChamber({ agreed: true })
  const { council } = chamber
  expect(closedWish(council, 'restricted')).toEqual({ sealTo: council.closedPartKeys })
  expect(closedWish({ ...council, closedPartRecording: 'none' }, 'restricted')).toBe('closed')
  expect(closedWish({ ...council, closedPartKeys: [] }, 'restricted')).toBe('closed')
  expect([closedWish(council, 'none'), closedWish(council, undefined)]).toEqual(['closed', 'closed'])
  const told: string[] = []
  const note = (act: string) => async () => void told.push(act)
  const hand = { rest: note('rest'), resume: note('resume'), unseal: note('unseal'), seal: () => Promise.reject(new Error('no age key')) }
  await doAsWished(closedWish(council, 'restricted'), records, hand, (cause) => told.push(String(cause)))
  expect(told).toEqual(['Error: no age key', 'rest'])
})

test('R17: the page without a server takes a closing that the law refuses, shows no picture in it, and refuses to go on recording', async () => {
  await using of = await putKnownChamber({ agreed: false })
  const told: string[] = []
  const note = (act: string) => async (_: string, cause?: unknown, instead?: unknown) => void told.push([act, cause, instead].join(' '))
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
  expect(told).toEqual(['pause closed-part true'])
  // What is sealed may go on after a person's pause.
  proof.sealed = true
  expect(await hand.command('resume')).toBe(202)
  await hand.tap(of.ended())
  expect([await hand.picture(), await hand.command('start')]).toEqual([200, 202])
  expect(told.slice(1)).toEqual(['resume  ', 'start  '])
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

import { expect, test } from 'vitest'
import type { ProofOfLife } from '../../../recorder/control-protocol.ts'
import type { ClosedPart } from '../../../storage/model/closed-parts.ts'
import { type EventId, eventId, newId } from '../../../storage/model/ids.ts'
import { doAsWished, ordersFor, restsForUs, type Wish, type Wisher, wishOf } from '../../../web/closed-part/closed-wish.ts'
import { councilOf } from '../../fixtures/council/marked-session.ts'

const [a, b] = [eventId.parse(newId()), eventId.parse(newId())]
const sealTo = ['age1x']
const proves = (of: Partial<ProofOfLife>) => of as ProofOfLife

const recorders = {
  records: proves({ state: 'recording' }),
  begins: proves({ state: 'starting' }),
  sealed: proves({ state: 'recording', sealed: true, closings: [a] }),
  rests: proves({ state: 'paused', rests: 'closed-part', cause: 'closed-part', closings: [a] }),
  'rests for both': proves({ state: 'paused', rests: 'closed-part', cause: 'a fault of the disk', closings: [a, b] }),
  'rests, nameless': proves({ state: 'paused', rests: 'closed-part', closings: [] }),
  'rests, of before': proves({ state: 'paused', cause: 'closed-part' }),
  paused: proves({ state: 'paused', rests: 'paused' }),
  'paused, sealed': proves({ state: 'paused', rests: 'paused', sealed: true, closings: [a] }),
  stopped: proves({ state: 'stopped' }),
}
const wishes: Record<'open' | 'closed a' | 'closed b' | 'sealed a' | 'sealed b', Wish> = {
  open: { is: 'open' },
  'closed a': { is: 'closed', marks: [a] },
  'closed b': { is: 'closed', marks: [b] },
  'sealed a': { is: 'sealed', marks: [a], sealTo },
  'sealed b': { is: 'sealed', marks: [b], sealTo },
}

/** What each recorder is told, by who knows the marks; nothing where it does not stand. */
function table(wish: Wish, knows: readonly EventId[], endsNameless: boolean): Record<string, string> {
  const wisher: Wisher = { wish, knows: (mark) => knows.includes(mark), endsNameless }
  const name = (id: EventId | undefined) => (id === a ? 'a' : id === b ? 'b' : '-')
  const told = Object.entries(recorders).map(([of, proof]) => {
    const orders = ordersFor(wisher, proof).map((one) =>
      'closings' in one ? `${one.do} ${one.closings.map(name).join('')}`.trim() : `${one.do} ${name(one.closing)}`,
    )
    return [of, orders.join(', ')] as const
  })
  return Object.fromEntries(told.filter(([, orders]) => orders !== ''))
}

test('R17: over is said only by who knows every closed part that the recorder rests or encrypts for', () => {
  const knowsA = { sealed: 'unseal a', rests: 'resume a', 'paused, sealed': 'unseal a' }
  expect(table(wishes.open, [], false)).toEqual({})
  expect(table(wishes.open, [a], false)).toEqual(knowsA)
  expect(table(wishes.open, [b], false)).toEqual({})
  expect(table(wishes.open, [a, b], false)).toEqual({ ...knowsA, 'rests for both': 'resume ab' })
  // The server ended what it ordered before closed parts had names; what the chamber alone knows it does not end.
  const nameless = { 'rests, nameless': 'resume', 'rests, of before': 'resume' }
  expect(table(wishes.open, [], true)).toEqual(nameless)
  expect(table(wishes.open, [a], true)).toEqual({ ...knowsA, ...nameless })
})

test('R17: in a closed part nothing goes on in the clear, and who rests or encrypts for another learns the name of this one', () => {
  const starts = { records: 'rest b', begins: 'rest b', sealed: 'rest b' }
  expect(table(wishes['closed b'], [b], true)).toEqual({ ...starts, rests: 'rest b', 'rests, nameless': 'rest b' })
  expect(table(wishes['closed a'], [a], true)).toEqual({
    records: 'rest a',
    begins: 'rest a',
    sealed: 'rest a',
    'rests, nameless': 'rest a',
  })
  expect(table(wishes['sealed a'], [a], true)).toEqual({ records: 'seal a', begins: 'seal a', 'rests, nameless': 'rest a' })
  const names = { sealed: 'seal b', rests: 'rest b', 'rests, nameless': 'rest b' }
  expect(table(wishes['sealed b'], [b], false)).toEqual({ records: 'seal b', begins: 'seal b', ...names })
})

test('a recorder rests in a closed part by what it says of its rest; one of before by its cause', () => {
  const names = Object.entries(recorders).flatMap(([name, proof]) => (restsForUs(proof) ? [name] : []))
  expect(names).toEqual(['rests', 'rests for both', 'rests, nameless', 'rests, of before'])
})

test('R17: a closed part is encrypted only where the council lets it and has keys; what cannot be encrypted is not recorded', async () => {
  const council = { ...councilOf(3), closedPartRecording: 'restricted' as const, closedPartKeys: sealTo }
  const part = (recording: ClosedPart['recording'], toMs = Number.POSITIVE_INFINITY): ClosedPart[] => {
    const span = { fromMs: 0, toMs }
    return [{ marks: [a], ground: 'honra', recording, tapped: span, wall: span }]
  }
  const closed = { is: 'closed', marks: [a] }
  expect(wishOf(council, part('restricted'))).toEqual({ is: 'sealed', marks: [a], sealTo })
  expect(wishOf({ ...council, closedPartRecording: 'none' }, part('restricted'))).toEqual(closed)
  expect(wishOf({ ...council, closedPartKeys: [] }, part('restricted'))).toEqual(closed)
  expect([wishOf(council, part('none')), wishOf(undefined, part('restricted'))]).toEqual([closed, closed])
  expect([wishOf(council, []), wishOf(council, part('none', 1000))]).toEqual([{ is: 'open' }, { is: 'open' }])
  const told: string[] = []
  const note = (act: string) => async () => void told.push(act)
  const hand = { rest: note('rest'), resume: note('resume'), unseal: note('unseal'), seal: () => Promise.reject(new Error('no age key')) }
  const wisher = { wish: wishOf(council, part('restricted')), knows: () => true, endsNameless: true }
  await doAsWished(wisher, recorders.records, hand, (cause) => told.push(String(cause)))
  expect(told).toEqual(['Error: no age key', 'rest'])
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { judge } from '../../../../storage/model/law/judge.ts'
import { compareEvents, type SessionEvent } from '../../../../storage/model/session-events.ts'
import { nextAllowed } from '../../../../storage/model/session-rules.ts'
import { type SessionState, sessionState } from '../../../../storage/model/session-state.ts'
import { eventsOf, type Step, steps, world } from './random-session.ts'

const of = world()
const { council, session } = of
const stateOf = (events: readonly SessionEvent[]) => sessionState(events, council, session)

/** A seed of its own each run, printed, so that what breaks can be played again: ESCANO_SEED=… */
const seed = Number(process.env['ESCANO_SEED'] ?? Date.now() % 2 ** 31)
console.info(`random sessions: seed ${seed}`)
const runs = (numRuns: number) => ({ numRuns, seed })
/** About half a minute of one quiet core; a busy machine takes its time. */
const patienceMs = 900_000

/** What holds in every state, whatever was sent. */
function holds(state: SessionState): void {
  for (const vote of state.votes) {
    const cast = Object.keys(vote.ballots)
    if (vote.kind === 'secret' && cast.length > 0) throw new Error('a secret vote knows who voted what')
    if (cast.some((one) => !vote.voters.includes(one))) throw new Error('a ballot of somebody who does not vote')
    if (vote.voters.some((one) => vote.absent.includes(one))) throw new Error('present and absent at once')
    if (vote.counted && vote.tally && vote.tally.abstain !== vote.counted.abstain + vote.absent.length)
      throw new Error('R24 does not add up')
    if (vote.status !== 'proclaimed') continue
    const { favour = 0, against = 0, abstain = 0 } = vote.tally ?? {}
    if (favour + against + abstain !== vote.voters.length + vote.absent.length) throw new Error('the count is not those entitled')
    if (cast.length === vote.voters.length) {
      const sum = Object.values(vote.ballots).filter((one) => one === 'favour').length
      if (sum !== favour) throw new Error('the count is not the sum of the ballots')
    }
    if (vote.outcome === 'approved' && vote.majority === 'absolute' && favour < 4) throw new Error('approved without its majority')
    if (vote.outcome === 'approved' && favour < against) throw new Error('approved with more against')
    if (vote.round === 2 && vote.outcome === 'tie') throw new Error('a second tie that nobody decided')
  }
  for (const vote of state.votes.filter((one) => one.purpose === 'main')) precondition(state, vote)
  if (state.votes.filter((one) => one.status === 'open').length > 1) throw new Error('two votes open at once')
  for (const event of state.events)
    if (/^(ballot|tally|vote|item|floor)\./.test(event.type) && event.corrects === undefined) within(state, event)
}

/** No vote without its precondition (R5), no secret one without its ground (R22). */
function precondition(state: SessionState, vote: SessionState['votes'][number]): void {
  const item = state.items.find((one) => one.item.id === vote.item)?.item
  const before = state.votes.slice(0, state.votes.indexOf(vote)).filter((one) => one.item === vote.item && one.outcome === 'approved')
  const has = (purpose: string) => before.some((one) => one.purpose === purpose)
  if (item?.kind === 'proposicion' && !has('ratify-inclusion')) throw new Error('a proposición voted without ratification')
  if (item?.kind === 'mocion' && !has('urgency')) throw new Error('a moción voted without urgency')
  if (item?.kind === 'rogos-e-preguntas') throw new Error('rogos voted')
  if (has('postpone') || has('withdraw')) throw new Error('voted although it left the agenda')
  if (vote.kind === 'secret' && item?.matter === undefined && !has('secret-debate')) throw new Error('secret without ground')
  if (vote.kind === 'nominal' && !has('nominal-request')) throw new Error('nominal without its request')
}

/** Between the opening and the lifting only (R18). */
function within(state: SessionState, event: SessionEvent): void {
  const at = event.at.wallMs
  if (state.openedWallMs === undefined || at < state.openedWallMs) throw new Error(`${event.type} before the session`)
  if (state.liftedWallMs !== undefined && at > state.liftedWallMs) throw new Error(`${event.type} after the session`)
}

const facts = (state: SessionState) => JSON.stringify(state)
const inOrder = (events: readonly SessionEvent[]) => [...events].sort(compareEvents)
const played = (taken: readonly Step[]) => eventsOf(of, taken)

describe('whatever is sent, in whatever order', { timeout: patienceMs }, () => {
  test('20,000 random sessions keep every invariant', () => {
    let votes = 0
    let proclaimed = 0
    fc.assert(
      fc.property(steps(25), (taken) => {
        const state = stateOf(played(taken))
        holds(state)
        votes += state.votes.length
        proclaimed += state.votes.filter((one) => one.status === 'proclaimed').length
      }),
      runs(20_000),
    )
    console.info(`20,000 random sessions: ${votes} votes opened, ${proclaimed} proclaimed`)
    expect(proclaimed).toBeGreaterThan(2000)
  })

  test('arrival in another order, repeats, and a log that is replayed say the same', () => {
    fc.assert(
      fc.property(steps(20), fc.array(fc.nat(1000)), fc.nat(1000), (taken, repeats, by) => {
        const events = played(taken)
        const expected = facts(stateOf(events))
        const turned = [...events.slice(by % events.length), ...events.slice(0, by % events.length)].reverse()
        const again = repeats.map((one) => events[one % events.length] as SessionEvent)
        expect(facts(stateOf([...turned, ...again]))).toBe(expected)
        expect(facts(stateOf(JSON.parse(JSON.stringify(events)) as SessionEvent[]))).toBe(expected)
      }),
      runs(1500),
    )
  })

  test('which tablet marked what changes nothing', () => {
    fc.assert(
      fc.property(steps(20), fc.array(fc.nat(3), { minLength: 60, maxLength: 60 }), (taken, devices) => {
        // No two marks at the same millisecond: between those the device decides, by `compareEvents`.
        const spread = taken.map((step) => ({ ...step, afterMs: Math.abs(step.afterMs) + 100 }))
        const events = inOrder(played(spread))
        const moved = events.map((event, index) => ({ ...event, device: `other-${devices[index % 60]}`, seq: index + 1 }))
        const without = (state: SessionState) => facts({ ...state, events: [], setAside: [] })
        expect(without(stateOf(moved))).toBe(without(stateOf(events)))
      }),
      runs(1500),
    )
  })

  test('the state of a prefix never depends on what comes later, and the law that allows an event keeps it', () => {
    fc.assert(
      fc.property(steps(20), (taken) => {
        const events = inOrder(played(taken).filter((event) => event.corrects === undefined))
        const asideOfAll = new Set(stateOf(events).setAside.map((one) => one.event.id))
        for (let length = 0; length < events.length; length += 7) {
          const prefix = stateOf(events.slice(0, length))
          const next = events[length] as SessionEvent
          expect(asideOfAll.has(next.id)).toBe(!nextAllowed(prefix, next, council).allowed)
          expect(prefix.setAside.every((one) => asideOfAll.has(one.event.id))).toBe(true)
        }
      }),
      runs(1000),
    )
  })

  test('what the judge lets in, late or not, is never set aside, nor sets aside what was kept', () => {
    fc.assert(
      fc.property(steps(20), (taken) => {
        const kept: SessionEvent[] = []
        for (const event of played(taken)) {
          if (event.corrects === undefined && !event.type.startsWith('closed.') && judge([event], kept, { council, session }).allowed)
            kept.push(event)
        }
        const state = stateOf(kept)
        holds(state)
        expect(state.setAside).toEqual([])
      }),
      runs(500),
    )
  })

  test('a session that was lifted admits nothing that would enter the acta', () => {
    fc.assert(
      fc.property(steps(30), steps(20), (taken, later) => {
        const events = played(taken).filter((event) => event.type !== 'session.lifted')
        const at = Math.max(...events.map((event) => event.at.wallMs)) + 60_000
        const lifted = {
          ...(events[0] as SessionEvent),
          id: '018f0000-0000-7000-8000-00000000dead',
          seq: 9999,
          at: { wallMs: at, monotonicNs: '1', boot: 'b' },
          type: 'session.lifted',
        }
        const ended = stateOf([...events, lifted as SessionEvent])
        fc.pre(ended.phase === 'lifted')
        const after = played(later).filter((event) => event.corrects === undefined && event.type !== 'closed.began')
        const moved = after.map((event) => ({ ...event, at: { ...event.at, wallMs: event.at.wallMs + 10_000_000 } }))
        const acta = ({ events: _events, setAside: _aside, recordingGaps: _gaps, ...rest }: SessionState) => JSON.stringify(rest)
        expect(acta(stateOf([...events, lifted as SessionEvent, ...moved]))).toBe(acta(ended))
      }),
      runs(1000),
    )
  })
})

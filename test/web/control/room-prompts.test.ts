import { describe, expect, test } from 'vitest'
import type { Session } from '../../../storage/model/session.ts'
import { RoomPrompts } from '../../../web/control/page/room-prompts.ts'
import type { RecorderSight } from '../../../web/control/room.ts'
import { councilOf, markedSession, sessionWith } from '../../fixtures/council/marked-session.ts'

const council = councilOf(7)
const session: Session = { ...sessionWith(council, ['ditame']), convenedFor: 1_000_000 }
const minute = 60_000
const heard = (peakDb: number | null) =>
  ({ name: 'Sala', connected: true, session: session.id, proof: { state: 'recording', peakDb } }) as unknown as RecorderSight

describe('the page asks by itself', () => {
  test('to begin, from the announced hour on, until it is answered or the session is long past', () => {
    const { state } = markedSession(council, session)
    const prompts = new RoomPrompts()
    const at = (ms: number) => prompts.now(session, state(), 'ready', ms)?.kind
    expect([at(999_999), at(1_000_000), at(1_000_000 + 4 * 60 * minute)]).toEqual([undefined, 'hour', undefined])
    prompts.dismiss(1_000_001)
    expect(at(1_000_002)).toBeUndefined()
  })

  test('whether it is over, after five minutes without a sound, and never in a recess or while a word is heard', () => {
    const marked = markedSession(council, session)
    marked.open()
    const prompts = new RoomPrompts()
    prompts.see(heard(-20), 0)
    prompts.see(heard(-70), minute)
    const at = (ms: number) => prompts.now(session, marked.state(), 'recording', ms)
    expect(at(4 * minute)).toBeUndefined()
    expect(at(5 * minute)).toEqual({ kind: 'silence', minutes: 5 })
    prompts.see(heard(-30), 6 * minute)
    expect(at(7 * minute)).toBeUndefined()
    prompts.see(heard(null), 8 * minute)
    expect(at(11 * minute)?.kind).toBe('silence')
    prompts.dismiss(11 * minute)
    expect(at(12 * minute), 'the session goes on').toBeUndefined()
    marked.mark({ type: 'recess.began' })
    expect(at(30 * minute)).toBeUndefined()
  })

  test('nothing, but says how many marks went out when the line came back', () => {
    const { state } = markedSession(council, session)
    const prompts = new RoomPrompts()
    prompts.sent(7, 10)
    expect(prompts.now(session, state(), 'recording', 1_000)).toEqual({ kind: 'sent', count: 7 })
    expect(prompts.now(session, state(), 'recording', 9_000)).toBeUndefined()
  })
})

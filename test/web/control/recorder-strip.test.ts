import { describe, expect, test } from 'vitest'
import type { ProofOfLife } from '../../../recorder/control-protocol.ts'
import { mediaPlace, type StripInput, stripWord } from '../../../web/control/recorder-strip.ts'

const proof = (state: ProofOfLife['state'], change: Partial<ProofOfLife> = {}): ProofOfLife => ({
  state,
  provenMs: 0,
  provenWallMs: 0,
  mediaMs: 5_000,
  atWallMs: 100_000,
  speed: 1,
  peakDb: null,
  picture: true,
  part: 0,
  segments: 0,
  gaps: 0,
  unconfirmed: 0,
  diskFreeBytes: 1,
  ...change,
})
const input = (change: Partial<StripInput> & { state?: ProofOfLife['state']; at?: string | null; connected?: boolean }): StripInput => {
  const { state, at = 'ours', connected = true, ...rest } = change
  return {
    session: { id: 'ours' as StripInput['session']['id'], recorded: true },
    recorder: { name: 'Sala', connected, session: at, sightMs: 100_000, ...(state ? { proof: proof(state) } : {}) },
    linked: true,
    nowMs: 101_000,
    ...rest,
  }
}

describe('the one word of the chamber page', () => {
  test.each<[string, string, Parameters<typeof input>[0]]>([
    ['ready', 'a recorder stands there and does nothing', { state: 'idle', at: null }],
    ['ready', 'it has stopped another session', { state: 'stopped', at: 'other' }],
    ['asked', 'a start was asked and nothing is proven yet', { state: 'idle', at: null, askedMs: 100_500 }],
    ['starting', 'the recorder says that it starts', { state: 'starting', askedMs: 100_500 }],
    ['recording', 'the recorder proves that it records', { state: 'recording' }],
    ['stale', 'it recorded, and for six seconds nothing was heard', { state: 'recording', nowMs: 106_500 }],
    ['paused', 'it proves the pause', { state: 'paused' }],
    ['stopped', 'it proves the end', { state: 'stopped' }],
    ['stopped', 'it proved the end and then was switched off', { state: 'stopped', connected: false }],
    ['stopped', 'it told its end and was started again since', { state: 'idle', at: null, ended: true }],
    ['stopped', 'it told its end and is gone', { connected: false, at: null, ended: true }],
    ['failed', 'it says that it failed', { state: 'failed' }],
    ['other-session', 'it records another session', { state: 'recording', at: 'other' }],
    ['no-recorder', 'there is none', { connected: false, at: null }],
    ['unreachable', 'it recorded when its line broke', { state: 'recording', connected: false }],
    ['unreachable', 'the tablet has no line, whatever was proven before', { state: 'recording', linked: false }],
    ['unrecorded', 'the session is held without recording', { state: 'idle', session: { id: 'ours', recorded: false } as never }],
  ])('is %s when %s', (word, _, change) => {
    expect(stripWord(input(change))).toBe(word)
  })
})

describe('a tap finds its place on the media line', () => {
  test('by the last proof, the least lag seen, and the speed', () => {
    // The recorder's clock is 90 s behind the server's, and the way takes 30 ms.
    const recorder = { name: 'Sala', connected: true, session: 'ours', proof: proof('recording'), sightMs: 190_030 }
    expect(mediaPlace(recorder, 'ours', 192_030, 90_030)).toBe(7_000)
    expect(mediaPlace({ ...recorder, proof: proof('recording', { speed: 4 }) }, 'ours', 192_030, 90_030)).toBe(13_000)
    expect(mediaPlace({ ...recorder, proof: proof('paused', { speed: 0 }) }, 'ours', 192_030, 90_030)).toBe(5_000)
  })

  test('and has none before anything is captured, or in another session', () => {
    const recorder = { name: 'Sala', connected: true, session: 'ours', proof: proof('starting'), sightMs: 1 }
    expect(mediaPlace(recorder, 'ours', 2, 0)).toBeUndefined()
    expect(mediaPlace({ ...recorder, proof: proof('recording') }, 'other', 2, 0)).toBeUndefined()
  })
})

import { expect, test } from 'vitest'
import type { ProofOfLife } from '../../../recorder/control-protocol.ts'
import { newId, recorderId } from '../../../storage/model/ids.ts'
import type { AgentView } from '../../../web/agent/agents.ts'
import { lineOfProof } from '../../../web/agent/session-line.ts'

const view = (proof: Partial<ProofOfLife>, proofAtMs: number): AgentView => ({
  ...{ recorder: recorderId.parse(newId()), name: 'Salón', connected: false, session: null, proofAtMs },
  proof: { state: 'recording', provenMs: 0, provenWallMs: 0, mediaMs: 0, atWallMs: 0, speed: 1, ...proof } as ProofOfLife,
})

test('the line of a session stands where its recorder proved it, and goes on by our clock alone', () => {
  // The recorder's clock is an hour behind: it proved 60 s at its own 100 000 and said so 2 s later, 5 s ago.
  const told = view({ provenMs: 60_000, provenWallMs: 100_000, atWallMs: 102_000 }, 3_700_000)
  expect(lineOfProof(told, 3_705_000)).toEqual({ mediaMs: 67_000, speed: 1, atMs: 3_700_000 })
})

test('it goes on while the recorder rests, and eight times as fast where a sample is played so', () => {
  const rests = view({ state: 'paused', provenMs: 60_000, provenWallMs: 100_000, atWallMs: 160_000, speed: 0 }, 500_000)
  expect(lineOfProof(rests, 501_000)?.mediaMs).toBe(121_000)
  const fast = view({ provenMs: 8000, provenWallMs: 1000, atWallMs: 2000, speed: 8 }, 2000)
  expect(lineOfProof(fast, 2000)).toMatchObject({ mediaMs: 16_000, speed: 8 })
})

test('a recorder that proved nothing yet tells nothing', () => {
  expect(lineOfProof(view({ state: 'starting' }, 1000), 2000)).toBeUndefined()
})

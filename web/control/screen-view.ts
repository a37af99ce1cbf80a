import { z } from 'zod'
import type { Council } from '../../storage/model/council.ts'
import type { Session } from '../../storage/model/session.ts'
import { correctedMs, floorTurn, votePurpose } from '../../storage/model/session-events.ts'
import { hasQuorum, presentMembers, type SessionState } from '../../storage/model/session-state.ts'
import { conductWords, controlWords } from '../words/staff-words.ts'
import { ownProof } from './recorder-strip.ts'
import { floorNow, openVote, type RecorderSight, speakerName } from './room.ts'

const count = z.int().nonnegative()

/** What the room may see on its screen: nothing that is not said aloud in it. */
export const screenView = z.object({
  council: z.string(),
  kind: z.enum(['ordinary', 'extraordinary', 'extraordinary-urgent']),
  convenedFor: z.number(),
  timeZone: z.string(),
  phase: z.enum(['before', 'open', 'recess', 'closed-part', 'lifted', 'not-held']),
  recording: z.enum(['recording', 'paused', 'none']),
  item: z.object({ number: count, title: z.object({ gl: z.string(), es: z.string() }), sinceMs: z.number() }).optional(),
  speaker: z.object({ gl: z.string(), es: z.string(), turn: floorTurn, sinceMs: z.number() }).optional(),
  vote: votePurpose.optional(),
  result: z.object({ outcome: z.enum(['approved', 'rejected', 'tie']), favour: count, against: count, abstain: count }).optional(),
  quorum: z.object({ present: count, legal: count, has: z.boolean() }).optional(),
})
export type ScreenView = z.infer<typeof screenView>
/** What the second screen's page needs to follow by itself. */
export interface ScreenSeed {
  council: string
  token: string
  view: ScreenView
  serverMs: number
}

export const screenMessage = z.object({ serverMs: z.number(), view: screenView })

/** The second screen at one instant. Of a closed part it says that it is one, and nothing else. */
export function toScreenView(state: SessionState, council: Council, session: Session, recorder: RecorderSight): ScreenView {
  const doing = ownProof(recorder, session.id)?.state
  const always = {
    council: council.name,
    kind: session.kind,
    convenedFor: session.convenedFor,
    timeZone: council.timeZone,
    phase: state.phase,
    recording: doing === 'recording' || doing === 'paused' ? doing : 'none',
  } as const
  if (state.phase !== 'open' && state.phase !== 'recess') return always
  const present = presentMembers(state, council).length
  const vote = openVote(state)
  return {
    ...always,
    quorum: { present, legal: council.legalNumber, has: hasQuorum(state, council) },
    ...itemAndResult(state),
    ...(state.phase === 'open' ? speakerOf(state, council) : {}),
    ...(vote ? { vote: vote.purpose } : {}),
  }
}

function itemAndResult(state: SessionState): Pick<ScreenView, 'item' | 'result'> {
  const item = state.items.find((one) => one.item.id === state.currentItem)?.item
  const opened = state.events.findLast((one) => one.type === 'item.opened')
  if (!item || !opened) return {}
  const done = state.votes.findLast((one) => one.item === item.id && one.status === 'proclaimed')
  const result = done?.outcome && done.tally ? { outcome: done.outcome, ...done.tally } : undefined
  return { item: { number: item.number, title: item.title, sinceMs: correctedMs(opened) }, ...(result ? { result } : {}) }
}

function speakerOf(state: SessionState, council: Council): Pick<ScreenView, 'speaker'> {
  const floor = floorNow(state)
  if (floor?.event.type !== 'floor.given') return {}
  const name = (language: 'gl' | 'es') =>
    speakerName(floor.speaker, council, { ...conductWords[language], secretary: controlWords[language].secretary })
  return { speaker: { gl: name('gl'), es: name('es'), turn: floor.event.turn, sinceMs: correctedMs(floor.event) } }
}

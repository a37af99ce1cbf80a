import type { Council, Language } from '../../../storage/model/council.ts'
import { correctedMs, type SessionEvent } from '../../../storage/model/session-events.ts'
import type { SessionState } from '../../../storage/model/session-state.ts'
import { markSentence } from '../mark-sentence.ts'
import { isForGood } from '../marks.ts'
import type { RoomModel } from '../room-model.ts'
import type { KeptMark } from './outbox.ts'

const shownActs = 5

interface Told {
  council: Council
  state: SessionState
  language: Language
}

/** Acts of this tablet that stand, the newest first; what took another back is none, what moved it in time takes its place. */
export function recentActs(marks: readonly KeptMark[], of: Told): RoomModel['recent'] {
  const standing = new Set(of.state.events.map((one) => one.id as string))
  const acts = new Map<string, SessionEvent[]>()
  for (const { act, event, status } of marks) {
    if (status === 'refused' || isUndo(event) || !standing.has(event.id)) continue
    acts.set(act, [...(acts.get(act) ?? []), event])
  }
  return [...acts]
    .reverse()
    .slice(0, shownActs)
    .map(([act, events]) => ({
      act,
      sentence: markSentence(events, of.council, of.state, of.language),
      atMs: correctedMs(events[0] as SessionEvent),
      forGood: events.some(isForGood),
    }))
}

function isUndo(event: SessionEvent): boolean {
  return event.type === 'note' && event.corrects !== undefined
}

/** The events of one act that count now. */
export function standingOf(act: string, marks: readonly KeptMark[], state: SessionState): SessionEvent[] {
  const standing = new Set(state.events.map((one) => one.id as string))
  return marks
    .filter((one) => one.act === act && one.status !== 'refused' && standing.has(one.id) && !isUndo(one.event))
    .map((one) => one.event)
}

/** What the server did not take, an act at a time, with what the law says. */
export function refusedActs(marks: readonly KeptMark[], of: Told): RoomModel['refused'] {
  const acts = new Map<string, KeptMark[]>()
  for (const mark of marks) if (mark.refusal) acts.set(mark.act, [...(acts.get(mark.act) ?? []), mark])
  return [...acts.values()].flatMap((refused) => {
    const refusal = refused[0]?.refusal
    if (!refusal) return []
    const sentence = markSentence(
      refused.map((one) => one.event),
      of.council,
      of.state,
      of.language,
    )
    return [{ ids: refused.map((one) => one.id), sentence, reason: refusal.reason[of.language], article: refusal.article }]
  })
}

/** How long the server has left this tablet's closing unanswered, ms. */
export function closingMs(marks: readonly KeptMark[], state: SessionState, serverMs: number): number | undefined {
  if (state.phase !== 'closed-part') return undefined
  const waits = marks.find((one) => one.status === 'pending' && one.event.type === 'closed.began')
  return waits ? Math.max(0, serverMs - (waits.event.at.wallMs - (waits.event.at.offsetMs ?? 0))) : undefined
}

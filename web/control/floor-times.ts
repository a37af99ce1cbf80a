import { correctedMs, type EventOf, type SessionEvent, type Speaker } from '../../storage/model/session-events.ts'
import type { SessionState } from '../../storage/model/session-state.ts'

/** A turn of the floor by its hours; `toMs` is absent while it lasts. */
export interface SpokenTurn {
  speaker: Speaker
  turn: EventOf<'floor.given'>['turn']
  item: string | undefined
  fromMs: number
  toMs?: number
}

const endsFloor: ReadonlySet<SessionEvent['type']> = new Set([
  'floor.given',
  'floor.ended',
  'vote.opened',
  'item.opened',
  'item.closed',
  'recess.began',
  'session.lifted',
])

/** Who spoke and how long, in order, on the clock of the recorder, Unix ms. */
export function spokenTurns(state: SessionState): SpokenTurn[] {
  const turns: SpokenTurn[] = []
  let item: string | undefined
  for (const event of state.events) {
    if (event.type === 'item.opened') item = event.item
    if (event.type === 'item.closed' && event.item === item) item = undefined
    const last = turns.at(-1)
    if (last && last.toMs === undefined && endsFloor.has(event.type)) last.toMs = correctedMs(event)
    if (event.type === 'floor.given') turns.push({ speaker: event.speaker, turn: event.turn, item, fromMs: correctedMs(event) })
  }
  return turns
}

/** Turns and time of each who spoke on an item; the turn that lasts counts until now. */
export function timesOnItem(
  turns: readonly SpokenTurn[],
  item: string | undefined,
  nowMs: number,
): Map<Speaker, { turns: number; ms: number }> {
  const times = new Map<Speaker, { turns: number; ms: number }>()
  for (const turn of turns.filter((one) => one.item === item)) {
    const before = times.get(turn.speaker) ?? { turns: 0, ms: 0 }
    times.set(turn.speaker, { turns: before.turns + 1, ms: before.ms + Math.max(0, (turn.toMs ?? nowMs) - turn.fromMs) })
  }
  return times
}

/** The last speakers, each once, the newest first. */
export function recentSpeakers(turns: readonly SpokenTurn[], count: number): Speaker[] {
  return [...new Set([...turns].reverse().map((one) => one.speaker))].slice(0, count)
}

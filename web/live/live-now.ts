import { closedParts, isClosedNow } from '../../storage/model/closed-parts.ts'
import { type LiveFacts, leadSilenceMs, liveRun } from '../../storage/model/live-window.ts'
import type { SegmentLine } from '../../storage/model/recording.ts'
import type { SessionState } from '../../storage/model/session-state.ts'
import type { LivePhase } from './live-protocol.ts'

export interface LiveNow {
  phase: LivePhase
  /** What may be fetched now, in order; empty unless `live`. */
  segments: SegmentLine[]
  /** Names the run of segments: with another one the player begins anew. */
  run: string
}

/** What of a session may be seen now. @param recorderRuns the recorder proved a moment ago that it records */
export function liveNow(state: SessionState, facts: Omit<LiveFacts, 'events'>, recorderRuns: boolean): LiveNow {
  const of = { ...facts, events: state.events }
  const nothing = (phase: LivePhase): LiveNow => ({ phase, segments: [], run: '' })
  if (state.phase === 'before') return nothing('before')
  if (state.phase === 'lifted' || state.phase === 'not-held') return nothing('over')
  if (state.phase === 'closed-part' || isClosedNow(closedParts(of.events, of.segments))) return nothing('closed')
  if (of.leadHeardMs === undefined || of.nowMs - of.leadHeardMs > leadSilenceMs) return nothing('stopped')
  const segments = liveRun(of)
  const first = segments[0]
  if (state.phase === 'recess') return nothing('recess')
  if (first === undefined) return nothing(recorderRuns ? 'waiting' : 'stopped')
  return {
    phase: 'live',
    segments,
    run: `${first.recorder}-${first.part}-${state.events.filter((one) => one.type.startsWith('closed.')).length}`,
  }
}

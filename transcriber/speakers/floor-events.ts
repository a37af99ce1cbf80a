import type { Council, Member, Office } from '../../storage/model/council.ts'
import type { SessionState } from '../../storage/model/session-state.ts'
import type { SpeechRegion } from '../voice-activity.ts'
import type { SpeakerClue } from './speaker-clue.ts'

/** A tap comes late, or a little early: the turn began at a pause up to 4 s before it and 1 s after it. */
const reach = { beforeMs: 4000, afterMs: 1000 }

/** Key by which a member is known in transcripts: the one of the evidence files, else the member's id. */
export function speakerKey(of: Member): string {
  return of.speaker ?? of.id
}

/**
 * Who had the floor when, as the secretary tapped it; between two turns the presidency, who gives it.
 * @param state what the session's events say
 * @param untilMs end of the recording
 */
export function floorClues(state: SessionState, council: Council, speech: readonly SpeechRegion[], untilMs: number): SpeakerClue[] {
  const turns = state.floor.flatMap((turn) => {
    if (turn.span === undefined) return []
    const fromMs = snap(turn.span.fromMs, speech)
    const toMs = turn.span.toMs === undefined ? untilMs : snap(turn.span.toMs, speech)
    return [{ speaker: speakerOfFloor(turn.speaker, state, council), fromMs, toMs, source: 'floor' as const }]
  })
  const ordered = turns.filter((turn) => turn.toMs > turn.fromMs).sort((a, b) => a.fromMs - b.fromMs)
  const chair = council.members.find((one) => one.id === state.presidency)
  if (!chair) return ordered
  const between: SpeakerClue[] = []
  let at = 0
  for (const turn of [...ordered, { fromMs: untilMs, toMs: untilMs }]) {
    if (turn.fromMs > at) between.push({ speaker: speakerKey(chair), fromMs: at, toMs: turn.fromMs, source: 'presidency' })
    at = Math.max(at, turn.toMs)
  }
  return [...ordered, ...between]
}

function speakerOfFloor(speaker: string, state: SessionState, council: Council): string {
  const officer = (office: Office) => council.members.find((one) => one.roles.some((role) => role.office === office))
  const member =
    speaker === 'secretary'
      ? (council.members.find((one) => one.id === state.secretary) ?? officer('secretary'))
      : speaker === 'intervention'
        ? officer('intervention')
        : council.members.find((one) => one.id === speaker)
  return member ? speakerKey(member) : speaker
}

/** The start of speech after a pause nearest to the tap; the tap itself when there is none within reach. */
function snap(atMs: number, speech: readonly SpeechRegion[]): number {
  const starts = speech.map((region) => region.fromMs).filter((start) => start >= atMs - reach.beforeMs && start <= atMs + reach.afterMs)
  return starts.reduce((best, start) => (Math.abs(start - atMs) < Math.abs(best - atMs) ? start : best), starts[0] ?? atMs)
}

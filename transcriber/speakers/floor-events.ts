import type { Council, Member, Office } from '../../storage/model/council.ts'
import type { SessionState } from '../../storage/model/session-state.ts'
import type { SpeechRegion } from '../voice-activity.ts'
import type { SpeakerClue } from './speaker-clue.ts'

/** A finger comes late: the turn began about 1.5 s before the tap, within a pause up to 4 s before it and 1 s after it. */
const lag = { beforeMs: 4000, afterMs: 1000, usualMs: 1500, spreadMs: 1000 }

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
  const chair = council.members.find((one) => one.id === state.presidency)
  const taps = state.floor.flatMap((turn) =>
    turn.span === undefined ? [] : [{ speaker: speakerOfFloor(turn.speaker, state, council), ...turn.span }],
  )
  return tapClues(taps, chair && speakerKey(chair), speech, untilMs)
}

/** Taps as clues: each moved to the beginning of speech it means, and the chair between them. */
export function tapClues(
  taps: readonly { speaker: string; fromMs: number; toMs?: number }[],
  chair: string | undefined,
  speech: readonly SpeechRegion[],
  untilMs: number,
): SpeakerClue[] {
  const ordered = taps
    .map((tap) => ({
      speaker: tap.speaker,
      fromMs: snap(tap.fromMs, speech),
      toMs: tap.toMs === undefined ? untilMs : snap(tap.toMs, speech),
      source: 'floor' as const,
    }))
    .filter((turn) => turn.toMs > turn.fromMs)
    .sort((a, b) => a.fromMs - b.fromMs)
  if (chair === undefined) return ordered
  const between: SpeakerClue[] = []
  let at = 0
  for (const turn of [...ordered, { fromMs: untilMs, toMs: untilMs }]) {
    if (turn.fromMs > at) between.push({ speaker: chair, fromMs: at, toMs: turn.fromMs, source: 'presidency' })
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

/** The start of speech that the tap likeliest means: near the usual lag, and after a longer pause; the tap itself when none is in reach. */
function snap(atMs: number, speech: readonly SpeechRegion[]): number {
  let best = { atMs, worth: 0 }
  for (const [i, { fromMs }] of speech.entries()) {
    if (fromMs < atMs - lag.beforeMs || fromMs > atMs + lag.afterMs) continue
    const pauseMs = fromMs - (speech[i - 1]?.toMs ?? 0)
    const away = (fromMs - (atMs - lag.usualMs)) / lag.spreadMs
    const worth = Math.exp((-away * away) / 2) * Math.min(1, Math.max(0.2, pauseMs / 800))
    if (worth > best.worth) best = { atMs: fromMs, worth }
  }
  return best.atMs
}

import { z } from 'zod'
import { type MicrophoneEvent, microphoneEvent } from '../../storage/model/microphone-events.ts'
import { type EvidenceSeat, evidenceSeat } from '../../storage/model/transcript.ts'
import type { SpeakerClue } from './speaker-clue.ts'

/** A file of evidence that does not hold what contracts.md §7 says. */
export class EvidenceError extends Error {
  override readonly name = 'EvidenceError'
}

const mostEvents = 200_000

/** Reads microphone-events.jsonl. @throws EvidenceError with the number of the line */
export function parseMicrophoneEvents(text: string): MicrophoneEvent[] {
  const lines = text.split('\n')
  if (lines.length > mostEvents) throw new EvidenceError(`more than ${mostEvents} microphone events`)
  return lines.flatMap((line, i) => {
    if (line.trim() === '') return []
    const parsed = microphoneEvent.safeParse(json(line, `line ${i + 1} of the microphone events`))
    if (!parsed.success) throw new EvidenceError(`line ${i + 1} of the microphone events: ${z.prettifyError(parsed.error)}`)
    return [parsed.data]
  })
}

/** Reads seats.json. @throws EvidenceError */
export function parseSeats(text: string): EvidenceSeat[] {
  const parsed = z.array(evidenceSeat).max(2000).safeParse(json(text, 'the seats'))
  if (!parsed.success) throw new EvidenceError(`the seats: ${z.prettifyError(parsed.error)}`)
  return parsed.data
}

/**
 * Who may have spoken when, from the conference system: each time a microphone was on, for whoever sits there then. On is permission,
 * not speech: voice activity decides whether anybody spoke (fuse.ts).
 * @param untilMs end of the recording: a microphone never switched off was on until then
 */
export function microphoneClues(events: readonly MicrophoneEvent[], seats: readonly EvidenceSeat[], untilMs: number): SpeakerClue[] {
  const bySeat = new Map<number, MicrophoneEvent[]>()
  for (const event of events) bySeat.set(event.seat, [...(bySeat.get(event.seat) ?? []), event])
  return [...bySeat].flatMap(([seat, own]) => intervals(own, untilMs).flatMap((on) => occupants(seat, on, seats, 'microphone')))
}

/** Moments at which a microphone was switched on: where the floor may change. */
export function switchOnTimes(events: readonly MicrophoneEvent[]): number[] {
  return events.filter((event) => event.event === 'on').map((event) => Math.round(event.t * 1000))
}

function intervals(events: readonly MicrophoneEvent[], untilMs: number): { fromMs: number; toMs: number }[] {
  const found: { fromMs: number; toMs: number }[] = []
  // A first event "off" means it was on since before the recording.
  const ordered = [...events].sort((a, b) => a.t - b.t)
  let since: number | undefined = ordered[0]?.event === 'off' ? 0 : undefined
  for (const event of ordered) {
    const at = Math.round(event.t * 1000)
    if (event.event === 'on') since ??= at
    else if (since !== undefined) {
      found.push({ fromMs: since, toMs: at })
      since = undefined
    }
  }
  if (since !== undefined && since < untilMs) found.push({ fromMs: since, toMs: untilMs })
  return found
}

/** A seat is not a person: the interval is cut where somebody else sits down; nobody known there is `seat-N`. */
export function occupants(
  seat: number,
  on: { fromMs: number; toMs: number },
  seats: readonly EvidenceSeat[],
  source: SpeakerClue['source'],
): SpeakerClue[] {
  const own = seats
    .filter((one) => one.seat === seat)
    .map((one) => ({ speaker: one.speaker, fromMs: one.from * 1000, toMs: one.to === null ? Number.POSITIVE_INFINITY : one.to * 1000 }))
    .sort((a, b) => a.fromMs - b.fromMs)
  const clues: SpeakerClue[] = []
  let at = on.fromMs
  const add = (speaker: string, toMs: number) => {
    if (toMs > at) clues.push({ speaker, fromMs: at, toMs, source })
    at = Math.max(at, toMs)
  }
  for (const one of own) {
    if (one.toMs <= at || one.fromMs >= on.toMs) continue
    add(`seat-${seat}`, Math.min(one.fromMs, on.toMs))
    add(one.speaker, Math.min(one.toMs, on.toMs))
  }
  add(`seat-${seat}`, on.toMs)
  return clues
}

function json(text: string, what: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new EvidenceError(`${what}: not JSON`, { cause: error })
  }
}

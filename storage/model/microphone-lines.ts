import { z } from 'zod'
import { sha256Now, toHex } from '../custody/sha256.ts'
import { type ReportedMicrophoneEvent, reportedMicrophoneEvent } from './microphone-events.ts'

/** What is wrong with a line; each room says it in its own words. */
export const lineProblem = z.enum(['not-json', 'seat', 'channel', 'event', 'id', 'source', 'time', 'clock', 'too-long'])
export type LineProblem = z.infer<typeof lineProblem>

/** What was read of a batch: the events of its good lines, and its bad lines by number, counted from 1. */
export interface MicrophoneLines {
  events: ReportedMicrophoneEvent[]
  refused: { line: number; problem: LineProblem }[]
}

/** What a batch means where it came to. */
export interface LineRules {
  /** `t`, seconds from the start of the recording, is known only where the session is. */
  recordingTime: boolean
  /** Unix ms of a line without time, which then happened as it came; absent where nothing came as it happened. */
  untimedMs?: number
  /** Unix ms now: a line a day later than this tells of a clock that is wrong. */
  nowMs: number
}

const longestLine = 2000
const dayMs = 86_400_000
/** Escano is younger; a clock that never was set says 1970 or 2000. */
const earliestMs = Date.UTC(2020, 0, 1)

const when = z.union([z.int(), z.iso.datetime({ offset: true })])

/**
 * Reads JSON lines, `{"id":"9137","seat":3,"event":"on","at":"2026-10-27T19:12:03.250+01:00"}`, or one such object, or an array of them. `at` may be
 * Unix ms. What a line says besides is left out. A bad line takes no good one with it; empty lines count and say nothing.
 */
export function readMicrophoneLines(text: string, rules: LineRules): MicrophoneLines {
  const found: MicrophoneLines = { events: [], refused: [] }
  for (const [index, value] of valuesOf(text).entries()) {
    if (value === undefined) continue
    const read = typeof value === 'string' ? value : readLine(value, rules)
    if (typeof read === 'string') found.refused.push({ line: index + 1, problem: read })
    else found.events.push(read)
  }
  return found
}

/** Each line as the object it holds, or its problem; undefined for an empty one. */
function valuesOf(text: string): (object | LineProblem | undefined)[] {
  const clean = text.replace(/^\uFEFF/, '')
  const whole = parse(clean)
  if (Array.isArray(whole)) return whole.map((one: unknown) => (isObject(one) ? one : 'not-json'))
  if (isObject(whole)) return [whole]
  return clean.split(/\r?\n/).map((line) => {
    if (line.trim() === '') return undefined
    if (line.length > longestLine) return 'too-long'
    const value = parse(line)
    return isObject(value) ? value : 'not-json'
  })
}

function readLine(value: object, rules: LineRules): ReportedMicrophoneEvent | LineProblem {
  const said: Record<string, unknown> = { ...value }
  const time = timeOf(said, rules)
  if (typeof time === 'string') return time
  const source = said['source'] ?? ''
  const given = typeof said['id'] === 'number' ? String(said['id']) : said['id']
  const id = given ?? toHex(sha256Now(new TextEncoder().encode(JSON.stringify([said['seat'], said['event'], time]))))
  const { seat, channel, event } = said
  const parsed = reportedMicrophoneEvent.safeParse({ id, source, seat, ...(channel == null ? {} : { channel }), event, ...time })
  if (!parsed.success) return lineProblem.catch('not-json').parse(parsed.error.issues[0]?.path[0])
  // NUL and half of a surrogate pair are no text that can be kept.
  if (!isText(parsed.data.id)) return 'id'
  return isText(parsed.data.source) ? parsed.data : 'source'
}

function timeOf(said: Record<string, unknown>, rules: LineRules): Pick<ReportedMicrophoneEvent, 'clock' | 'ms'> | LineProblem {
  const { t, at } = said
  if (t !== undefined) {
    const seconds = z.number().nonnegative().max(dayMs).safeParse(t)
    return rules.recordingTime && at === undefined && seconds.success ? { clock: 'recording', ms: Math.round(seconds.data * 1000) } : 'time'
  }
  if (at === undefined) return rules.untimedMs === undefined ? 'time' : { clock: 'source', ms: rules.untimedMs }
  const read = when.safeParse(at)
  if (!read.success) return 'time'
  const ms = typeof read.data === 'number' ? read.data : Date.parse(read.data)
  return ms < earliestMs || ms > rules.nowMs + dayMs ? 'clock' : { clock: 'source', ms }
}

const isText = (text: string) => !text.includes('\u0000') && text.isWellFormed()
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value)

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // What is no JSON is said of its line.
    return undefined
  }
}

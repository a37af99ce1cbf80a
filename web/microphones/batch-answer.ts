import type { Language } from '../../storage/model/council.ts'
import type { CouncilId } from '../../storage/model/ids.ts'
import type { ConferenceSystem } from '../../storage/records/microphones.ts'
import { microphonesWords } from '../words/staff-words.ts'
import type { Microphones } from './microphones.ts'

/** What a conference system is told of what it sent, by HTTP or by WebSocket. */
export interface BatchAnswer {
  /** Events that are on the disk now and were not before. */
  taken: number
  /** Events that were there already. */
  known: number
  /** Lines that were left out, by number from 1, and why. */
  refused: { line: number; error: string }[]
  /** The server's clock, Unix ms: a system can tell how far off its own is. */
  serverMs: number
}

/** @throws TooManyLinesError */
export async function batchAnswer(
  microphones: Microphones,
  from: { council: CouncilId; system: ConferenceSystem; language: Language },
  text: string,
): Promise<{ status: 200 | 400 | 422; answer: BatchAnswer | { error: string } }> {
  const words = microphonesWords[from.language]
  const nowMs = Date.now()
  const rules = { recordingTime: false, untimedMs: nowMs, nowMs }
  const { taken, known, refused } = await microphones.takeLines(from.council, { origin: from.system.id }, text, rules)
  if (taken + known + refused.length === 0) return { status: 400, answer: { error: words.empty } }
  const answer = { taken, known, refused: refused.map(({ line, problem }) => ({ line, error: words.problems[problem] })), serverMs: nowMs }
  return { status: taken + known === 0 ? 422 : 200, answer }
}

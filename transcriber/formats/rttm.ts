import type { Transcript } from '../../storage/model/transcript.ts'
import { contentLines, FormatError, seconds, secondsField } from './format-error.ts'

/** Somebody speaks from here to there, seconds (NIST RTTM, lines of type SPEAKER). */
export interface Turn {
  file: string
  speaker: string
  start: number
  end: number
}

/** Lines of other types are left out. @throws FormatError */
export function parseRttm(text: string): Turn[] {
  return contentLines(text, 'RTTM').flatMap(({ number, line }) => {
    const fields = line.split(/\s+/)
    if (fields[0] !== 'SPEAKER') return []
    const where = `line ${number} of the RTTM`
    const [, file, , start, duration, , , speaker] = fields
    if (!file || !speaker) throw new FormatError(`${where}: expected "SPEAKER file 1 start duration <NA> <NA> speaker <NA> <NA>"`)
    const from = secondsField(start, where)
    return [{ file, speaker, start: from, end: from + secondsField(duration, where) }]
  })
}

/** Turns of a transcript: utterances of one speaker less than a second apart are one turn. Those nobody is known for are left out. */
export function turnsOf(of: Transcript): { speaker: string; fromMs: number; toMs: number }[] {
  const turns: { speaker: string; fromMs: number; toMs: number }[] = []
  for (const { speaker, fromMs, toMs } of of.utterances) {
    if (speaker.id === 'unknown') continue
    const last = turns.at(-1)
    if (last && last.speaker === speaker.id && fromMs - last.toMs < 1000) last.toMs = Math.max(last.toMs, toMs)
    else turns.push({ speaker: speaker.id, fromMs, toMs })
  }
  return turns
}

export function toRttm(of: Transcript, file: string): string {
  return turnsOf(of)
    .map((turn) => `SPEAKER ${file} 1 ${seconds(turn.fromMs)} ${seconds(turn.toMs - turn.fromMs)} <NA> <NA> ${turn.speaker} <NA> <NA>\n`)
    .join('')
}

import type { Transcript } from '../../storage/model/transcript.ts'
import { contentLines, endOf, FormatError, nameField, seconds, secondsField } from './format-error.ts'

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
    return [{ file, speaker, start: from, end: endOf(from, secondsField(duration, where)) }]
  })
}

/** Times to the millisecond. */
export function formatRttm(turns: readonly Turn[]): string {
  return turns
    .map(({ file, speaker, start, end }) => {
      const [from, to] = [Math.round(start * 1000), Math.round(end * 1000)]
      return `SPEAKER ${nameField(file)} 1 ${seconds(from / 1000)} ${seconds((to - from) / 1000)} <NA> <NA> ${nameField(speaker)} <NA> <NA>\n`
    })
    .join('')
}

/**
 * Turns of utterances: those of one speaker less than a second apart are one turn, and who spoke at the same time has turns of their own.
 * Those nobody is known for are left out.
 */
export function rttmTurns(of: Pick<Transcript, 'utterances'>, file: string): Turn[] {
  const turns: { speaker: string; fromMs: number; toMs: number }[] = []
  for (const { speaker, fromMs, toMs } of of.utterances) {
    if (speaker.id === 'unknown') continue
    const last = turns.at(-1)
    if (last && last.speaker === speaker.id && fromMs - last.toMs < 1000) last.toMs = Math.max(last.toMs, toMs)
    else turns.push({ speaker: speaker.id, fromMs, toMs })
  }
  const others = of.utterances.flatMap((one) => one.overlap ?? []).map(({ id, fromMs, toMs }) => ({ speaker: id, fromMs, toMs }))
  return [...turns, ...others]
    .sort((a, b) => a.fromMs - b.fromMs)
    .map(({ speaker, fromMs, toMs }) => ({ file, speaker, start: fromMs / 1000, end: toMs / 1000 }))
}

export function toRttm(of: Transcript, file: string): string {
  return formatRttm(rttmTurns(of, file))
}

import type { Transcript } from '../../storage/model/transcript.ts'
import { contentLines, endOf, FormatError, nameField, seconds, secondsField } from './format-error.ts'

/** A word of a CTM file (NIST): `file channel start duration word probability`. Seconds; the probability may be missing. */
export interface CtmWord {
  file: string
  channel: string
  start: number
  end: number
  word: string
  probability: number | null
}

/** @throws FormatError */
export function parseCtm(text: string): CtmWord[] {
  return contentLines(text, 'CTM').map(({ number, line }) => {
    const where = `line ${number} of the CTM`
    const [file, channel, start, duration, word, probability] = line.split(/\s+/)
    if (!file || !channel || !word) throw new FormatError(`${where}: expected "file channel start duration word probability"`)
    const from = secondsField(start, where)
    const known = probability === undefined || probability === 'NA' ? null : Number(probability)
    if (known !== null && !(known >= 0 && known <= 1)) throw new FormatError(`${where}: expected a probability, found "${probability}"`)
    return { file, channel, start: from, end: endOf(from, secondsField(duration, where)), word, probability: known }
  })
}

/** Times to the millisecond, probabilities to four decimals. */
export function formatCtm(words: readonly CtmWord[]): string {
  return words
    .map(({ file, channel, start, end, word, probability }) => {
      const [from, to] = [Math.round(start * 1000), Math.round(end * 1000)]
      const known = probability === null ? '' : ` ${probability.toFixed(4)}`
      return `${nameField(file)} ${nameField(channel)} ${seconds(from / 1000)} ${seconds((to - from) / 1000)} ${nameField(word)}${known}\n`
    })
    .join('')
}

export function ctmWords(of: Transcript, file: string): CtmWord[] {
  return of.utterances
    .flatMap((one) => one.words)
    .map(({ fromMs, toMs, text, probability }) => ({ file, channel: '1', start: fromMs / 1000, end: toMs / 1000, word: text, probability }))
}

export function toCtm(of: Transcript, file: string): string {
  return formatCtm(ctmWords(of, file))
}

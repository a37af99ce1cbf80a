import type { Transcript } from '../../storage/model/transcript.ts'
import { contentLines, FormatError, seconds, secondsField } from './format-error.ts'

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
    return { file, channel, start: from, end: from + secondsField(duration, where), word, probability: known }
  })
}

export function toCtm(of: Transcript, file: string): string {
  return of.utterances
    .flatMap((one) => one.words)
    .map((word) => {
      const probability = word.probability === null ? '' : ` ${word.probability.toFixed(4)}`
      return `${file} 1 ${seconds(word.fromMs)} ${seconds(word.toMs - word.fromMs)} ${word.text}${probability}\n`
    })
    .join('')
}

import { type Transcript, utteranceText } from '../../storage/model/transcript.ts'
import { contentLines, FormatError, seconds, secondsField } from './format-error.ts'

/** A line of an STM file (NIST sclite): `file channel speaker start end <label> text`. Seconds. */
export interface StmLine {
  file: string
  channel: string
  speaker: string
  start: number
  end: number
  label?: string
  text: string
}

/** @throws FormatError */
export function parseStm(text: string): StmLine[] {
  return contentLines(text, 'STM').map(({ number, line }) => {
    const where = `line ${number} of the STM`
    const fields = /^(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)(?:\s+(<[^>]*>))?(?:\s+(.*))?$/.exec(line)
    if (!fields) throw new FormatError(`${where}: expected "file channel speaker start end <label> text"`)
    const [, file = '', channel = '', speaker = '', start, end, label, words = ''] = fields
    const from = secondsField(start, where)
    const to = secondsField(end, where)
    if (to < from) throw new FormatError(`${where}: it ends (${to}) before it starts (${from})`)
    return { file, channel, speaker, start: from, end: to, ...(label === undefined ? {} : { label }), text: words.trim() }
  })
}

/** The utterances that have text, one a line, with their language as label. */
export function toStm(of: Transcript, file: string): string {
  return of.utterances
    .filter((one) => one.words.length > 0)
    .map((one) => `${file} 1 ${one.speaker.id} ${seconds(one.fromMs)} ${seconds(one.toMs)} <o,x,${one.language}> ${utteranceText(one)}\n`)
    .join('')
}

import { type Transcript, utteranceText } from '../../storage/model/transcript.ts'
import { contentLines, FormatError, nameField, seconds, secondsField } from './format-error.ts'

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

/** Stands for no label where the text begins with `<` itself. */
const noLabel = '<NA>'

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
    const labelled = label === undefined || label === noLabel ? {} : { label }
    return { file, channel, speaker, start: from, end: to, ...labelled, text: words.trim() }
  })
}

/** Times to the millisecond; white space within a text is one space. */
export function formatStm(lines: readonly StmLine[]): string {
  return lines
    .map(({ file, channel, speaker, start, end, label, text }) => {
      const names = [file, channel, speaker].map(nameField).join(' ')
      const words = text.trim().replaceAll(/\s+/g, ' ')
      const marked = label === undefined ? (words.startsWith('<') ? [noLabel] : []) : [label]
      return `${[names, seconds(start), seconds(end), ...marked, ...(words === '' ? [] : [words])].join(' ')}\n`
    })
    .join('')
}

/** The utterances that have text, one a line, with their language as label. */
export function stmLines(of: Transcript, file: string): StmLine[] {
  return of.utterances
    .filter((one) => one.words.length > 0)
    .map((one) => ({
      file,
      channel: '1',
      speaker: one.speaker.id,
      start: one.fromMs / 1000,
      end: one.toMs / 1000,
      label: `<o,x,${one.language}>`,
      text: utteranceText(one),
    }))
}

export function toStm(of: Transcript, file: string): string {
  return formatStm(stmLines(of, file))
}

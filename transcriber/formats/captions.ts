import type { Language } from '../../storage/model/council.ts'
import type { Transcript, Utterance, Word } from '../../storage/model/transcript.ts'

/**
 * Captions are read: two lines of 42 characters, at most 17 characters a second, at least a second on the screen. Whoever speaks faster is
 * followed with a delay that pauses make good; above three seconds of delay the reading gets faster instead.
 */
export const captionLimits = { lineCharacters: 42, lines: 2, charactersPerSecond: 17, shortestMs: 1000, longestMs: 7000, latestMs: 3000 }
const limits = captionLimits

interface Cue {
  fromMs: number
  toMs: number
  lines: string[]
  speaker: string
  language: Language
}

export interface CaptionOptions {
  /** Names by speaker key, for the labels. */
  names: ReadonlyMap<string, string>
  /** What is shown where nothing could be recognised. */
  notTranscribed: string
  /** Language of the header; what is said in another is marked. */
  language?: Language
}

/**
 * WebVTT (W3C) of all that is said, each in the language spoken: nothing is translated. A line breaks between words, a cue at the end of
 * a phrase where it can. Who begins to speak is named on the screen, and in the voice tag of every cue.
 */
export function toWebVtt(of: Transcript, options: CaptionOptions): string {
  let last: string | undefined
  const cues = [...of.utterances]
    .sort((a, b) => a.fromMs - b.fromMs)
    .flatMap((one) => {
      const label = one.speaker.id === last || one.speaker.id === 'unknown' ? undefined : `${nameOf(one.speaker.id, options)}:`
      last = one.speaker.id
      return cuesOf(one, label, options)
    })
  const head = ['WEBVTT', ...(options.language ? [`Language: ${options.language}`] : [])].join('\n')
  return `${head}\n\n${settle(cues)
    .map((cue, i) => cueText(cue, i + 1, options))
    .join('\n')}`
}

function nameOf(speaker: string, options: CaptionOptions): string {
  return options.names.get(speaker) ?? speaker
}

function cueText(cue: Cue, number: number, options: CaptionOptions): string {
  const name = nameOf(cue.speaker, options)
  const foreign = options.language !== undefined && cue.language !== options.language
  const text = cue.lines.map(escapeCue).join('\n')
  const marked = foreign ? `<lang ${cue.language}>${text}</lang>` : text
  const voice = cue.speaker === 'unknown' ? marked : `<v ${escapeCue(name)}>${marked}`
  return `${number}\n${stamp(cue.fromMs)} --> ${stamp(cue.toMs)}\n${voice}\n`
}

function cuesOf(of: Utterance, label: string | undefined, options: CaptionOptions): Cue[] {
  const common = { speaker: of.speaker.id, language: of.language }
  if (of.words.length === 0) return [{ ...common, fromMs: of.fromMs, toMs: of.toMs, lines: breakLines([options.notTranscribed]) }]
  const first = of.words[0]
  const named = label && first ? [{ ...first, text: label, toMs: first.fromMs }, ...of.words] : of.words
  return pages(named).map((words) => ({
    ...common,
    fromMs: words[0]?.fromMs ?? of.fromMs,
    toMs: words.at(-1)?.toMs ?? of.toMs,
    lines: breakLines(words.map((word) => word.text)),
  }))
}

/** Words by cue: as many phrases as fit; a phrase too long for one cue is cut where it is full. */
function pages(words: readonly Word[]): Word[][] {
  const found: Word[][] = []
  for (const phrase of phrases(words)) {
    const page = found.at(-1)
    if (page && fits([...page, ...phrase])) page.push(...phrase)
    else found.push(...filled(phrase))
  }
  return found
}

function filled(phrase: readonly Word[]): Word[][] {
  const found: Word[][] = []
  for (const word of phrase) {
    const page = found.at(-1)
    if (page && fits([...page, word])) page.push(word)
    else found.push([word])
  }
  return found
}

function phrases(words: readonly Word[]): Word[][] {
  const found: Word[][] = [[]]
  for (const word of words) {
    found.at(-1)?.push(word)
    if (/[.,;:?!…]$/.test(word.text)) found.push([])
  }
  return found.filter((phrase) => phrase.length > 0)
}

function fits(words: readonly Word[]): boolean {
  const length = (words.at(-1)?.toMs ?? 0) - (words[0]?.fromMs ?? 0)
  return breakLines(words.map((word) => word.text)).length <= limits.lines && length <= limits.longestMs
}

/** Lines of at most 42 characters; a longer word is cut. Two lines are made about equal, the shorter above. */
function breakLines(words: readonly string[]): string[] {
  const pieces = words.flatMap((word) => word.match(new RegExp(`.{1,${limits.lineCharacters}}`, 'gu')) ?? [])
  const greedy = fill(pieces, limits.lineCharacters)
  if (greedy.length !== 2) return greedy
  const total = pieces.join(' ').length
  for (let width = Math.ceil(total / 2); width < limits.lineCharacters; width++) {
    const even = fill(pieces, width)
    if (even.length === 2 && even.every((line) => line.length <= limits.lineCharacters)) return even
  }
  return greedy
}

function fill(pieces: readonly string[], width: number): string[] {
  const lines: string[] = []
  for (const piece of pieces) {
    const line = lines.at(-1)
    if (line !== undefined && line.length + 1 + piece.length <= width) lines[lines.length - 1] = `${line} ${piece}`
    else lines.push(piece)
  }
  return lines
}

/** One after the other: each from its first word on, or as soon as the one before has been read; long enough to be read itself. */
function settle(cues: readonly Cue[]): Cue[] {
  let free = 0
  return cues.map((cue, i) => {
    const fromMs = Math.max(cue.fromMs, free)
    const characters = cue.lines.join(' ').length
    const readMs = Math.max(limits.shortestMs, Math.ceil((characters / limits.charactersPerSecond) * 1000))
    const next = cues[i + 1]?.fromMs ?? Number.POSITIVE_INFINITY
    const wanted = fromMs + readMs
    // Its own sound may last longer than the reading; the next one's sound ends it then.
    const toMs = Math.max(wanted, Math.min(cue.toMs, next))
    free = Math.max(fromMs + limits.shortestMs / 2, Math.min(toMs, next + limits.latestMs))
    return { ...cue, fromMs, toMs: free }
  })
}

function escapeCue(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function stamp(ms: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
  const seconds = ms / 1000
  return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}.${String(ms % 1000).padStart(3, '0')}`
}

import type { Transcript } from '../../storage/model/transcript.ts'
import { type CtmWord, ctmWords } from '../formats/ctm.ts'
import { rttmTurns, type Turn } from '../formats/rttm.ts'
import { type StmLine, stmLines } from '../formats/stm.ts'
import { type AttributionError, attributionError, diarizationError, speakerCountError } from './speaker-error.ts'
import { inventedWords, languageAccuracy, languageOf, nameRecall, wordStartError } from './text-findings.ts'
import { timedSpeakerWordError } from './timed-word-error.ts'
import { characterError, speakerWordError, wordError, wordErrorBy } from './word-error.ts'

/** Settings of the figures; with other ones they cannot be compared. */
export const scoreSettings = { tcpCollarSeconds: 5, derCollarSeconds: 0.25, silenceMarginSeconds: 0.5 } as const

/** Figures of words by speaker (STM against STM). */
export function scoreWords(
  reference: readonly StmLine[],
  hypothesis: readonly StmLine[],
  options: { names?: readonly string[]; durationSeconds?: number } = {},
) {
  const both = <T>(of: (spelling: 'raw' | 'normalised') => T) => ({ raw: of('raw'), normalised: of('normalised') })
  const last = Math.max(0, ...reference.map((line) => line.end), ...hypothesis.map((line) => line.end))
  const by = (key: (line: StmLine) => string) => Object.fromEntries(wordErrorBy(reference, hypothesis, 'normalised', key))
  return {
    wer: both((spelling) => wordError(reference, hypothesis, spelling)),
    cer: both((spelling) => characterError(reference, hypothesis, spelling)),
    cpwer: both((spelling) => speakerWordError(reference, hypothesis, spelling)),
    tcpwer: both((spelling) => timedSpeakerWordError(reference, hypothesis, spelling, scoreSettings.tcpCollarSeconds)),
    werByLanguage: by((line) => languageOf(line) ?? 'unknown'),
    werBySpeaker: by((line) => line.speaker),
    attribution: attributionError(reference, hypothesis),
    speakers: speakerCountError(reference, hypothesis),
    language: languageAccuracy(reference, hypothesis),
    invented: inventedWords(reference, hypothesis, options.durationSeconds ?? last, scoreSettings.silenceMarginSeconds),
    ...(options.names === undefined ? {} : { names: nameRecall(reference, hypothesis, options.names) }),
  }
}
export type WordScore = ReturnType<typeof scoreWords>

/** Figures of who spoke when (RTTM against RTTM), speech of several at once scored. */
export function scoreTurns(reference: readonly Turn[], hypothesis: readonly Turn[]) {
  return {
    der: {
      collar0: diarizationError(reference, hypothesis, 0),
      collar250: diarizationError(reference, hypothesis, scoreSettings.derCollarSeconds),
    },
    attribution: attributionError(reference, hypothesis),
    speakers: speakerCountError(reference, hypothesis),
  }
}
export type TurnScore = ReturnType<typeof scoreTurns>

/** What a transcript is held against, of one file. Turns and words may be missing. */
export interface Reference {
  lines: readonly StmLine[]
  turns?: readonly Turn[]
  words?: readonly CtmWord[]
}

/** All figures of a transcript, with its attribution by the source that won. */
export function scoreTranscript(
  of: Transcript,
  reference: Reference,
  options: { names?: readonly string[]; durationSeconds?: number } = {},
) {
  const file = reference.lines[0]?.file ?? 'session'
  const turns = reference.turns ?? reference.lines.map(({ speaker, start, end }) => ({ file, speaker, start, end }))
  return {
    ...scoreWords(reference.lines, stmLines(of, file), options),
    ...scoreTurns(turns, rttmTurns(of, file)),
    attributionBySource: attributionBySource(of, turns, file),
    ...(reference.words === undefined ? {} : { wordStart: wordStartError(reference.words, ctmWords(of, file)) }),
  }
}

/** How much each source was wrong in what it decided. */
function attributionBySource(of: Transcript, turns: readonly Turn[], file: string): Record<string, AttributionError> {
  const sources = [...new Set(of.utterances.map((one) => one.speaker.source))]
  const own = (source: string) => ({ utterances: of.utterances.filter((one) => one.speaker.source === source) })
  return Object.fromEntries(sources.map((source) => [source, attributionError(turns, rttmTurns(own(source), file))]))
}

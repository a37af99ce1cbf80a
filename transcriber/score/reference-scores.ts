import type { Transcript } from '../../storage/model/transcript.ts'
import type { ReferenceScores } from '../../storage/model/transcript-quality.ts'
import { parseStm } from '../formats/stm.ts'
import { scoreTranscript } from './score-transcript.ts'

/** The figures of the page of quality, against a text written by people (STM). @throws FormatError */
export function referenceScores(
  of: Transcript,
  stm: string,
  options: { names: readonly string[]; durationSeconds: number },
): ReferenceScores {
  const lines = parseStm(stm)
  const score = scoreTranscript(of, { lines }, options)
  const rates = (all: Record<string, { rate: number }>) => Object.fromEntries(Object.entries(all).map(([key, one]) => [key, one.rate]))
  return {
    words: score.wer.normalised.words,
    wer: score.wer.normalised.rate,
    werRaw: score.wer.raw.rate,
    cer: score.cer.normalised.rate,
    cpwer: score.cpwer.normalised.rate,
    tcpwer: score.tcpwer.normalised.rate,
    werByLanguage: rates(score.werByLanguage),
    attribution: score.attribution.rate,
    attributionBySource: rates(score.attributionBySource),
    language: score.language.rate,
    names: score.names?.rate ?? null,
    inventedWords: score.invented.words,
  }
}

import type { TurnScore, WordScore } from '../../transcriber/score/score-transcript.ts'
import type { AttributionError, DiarizationError } from '../../transcriber/score/speaker-error.ts'
import type { WordStartError } from '../../transcriber/score/text-findings.ts'

const percent = (rate: number | null) => (rate === null ? 'sen medida' : `${(rate * 100).toFixed(2).replace('.', ',')} %`)
const seconds = (value: number | null) => (value === null ? 'sen medida' : `${value.toFixed(2).replace('.', ',')} s`)
const both = (of: { raw: { rate: number }; normalised: { rate: number } }) =>
  `${percent(of.normalised.rate)}; con maiúsculas e puntuación ${percent(of.raw.rate)}`
const attribution = (of: AttributionError) => `${percent(of.rate)} (${seconds(of.wrong)} de ${seconds(of.compared)})`
const diarization = (of: DiarizationError, collar: number) =>
  `Erro de falante (DER), marxe ${seconds(collar)}: ${percent(of.rate)} de ${seconds(of.speech)} de fala (perdida ${seconds(of.missed)}, de máis ${seconds(of.falseAlarm)}, confundida ${seconds(of.confusion)})`

/** Sentences of `escano score`. */
export const scoreGl = {
  allWords: (of: WordScore): string[] => [
    `Erro de palabra (WER): ${percent(of.wer.normalised.rate)} de ${of.wer.normalised.words} palabras (${of.wer.normalised.substitutions} cambiadas, ${of.wer.normalised.deletions} perdidas, ${of.wer.normalised.insertions} de máis); con maiúsculas e puntuación ${percent(of.wer.raw.rate)}`,
    ...Object.entries(of.werByLanguage).map(([language, one]) => `  en ${language}: ${percent(one.rate)} de ${one.words} palabras`),
    ...Object.entries(of.werBySpeaker).map(([speaker, one]) => `  ${speaker}: ${percent(one.rate)} de ${one.words} palabras`),
    `Erro de carácter (CER): ${both(of.cer)}`,
    `Erro de palabra por falante (cpWER): ${both(of.cpwer)}`,
    `O mesmo, en cadanseu momento (tcpWER, marxe 5 s): ${both(of.tcpwer)}`,
    `Fala atribuída a quen non era: ${attribution(of.attribution)}`,
    `Falantes: ${of.speakers.hypothesis}, na referencia ${of.speakers.reference}`,
    `Lingua acertada: ${percent(of.language.rate)} de ${of.language.of} intervencións`,
    `Palabras inventadas en silencio: ${of.invented.words} en ${seconds(of.invented.silenceSeconds)}`,
    ...('names' in of && of.names ? [`Nomes propios oídos: ${percent(of.names.rate)} de ${of.names.of}`] : []),
  ],
  allTurns: (of: TurnScore): string[] => [
    diarization(of.der.collar0, 0),
    diarization(of.der.collar250, 0.25),
    `Fala atribuída a quen non era: ${attribution(of.attribution)}`,
    `Falantes: ${of.speakers.hypothesis}, na referencia ${of.speakers.reference}`,
  ],
  bySource: (of: Record<string, AttributionError>): string[] =>
    Object.entries(of).map(([source, one]) => `  decidido por ${source}: ${attribution(one)}`),
  wordStart: (of: WordStartError) =>
    `Comezo das palabras: erro mediano ${seconds(of.p50)}, nove de cada dez por baixo de ${seconds(of.p90)} (${of.words} palabras)`,
}

export type ScoreWords = typeof scoreGl

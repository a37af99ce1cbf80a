import type { AttributionError, DiarizationError } from '../../transcriber/score/speaker-error.ts'
import type { ScoreWords } from './score-gl.ts'

const percent = (rate: number | null) => (rate === null ? 'sin medir' : `${(rate * 100).toFixed(2).replace('.', ',')} %`)
const seconds = (value: number | null) => (value === null ? 'sin medir' : `${value.toFixed(2).replace('.', ',')} s`)
const both = (of: { raw: { rate: number }; normalised: { rate: number } }) =>
  `${percent(of.normalised.rate)}; con mayúsculas y puntuación ${percent(of.raw.rate)}`
const attribution = (of: AttributionError) => `${percent(of.rate)} (${seconds(of.wrong)} de ${seconds(of.compared)})`
const diarization = (of: DiarizationError, collar: number) =>
  `Error de hablante (DER), margen ${seconds(collar)}: ${percent(of.rate)} de ${seconds(of.speech)} de habla (perdida ${seconds(of.missed)}, de más ${seconds(of.falseAlarm)}, confundida ${seconds(of.confusion)})`

export const scoreEs: ScoreWords = {
  allWords: (of) => [
    `Error de palabra (WER): ${percent(of.wer.normalised.rate)} de ${of.wer.normalised.words} palabras (${of.wer.normalised.substitutions} cambiadas, ${of.wer.normalised.deletions} perdidas, ${of.wer.normalised.insertions} de más); con mayúsculas y puntuación ${percent(of.wer.raw.rate)}`,
    ...Object.entries(of.werByLanguage).map(([language, one]) => `  en ${language}: ${percent(one.rate)} de ${one.words} palabras`),
    ...Object.entries(of.werBySpeaker).map(([speaker, one]) => `  ${speaker}: ${percent(one.rate)} de ${one.words} palabras`),
    `Error de carácter (CER): ${both(of.cer)}`,
    `Error de palabra por hablante (cpWER): ${both(of.cpwer)}`,
    `Lo mismo, cada una en su momento (tcpWER, margen 5 s): ${both(of.tcpwer)}`,
    `Habla atribuida a quien no era: ${attribution(of.attribution)}`,
    `Hablantes: ${of.speakers.hypothesis}, en la referencia ${of.speakers.reference}`,
    `Lengua acertada: ${percent(of.language.rate)} de ${of.language.of} intervenciones`,
    `Palabras inventadas en silencio: ${of.invented.words} en ${seconds(of.invented.silenceSeconds)}`,
    ...('names' in of && of.names ? [`Nombres propios oídos: ${percent(of.names.rate)} de ${of.names.of}`] : []),
  ],
  allTurns: (of) => [
    diarization(of.der.collar0, 0),
    diarization(of.der.collar250, 0.25),
    `Habla atribuida a quien no era: ${attribution(of.attribution)}`,
    `Hablantes: ${of.speakers.hypothesis}, en la referencia ${of.speakers.reference}`,
  ],
  bySource: (of) => Object.entries(of).map(([source, one]) => `  decidido por ${source}: ${attribution(one)}`),
  wordStart: (of) =>
    `Comienzo de las palabras: error mediano ${seconds(of.p50)}, nueve de cada diez por debajo de ${seconds(of.p90)} (${of.words} palabras)`,
}

import type { ScoreWords } from './score-gl.ts'

const percent = (rate: number) => `${(rate * 100).toFixed(2).replace('.', ',')} %`
const seconds = (value: number) => `${value.toFixed(1).replace('.', ',')} s`

export const scoreEs: ScoreWords = {
  wordError: (of, raw) =>
    `Error de palabra (WER): ${percent(of.rate)} de ${of.words} palabras (${of.substitutions} cambiadas, ${of.deletions} perdidas, ${of.insertions} de más); con mayúsculas y puntuación ${percent(raw)}`,
  speakerWordError: (of, raw) => `Error de palabra por hablante (cpWER): ${percent(of.rate)}; con mayúsculas y puntuación ${percent(raw)}`,
  diarization: (of, collar) =>
    `Error de hablante (DER), margen ${seconds(collar)}: ${percent(of.rate)} de ${seconds(of.speech)} de habla (perdida ${seconds(of.missed)}, de más ${seconds(of.falseAlarm)}, confundida ${seconds(of.confusion)})`,
  attribution: (of) => `Habla atribuida a quien no era: ${percent(of.rate)} (${seconds(of.wrong)} de ${seconds(of.compared)})`,
}

const percent = (rate: number) => `${(rate * 100).toFixed(2).replace('.', ',')} %`
const seconds = (value: number) => `${value.toFixed(1).replace('.', ',')} s`

interface Words {
  words: number
  substitutions: number
  deletions: number
  insertions: number
  rate: number
}

/** Sentences of `escano score`. */
export const scoreGl = {
  wordError: (of: Words, raw: number) =>
    `Erro de palabra (WER): ${percent(of.rate)} de ${of.words} palabras (${of.substitutions} cambiadas, ${of.deletions} perdidas, ${of.insertions} de máis); con maiúsculas e puntuación ${percent(raw)}`,
  speakerWordError: (of: Words, raw: number) =>
    `Erro de palabra por falante (cpWER): ${percent(of.rate)}; con maiúsculas e puntuación ${percent(raw)}`,
  diarization: (of: { speech: number; missed: number; falseAlarm: number; confusion: number; rate: number }, collar: number) =>
    `Erro de falante (DER), marxe ${seconds(collar)}: ${percent(of.rate)} de ${seconds(of.speech)} de fala (perdida ${seconds(of.missed)}, de máis ${seconds(of.falseAlarm)}, confundida ${seconds(of.confusion)})`,
  attribution: (of: { compared: number; wrong: number; rate: number }) =>
    `Fala atribuída a quen non era: ${percent(of.rate)} (${seconds(of.wrong)} de ${seconds(of.compared)})`,
}

export type ScoreWords = typeof scoreGl

/** Sentences of `escano transcribe`. */
export const transcribeGl = {
  noModel: (why: string) =>
    `Modelo sen instalar: ${why}. Márcase onde hai fala, sen texto («non transcrito»). Instale un con «escano models install».`,
  progress: (done: number, total: number) => `Transcribindo: ${done} de ${total} anacos`,
  done: (out: string, utterances: number, words: number) => `Transcrición feita: ${utterances} intervencións, ${words} palabras, en ${out}`,
}

export type TranscribeWords = typeof transcribeGl

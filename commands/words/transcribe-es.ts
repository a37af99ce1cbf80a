import type { TranscribeWords } from './transcribe-gl.ts'

export const transcribeEs: TranscribeWords = {
  noModel: (why) =>
    `Modelo sin instalar: ${why}. Se marca dónde hay habla, sin texto («no transcrito»). Instale uno con «escano models install».`,
  progress: (done, total) => `Transcribiendo: ${done} de ${total} trozos`,
  done: (out, utterances, words) => `Transcripción hecha: ${utterances} intervenciones, ${words} palabras, en ${out}`,
}

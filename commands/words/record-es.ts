import type { RecordWords } from './record-gl.ts'

/** Sentences of `escano record`, in Spanish. */
export const recordEs: RecordWords = {
  states: {
    idle: 'en reposo',
    asked: 'pedida',
    starting: 'arrancando',
    recording: 'grabación comprobada',
    paused: 'en pausa',
    stopped: 'parada',
    failed: 'NO ESTÁ GRABANDO',
  },
  progress: (state, seconds, peak, cause) => `${state} · ${seconds} s · pico ${peak}${cause === '' ? '' : ` · ${cause}`}`,
  nothing: 'no se grabó nada.',
  summary: (segments, seconds, gaps) =>
    `grabados ${seconds} s en ${segments} segmentos, con ${gaps} ${gaps === 1 ? 'interrupción' : 'interrupciones'}.`,
  gap: (from, to, cause) => `  interrupción de ${from} s a ${to} s: ${cause}`,
  root: (root) => `raíz del árbol: ${root}`,
  folder: (path) => `en ${path}`,
}

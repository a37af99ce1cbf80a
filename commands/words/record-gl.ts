/** Sentences of `escano record`, in Galician. */
export const recordGl = {
  states: {
    idle: 'en repouso',
    asked: 'pedida',
    starting: 'arrincando',
    recording: 'gravación comprobada',
    paused: 'en pausa',
    stopped: 'parada',
    failed: 'NON ESTÁ GRAVANDO',
  },
  progress: (state: string, seconds: number, peak: string, cause: string) =>
    `${state} · ${seconds} s · pico ${peak}${cause === '' ? '' : ` · ${cause}`}`,
  nothing: 'non se gravou nada.',
  summary: (segments: number, seconds: number, gaps: number) =>
    `gravados ${seconds} s en ${segments} segmentos, con ${gaps} ${gaps === 1 ? 'interrupción' : 'interrupcións'}.`,
  gap: (from: string, to: string, cause: string) => `  interrupción de ${from} s a ${to} s: ${cause}`,
  root: (root: string) => `raíz da árbore: ${root}`,
  folder: (path: string) => `en ${path}`,
}

export type RecordWords = typeof recordGl

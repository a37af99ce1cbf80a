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
  missingServer: 'falta --server ENDEREZO: o da instalación do concello, tal como o di a páxina que deu o código.',
  enrolled: (council: string, name: string) => `«${name}» é agora unha gravadora de ${council}. A súa chave queda neste equipo.`,
  already: (path: string) => `este equipo xa está dado de alta (${path}); borre ese ficheiro se quere dalo de alta de novo.`,
  joining: 'hai un pleno gravándose: este equipo súmase a el. As dúas gravacións gárdanse.',
  waiting: 'á espera: a gravación empeza desde a tableta. Ctrl-C párao todo mentres non se grava.',
  noSource: 'falta --source ENDEREZO (ou ESCANO_RECORDER_SOURCE): de onde veñen a imaxe e o son.',
  refusesToStop: 'ESTÁ GRAVANDO; non se para así. Use «escano record stop».',
  askStop: 'ESTÁ GRAVANDO. Escriba «parar» para deter a gravación; calquera outra cousa segue gravando: ',
  stopWord: 'parar',
  goesOn: 'segue gravando.',
  stopped: (seconds: number, left: number) =>
    `parada en ${seconds} s; ${left === 0 ? 'todo está no almacén.' : `quedan ${left} segmentos por enviar: deixe o equipo acendido.`}`,
  notRecording: 'non se estaba gravando.',
  trouble: (cause: string) => `aviso: ${cause}`,
  ending: 'parando…',
  folder: (path: string) => `en ${path}`,
}

export type RecordWords = typeof recordGl

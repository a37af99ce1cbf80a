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
  missingServer: 'falta --server DIRECCIÓN: la de la instalación del ayuntamiento, tal como la dice la página que dio el código.',
  enrolled: (council, name) => `«${name}» es ahora una grabadora de ${council}. Su clave queda en este equipo.`,
  already: (path) => `este equipo ya está dado de alta (${path}); borre ese fichero si quiere darlo de alta de nuevo.`,
  joining: 'hay un pleno grabándose: este equipo se suma a él. Las dos grabaciones se guardan.',
  waiting: 'a la espera: la grabación empieza desde la tableta. Ctrl-C lo para todo mientras no se graba.',
  noSource: 'falta --source DIRECCIÓN (o ESCANO_RECORDER_SOURCE): de dónde vienen la imagen y el sonido.',
  refusesToStop: 'ESTÁ GRABANDO; no se para así. Use «escano record stop».',
  askStop: 'ESTÁ GRABANDO. Escriba «parar» para detener la grabación; cualquier otra cosa sigue grabando: ',
  stopWord: 'parar',
  goesOn: 'sigue grabando.',
  stopped: (seconds, left) =>
    `parada en ${seconds} s; ${left === 0 ? 'todo está en el almacén.' : `quedan ${left} segmentos por enviar: deje el equipo encendido.`}`,
  notRecording: 'no se estaba grabando.',
  trouble: (cause) => `aviso: ${cause}`,
  ending: 'parando…',
  folder: (path) => `en ${path}`,
}

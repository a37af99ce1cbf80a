import type { LiveWords } from './live-gl.ts'

/** Sentences of the live view, in Spanish. */
export const liveEs: LiveWords = {
  title: (session) => `En directo: ${session}`,
  back: 'Volver a los plenos',
  watch: 'Ver en directo',
  video: 'El pleno en directo',
  notSealed:
    'En directo, aún sin sellar: se ve con 30 segundos de retraso o más. Cada trozo se comprueba con la huella que anotó la grabadora; la prueba completa llega con el acta firmada.',
  noScript:
    'Para ver el pleno en directo hace falta JavaScript. Cuando termine, la grabación y el acta se publican en la página del ayuntamiento.',
  trouble: 'Se cortó la imagen. Lo intentamos otra vez solos.',
  lost: 'No llega la página del ayuntamiento: sin ella no se muestra nada. Compruebe su conexión.',
  item: (number, title) => `Punto ${number}. ${title}`,
  speaker: (name) => `Habla ${name}`,
  captions: 'Lo último que se dijo (subtítulos automáticos)',
  captionsHelp: 'Los escribe una máquina, con retraso y con errores, y nadie los ha revisado. Lo que vale es el acta.',
  phases: {
    live: 'En directo, con 30 segundos de retraso o más.',
    waiting: 'La emisión comienza en unos segundos.',
    stopped: 'La emisión está detenida. La grabación no depende de ella.',
    closed: 'La sesión está cerrada al público: de esta parte no se emite nada.',
    recess: 'La sesión está en receso. La emisión vuelve con ella.',
    before: 'La sesión aún no comenzó.',
    over: 'Terminó la emisión. La grabación y el acta se publican en la página del ayuntamiento.',
  },
}

import type { MicrophonesWords } from './microphones-gl.ts'

/** Sentences about the microphones of the conference system, in Spanish. */
export const microphonesEs: MicrophonesWords = {
  title: 'Micrófonos',
  intro:
    'El sistema de conferencia del salón puede decir qué micrófono está abierto. Con eso, la tableta propone quién habla y la transcripción pone el nombre de cada cual.',
  systems: 'Sistemas que pueden avisar',
  none: 'Aún no hay ninguno. Dé de alta el del salón, o traiga el fichero después de cada sesión.',
  made: (when) => `dado de alta el ${when}`,
  heard: (events, when) => `${events} ${events === 1 ? 'aviso' : 'avisos'}; el último, ${when}`,
  neverHeard: 'aún no avisó nunca',
  recorder: 'grabadora',
  revoked: 'retirado',
  revoke: 'Retirar',
  revokeHint: 'Un sistema retirado ya no puede avisar y no vuelve a entrar. Lo que ya avisó queda.',
  name: 'Nombre del sistema',
  nameHint: 'Por ejemplo, «Mesa del salón».',
  add: 'Dar de alta un sistema',
  nameMissing: 'Escriba un nombre, de 80 letras como mucho.',
  tokenTitle: (name) => `Clave de «${name}»`,
  tokenHint:
    'Cópiela ahora: no se guarda y no se puede volver a ver. Quien la tenga puede avisar de los micrófonos de este ayuntamiento, y nada más.',
  example: 'Para probarla, en una terminal:',
  sessions: 'Traer el fichero de una sesión',
  sessionsHint: 'Si el sistema solo guarda un fichero, tráigalo aquí cuando termine la sesión.',
  noSessions: 'Aún no hay sesiones.',
  back: 'Volver a la mesa',
  sessionTitle: 'Micrófonos de la sesión',
  sessionKnown: (events) =>
    events === 0
      ? 'De esta sesión aún no se trajo ningún fichero.'
      : `De esta sesión se trajeron ${events} ${events === 1 ? 'cambio' : 'cambios'} de micrófono.`,
  alreadyTranscribed:
    'Esta sesión ya está transcrita: lo que traiga ahora queda guardado, y se usará si se vuelve a transcribir. La transcripción que hay no cambia.',
  file: 'Fichero del sistema de conferencia (JSONL)',
  fileHint:
    'Una línea por cada micrófono que se abre o se cierra: {"seat":3,"event":"on","at":"2026-10-27T19:12:03+01:00"}. En vez de «at» vale «t», segundos desde el comienzo de la grabación. Hasta 20 MB.',
  bring: 'Traer el fichero',
  fileMissing: 'Elija el fichero antes de traerlo.',
  taken: (taken, known) =>
    `${taken === 1 ? 'Se tomó 1 cambio nuevo' : `Se tomaron ${taken} cambios nuevos`}${
      known === 0 ? '.' : `; ${known === 1 ? '1 ya se sabía' : `${known} ya se sabían`}.`
    }`,
  refused: (lines) => (lines === 1 ? '1 línea no se entendió y quedó fuera:' : `${lines} líneas no se entendieron y quedaron fuera:`),
  refusedMore: (lines) => `Y ${lines} más.`,
  line: (line, sentence) => `Línea ${line}: ${sentence}`,
  backToSystems: 'Volver a Micrófonos',
  noToken: 'Falta la clave del sistema, o ya no sirve. Va en la cabecera Authorization: Bearer CLAVE.',
  empty: 'No vino nada. Mande una línea JSON por cada micrófono que se abre o se cierra.',
  tooMany: 'Vienen demasiadas líneas por minuto. Espere un minuto y mándelas otra vez.',
  problems: {
    'not-json': 'no es un objeto JSON.',
    'too-long': 'es demasiado larga.',
    seat: '«seat» tiene que ser el número del asiento, de 1 a 65535.',
    channel: '«channel» tiene que ser el número del canal, de 1 a 1024.',
    event: '«event» tiene que ser "on" u "off".',
    id: '«id» tiene que ser un texto de 1 a 100 letras.',
    source: '«source» tiene que ser un texto de 100 letras como mucho.',
    time: 'falta la hora o no se entiende: «at» lleva fecha, hora y zona ("2026-10-27T19:12:03.250+01:00") o milisegundos desde 1970; «t», segundos, solo en el fichero de una sesión.',
    clock: 'su hora es imposible: compruebe el reloj del sistema.',
  },
}

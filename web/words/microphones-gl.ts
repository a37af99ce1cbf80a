import type { LineProblem } from '../../storage/model/microphone-lines.ts'

/** Sentences about the microphones of the conference system, in Galician. microphones-es.ts has the same keys. */
export const microphonesGl = {
  title: 'Micrófonos',
  intro:
    'O sistema de conferencia do salón pode dicir que micrófono está aberto. Con iso, a tableta propón quen fala e a transcrición pon o nome en cada quenda.',
  systems: 'Sistemas que poden avisar',
  none: 'Aínda non hai ningún. Dea de alta o do salón, ou traia o ficheiro despois de cada sesión.',
  made: (when: string) => `dado de alta o ${when}`,
  heard: (events: number, when: string) => `${events} ${events === 1 ? 'aviso' : 'avisos'}; o último, ${when}`,
  neverHeard: 'aínda non avisou nunca',
  recorder: 'gravadora',
  revoked: 'retirado',
  revoke: 'Retirar',
  revokeHint: 'Un sistema retirado xa non pode avisar e non volve entrar. O que xa avisou queda.',
  name: 'Nome do sistema',
  nameHint: 'Por exemplo, «Mesa do salón».',
  add: 'Dar de alta un sistema',
  nameMissing: 'Escriba un nome, de 80 letras como moito.',
  tokenTitle: (name: string) => `Clave de «${name}»`,
  tokenHint: 'Cópiea agora: non se garda e non se pode volver ver. Quen a teña pode avisar dos micrófonos deste concello, e nada máis.',
  example: 'Para probala, nunha terminal:',
  sessions: 'Traer o ficheiro dunha sesión',
  sessionsHint: 'Se o sistema só garda un ficheiro, tráiao aquí cando remate a sesión.',
  noSessions: 'Aínda non hai sesións.',
  back: 'Volver á mesa',
  sessionTitle: 'Micrófonos da sesión',
  sessionKnown: (events: number) =>
    events === 0
      ? 'Desta sesión aínda non se trouxo ningún ficheiro.'
      : `Desta sesión trouxéronse ${events} ${events === 1 ? 'cambio' : 'cambios'} de micrófono.`,
  alreadyTranscribed:
    'Esta sesión xa está transcrita: o que traia agora queda gardado, e usarase se se volve transcribir. A transcrición que hai non cambia.',
  file: 'Ficheiro do sistema de conferencia (JSONL)',
  fileHint:
    'Unha liña por cada micrófono que se abre ou se pecha: {"seat":3,"event":"on","at":"2026-10-27T19:12:03+01:00"}. En vez de «at» vale «t», segundos desde o comezo da gravación. Ata 20 MB.',
  bring: 'Traer o ficheiro',
  fileMissing: 'Escolla o ficheiro antes de traelo.',
  taken: (taken: number, known: number) =>
    `${taken === 1 ? 'Colleuse 1 cambio novo' : `Colléronse ${taken} cambios novos`}${
      known === 0 ? '.' : `; ${known === 1 ? '1 xa se sabía' : `${known} xa se sabían`}.`
    }`,
  refused: (lines: number) => (lines === 1 ? '1 liña non se entendeu e quedou fóra:' : `${lines} liñas non se entenderon e quedaron fóra:`),
  refusedMore: (lines: number) => `E ${lines} máis.`,
  line: (line: number, sentence: string) => `Liña ${line}: ${sentence}`,
  backToSystems: 'Volver a Micrófonos',
  noToken: 'Falta a clave do sistema, ou xa non serve. Vai na cabeceira Authorization: Bearer CLAVE.',
  empty: 'Non veu nada. Mande unha liña JSON por cada micrófono que se abre ou se pecha.',
  tooMany: 'Veñen demasiadas liñas por minuto. Agarde un minuto e mándeas outra vez.',
  problems: {
    'not-json': 'non é un obxecto JSON.',
    'too-long': 'é longa de máis.',
    seat: '«seat» ten que ser o número do asento, de 1 a 65535.',
    channel: '«channel» ten que ser o número da canle, de 1 a 1024.',
    event: '«event» ten que ser "on" ou "off".',
    id: '«id» ten que ser un texto de 1 a 100 letras.',
    source: '«source» ten que ser un texto de 100 letras como moito.',
    time: 'falta a hora ou non se entende: «at» leva data, hora e zona ("2026-10-27T19:12:03.250+01:00") ou milisegundos desde 1970; «t», segundos, só no ficheiro dunha sesión.',
    clock: 'a súa hora é imposible: comprobe o reloxo do sistema.',
  } satisfies Record<LineProblem, string>,
}

export type MicrophonesWords = typeof microphonesGl

import type { DraftWords } from './draft-words-gl.ts'

/** Spanish formulas of the acta, in the order of law.md §3. */
export const draftWordsEs: DraftWords = {
  title: (kind, day) =>
    `ACTA DE LA SESIÓN ${{ ordinary: 'ORDINARIA', extraordinary: 'EXTRAORDINARIA', 'extraordinary-urgent': 'EXTRAORDINARIA Y URGENTE' }[kind]} CELEBRADA POR EL PLENO DE LA CORPORACIÓN EL DÍA ${day.toUpperCase()}`,
  opening: (place, municipality, hour, day, call) =>
    `En ${municipality}, en el ${place}, siendo las ${hour} horas del ${day}, se reúne en ${call === 1 ? 'primera' : 'segunda'} convocatoria el Pleno de la Corporación.`,
  presides: (name, capacity) => `Preside: ${name}, ${capacity}.`,
  attendees: (group) => `Asisten · ${group}`,
  excused: 'Excusan su asistencia',
  absent: 'No asisten',
  secretary: (name, capacity) => `Secretaría: ${name}, ${capacity}, que da fe.`,
  arrived: (name, hour, item) => `${name} se incorpora a las ${hour}${item ? `, en el punto ${item}` : ''}.`,
  left: (name, hour, item) => `${name} se ausenta a las ${hour}${item ? `, en el punto ${item}` : ''}.`,
  constitution: (present, legal) =>
    `Comprobado el quórum del artículo 90 del ROF (${present} miembros presentes de los ${legal} que legalmente componen la Corporación), la Presidencia declara abierta y pública la sesión.`,
  recorded: (norm) => `La sesión se graba en audio y vídeo al amparo de: ${norm}.`,
  supportRecording: 'La sesión se graba como apoyo para redactar el acta (grabación de apoyo).',
  file: (duration, format, sha256) =>
    `El fichero de la grabación, de ${duration} y formato ${format}, con huella SHA-256 ${sha256}, acompaña a esta acta.`,
  gaps: (count, total) =>
    count === 1 ? `La grabación tiene una interrupción, de ${total}.` : `La grabación tiene ${count} interrupciones, que suman ${total}.`,
  notRecorded: 'De esta sesión no hay grabación.',
  agenda: 'Orden del día',
  noInterventions: 'No se producen intervenciones.',
  noQuestions: 'No se formulan ruegos ni preguntas.',
  withdrawn: 'El punto se retira del orden del día.',
  postponed: 'El punto queda sobre la mesa.',
  vote: (kind, round) =>
    `${round === 2 ? 'Se somete a segunda votación' : 'Se somete a votación'} ${{ ordinary: 'ordinaria', nominal: 'nominal', secret: 'secreta' }[kind]}.`,
  counts: (favour, against, abstain) => `Votos a favor: ${favour}; en contra: ${against}; abstenciones: ${abstain}.`,
  outcome: {
    approved: 'La Presidencia proclama aprobada la propuesta.',
    rejected: 'La Presidencia proclama rechazada la propuesta.',
    tie: 'Se produce un empate.',
  },
  unanimous: 'La Presidencia proclama aprobada la propuesta por unanimidad.',
  casting: 'Decide el voto de calidad de la Presidencia.',
  agreement: 'El Pleno acuerda:',
  closing: (hour, capacity) =>
    `Y no habiendo más asuntos que tratar, la Presidencia levanta la sesión a las ${hour} horas, de lo que yo, como ${capacity.toLowerCase()}, doy fe.`,
  unknownSpeaker: 'Persona sin identificar',
}

import type { BodyKind, SessionKind } from '../../storage/model/session.ts'
import type { DraftWords } from './draft-words-gl.ts'

const kinds: Record<SessionKind, string> = {
  ordinary: 'ORDINARIA',
  extraordinary: 'EXTRAORDINARIA',
  'extraordinary-urgent': 'EXTRAORDINARIA Y URGENTE',
}

const bodies: Record<BodyKind, { by: string; of: string; meets: string; agrees: string; members: string }> = {
  pleno: {
    by: 'POR EL PLENO DE LA CORPORACIÓN',
    of: 'del Pleno de la Corporación',
    meets: 'el Pleno de la Corporación',
    agrees: 'El Pleno acuerda:',
    members: 'que legalmente componen la Corporación',
  },
  'xunta-de-goberno': {
    by: 'POR LA JUNTA DE GOBIERNO LOCAL',
    of: 'de la Junta de Gobierno Local',
    meets: 'la Junta de Gobierno Local',
    agrees: 'La Junta de Gobierno Local acuerda:',
    members: 'que componen la Junta de Gobierno Local',
  },
  'comision-informativa': {
    by: 'POR LA COMISIÓN INFORMATIVA',
    of: 'de la comisión informativa',
    meets: 'la comisión informativa',
    agrees: 'La comisión dictamina:',
    members: 'que componen la comisión',
  },
}

const votes = { ordinary: 'ordinaria', nominal: 'nominal', secret: 'secreta' }

/** «a las 19:41», «a la 1:05». */
const at = (hour: string) => (/^0?1:/.test(hour) ? `a la ${hour}` : `a las ${hour}`)
const onItem = (item?: number) => (item ? `, en el punto ${item}` : '')
const why = (cause?: string) => (cause ? ` (${cause})` : '')

/** Spanish formulas of the acta, in the order of law.md §3. */
export const draftWordsEs: DraftWords = {
  locale: 'es-ES',
  title: (kind, body, day) => `ACTA DE LA SESIÓN ${kinds[kind]} CELEBRADA ${bodies[body].by} EL DÍA ${day.toUpperCase()}`,
  notHeldTitle: (kind, body, day) =>
    `DILIGENCIA DE NO HABERSE CELEBRADO LA SESIÓN ${kinds[kind]} ${bodies[body].of.toUpperCase()} CONVOCADA PARA EL DÍA ${day.toUpperCase()}`,
  videoActa: (norm) => `Videoacta, al amparo de: ${norm}`,
  supportActa: 'Acta con grabación de apoyo',
  opening: (place, municipality, hour, day, call, body) =>
    `En ${municipality}, en el ${place}, siendo las ${hour} horas del ${day}, se reúne en ${call === 1 ? 'primera' : 'segunda'} convocatoria ${bodies[body].meets}.`,
  mode: (mode, reason) =>
    `La sesión se celebra ${mode === 'remote' ? 'a distancia' : 'de forma presencial y a distancia'} conforme al artículo 46.3 de la Ley 7/1985. Motivo: ${reason}.`,
  presides: (name, capacity) => `Preside: ${name}, ${capacity}.`,
  presidesSince: (name, capacity, hour) => `Desde las ${hour} preside: ${name}, ${capacity}.`,
  substituting: (name, cause) => ` En sustitución de ${name}${why(cause)}.`,
  attendees: (group) => `Asisten · ${group}`,
  attendeesAll: 'Asisten',
  excused: 'Excusan su asistencia',
  absent: 'No asisten',
  secretary: (name, capacity) => `Secretaría: ${name}, ${capacity}, que da fe.`,
  secretarySince: (name, capacity, hour) => `Desde las ${hour} da fe: ${name}, ${capacity}.`,
  intervention: (name, capacity) => `Intervención: ${name}, ${capacity}.`,
  arrived: (name, hour, item) => `${name} se incorpora ${at(hour)}${onItem(item)}.`,
  left: (name, hour, item) => `${name} se ausenta ${at(hour)}${onItem(item)}.`,
  connectionLost: (name, hour, item) => `${name}, que asiste a distancia, pierde la conexión ${at(hour)}${onItem(item)}.`,
  connectionBack: (name, hour, item) => `${name}, que asiste a distancia, recupera la conexión ${at(hour)}${onItem(item)}.`,
  expelled: (name, hour, item) => `La Presidencia expulsa a ${name} ${at(hour)}${onItem(item)} (ROF, artículo 95.2).`,
  constitution: (present, legal, body) =>
    body === 'pleno'
      ? `Comprobado el quórum del artículo 90 del ROF (${present} miembros presentes de los ${legal} ${bodies[body].members}), la Presidencia declara abierta y pública la sesión.`
      : `Comprobado el quórum (${present} miembros presentes de los ${legal} ${bodies[body].members}), la Presidencia declara abierta la sesión, que no es pública.`,
  recorded: (norm) => `La sesión se graba en audio y vídeo al amparo de: ${norm}.`,
  supportRecording: 'La sesión se graba como apoyo para redactar el acta (grabación de apoyo).',
  file: (duration, format, sha256) =>
    `El fichero de la grabación, de ${duration} y formato ${format}, con huella SHA-256 ${sha256}, acompaña a esta acta.`,
  gaps: (count, total) =>
    count === 1 ? `La grabación tiene una interrupción, de ${total}.` : `La grabación tiene ${count} interrupciones, que suman ${total}.`,
  gap: (from, to, length, cause) => `Entre las ${from} y las ${to} (${length}) no hay grabación: ${cause}.`,
  gapUnsure: (least) =>
    `La duración de esta interrupción no es segura: el grabador estuvo apagado y no consta que su reloj estuviese en hora. Fue, como mínimo, de ${least}.`,
  gapTold: (length) => `Según el reloj del grabador puesto en hora, esta interrupción fue de ${length}.`,
  gapToTheEnd: (from, cause) => `Desde las ${from} hasta el final no hay grabación: ${cause}.`,
  gapCauses: {
    'recorder-lost': 'un grabador dejó de grabar y aún no lo hacía otro',
    paused: 'se puso en pausa',
    'closed-part': 'la sesión estaba a puerta cerrada',
    'source-late': 'la cámara o los micrófonos tardaron en dar señal',
    'agent-restarted': 'el grabador se apagó y volvió a arrancar',
    'disk-full': 'el disco del grabador se llenó',
    stalled: 'la señal de la cámara o de los micrófonos se quedó parada',
    'capture-died': 'el programa que graba dejó de funcionar',
    'source-unreadable': 'no llegaba señal de la cámara o de los micrófonos',
  },
  gapUnknown: 'el grabador falló',
  recorders: (stretches) =>
    `Grabaron la sesión varios grabadores, sobre una misma línea de tiempo; hace fe el que se indica: ${stretches.join('; ')}. Las demás grabaciones se conservan completas.`,
  recorderFrom: (name, from) => `desde ${from}, «${name}»`,
  notRecorded: 'De esta sesión no hay grabación.',
  recordingLost:
    'La sesión se iba a grabar y no se conserva ninguna grabación. La falta de la grabación no afecta a la validez de la sesión ni de esta acta.',
  recess: (from, to, cause) =>
    to === undefined
      ? `La Presidencia interrumpe la sesión ${at(from)}${why(cause)}.`
      : `La Presidencia interrumpe la sesión ${at(from)}${why(cause)} y la reanuda ${at(to)}.`,
  agenda: 'Orden del día',
  noInterventions: 'No se producen intervenciones.',
  noQuestions: 'No se formulan ruegos ni preguntas.',
  notReached: 'Este punto no se llegó a tratar.',
  withdrawn: 'El punto se retira del orden del día.',
  postponed: 'El punto queda sobre la mesa.',
  bound: (name) => `${name} se abstiene de intervenir y de votar por deber legal y sale de la sala (ROF, artículo 96).`,
  vote: (kind, round) => `${round === 2 ? 'Se somete a segunda votación' : 'Se somete a votación'} ${votes[kind]}.`,
  counts: (favour, against, abstain) => `Votos a favor: ${favour}; en contra: ${against}; abstenciones: ${abstain}.`,
  absentees: (names, count) =>
    `${count === 1 ? 'De las abstenciones, una es' : `De las abstenciones, ${count} son`} abstención por ausencia, por salir después de iniciada la deliberación (ROF, artículo 100.1): ${names}.`,
  outcome: {
    approved: 'La Presidencia proclama aprobada la propuesta.',
    rejected: 'La Presidencia proclama rechazada la propuesta.',
    tie: 'Se produce un empate.',
  },
  unanimous: 'La Presidencia proclama aprobada la propuesta por unanimidad.',
  casting: 'Decide el voto de calidad de la Presidencia.',
  agreement: (body) => bodies[body].agrees,
  closing: (hour, capacity) =>
    `Y no habiendo más asuntos que tratar, la Presidencia levanta la sesión a las ${hour} horas, de lo que yo, como ${capacity.toLowerCase()}, doy fe.`,
  notHeld: (place, municipality, hour, day, call, body) =>
    `En ${municipality}, en el ${place}, a las ${hour} horas del ${day}, estaba convocada en ${call === 1 ? 'primera' : 'segunda'} convocatoria sesión ${bodies[body].of}, que no se celebró.`,
  notHeldCause: (cause) => `Causa: ${cause}`,
  notHeldQuorum: (needed, present) => `Para el quórum hacían falta ${needed} miembros y concurrieron ${present}.`,
  secondCall: (day, hour) => `La sesión queda convocada de forma automática, en segunda convocatoria, para el ${day} a las ${hour} horas.`,
  noSecondCall: 'No cabe otra convocatoria: los asuntos del orden del día quedan para la primera sesión que se celebre.',
  secretaryOffice: 'secretaría',
  came: 'Concurrieron',
  cameNobody: 'No concurrió ningún miembro.',
  notHeldClosing: (capacity) =>
    `Y para que conste, en lugar del acta y conforme al artículo 109.2 del ROF, extiendo esta diligencia, que firmo como ${capacity.toLowerCase()}.`,
  unknownSpeaker: 'Persona sin identificar',
}

import type { SessionKind } from '../../storage/model/session.ts'
import type { NoticeWords } from './notice-gl.ts'

const kinds: Record<SessionKind, string> = {
  ordinary: 'ordinaria',
  extraordinary: 'extraordinaria',
  'extraordinary-urgent': 'extraordinaria y urgente',
}

/** The text of the convocation that is sent, in Spanish. */
export const noticeEs: NoticeWords = {
  subject: (kind, day) => `Convocatoria del Pleno: sesión ${kinds[kind]} del ${day}`,
  heading: 'CONVOCATORIA DEL PLENO DE LA CORPORACIÓN',
  convenes: (kind, day, hour, place, call) =>
    `La Alcaldía convoca al Pleno de la Corporación a sesión ${kinds[kind]} el día ${day}, a las ${hour} horas, en ${place}, en ${call}.`,
  calls: { '1': 'primera convocatoria', '2': 'segunda convocatoria' },
  second: 'De no haber quórum, se celebrará en segunda convocatoria dos días después, a la misma hora (artículo 90 del ROF).',
  urgent: 'Al ser urgente, el primer punto es el pronunciamiento del Pleno sobre la urgencia (artículo 79 del ROF).',
  agenda: 'ORDEN DEL DÍA',
  sections: { resolutive: 'Parte resolutiva', control: 'Actividad de control' },
  acta: (day) => `Se acompaña el borrador del acta de la sesión del ${day}.`,
  papers:
    'La documentación de los asuntos está a disposición de los miembros de la Corporación en la secretaría desde el día de esta convocatoria (artículo 84 del ROF).',
  media: 'Se comunica a los medios conforme al artículo 252.1 de la Lei 5/1997, de 22 de julio, de la Administración local de Galicia.',
  open: 'La sesión es pública.',
  demo: 'TEXTO DE PRUEBA: el ayuntamiento y las personas no existen.',
}

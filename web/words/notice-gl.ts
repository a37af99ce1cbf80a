import type { SessionKind } from '../../storage/model/session.ts'

const kinds: Record<SessionKind, string> = {
  ordinary: 'ordinaria',
  extraordinary: 'extraordinaria',
  'extraordinary-urgent': 'extraordinaria e urxente',
}

/** The text of the convocation that is sent, in Galician. notice-es.ts has the same keys. */
export const noticeGl = {
  subject: (kind: SessionKind, day: string): string => `Convocatoria do Pleno: sesión ${kinds[kind]} do ${day}`,
  heading: 'CONVOCATORIA DO PLENO DA CORPORACIÓN',
  convenes: (kind: SessionKind, day: string, hour: string, place: string, call: string): string =>
    `A Alcaldía convoca o Pleno da Corporación a sesión ${kinds[kind]} o día ${day}, ás ${hour} horas, en ${place}, en ${call}.`,
  calls: { '1': 'primeira convocatoria', '2': 'segunda convocatoria' },
  second: 'De non haber quórum, celebrarase en segunda convocatoria dous días despois, á mesma hora (artigo 90 do ROF).',
  urgent: 'Ao ser urxente, o primeiro punto é o pronunciamento do Pleno sobre a urxencia (artigo 79 do ROF).',
  agenda: 'ORDE DO DÍA',
  sections: { resolutive: 'Parte resolutiva', control: 'Actividade de control' },
  acta: (day: string): string => `Achégase o borrador da acta da sesión do ${day}.`,
  papers:
    'A documentación dos asuntos está á disposición dos membros da Corporación na secretaría desde o día desta convocatoria (artigo 84 do ROF).',
  media: 'Comunícaselles aos medios conforme o artigo 252.1 da Lei 5/1997, do 22 de xullo, da Administración local de Galicia.',
  open: 'A sesión é pública.',
  demo: 'TEXTO DE PROBA: o concello e as persoas non existen.',
}

export type NoticeWords = typeof noticeGl

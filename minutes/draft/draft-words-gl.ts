import type { SessionKind } from '../../storage/model/session.ts'

const kinds: Record<SessionKind, string> = {
  ordinary: 'ORDINARIA',
  extraordinary: 'EXTRAORDINARIA',
  'extraordinary-urgent': 'EXTRAORDINARIA E URXENTE',
}

/** Galician formulas of the acta, in the order of law.md §3. */
export const draftWordsGl = {
  title: (kind: SessionKind, day: string) => `ACTA DA SESIÓN ${kinds[kind]} REALIZADA POLO PLENO DA CORPORACIÓN O DÍA ${day.toUpperCase()}`,
  opening: (place: string, municipality: string, hour: string, day: string, call: 1 | 2) =>
    `En ${municipality}, no ${place}, sendo as ${hour} horas do ${day}, reúnese en ${call === 1 ? 'primeira' : 'segunda'} convocatoria o Pleno da Corporación.`,
  presides: (name: string, capacity: string) => `Preside: ${name}, ${capacity}.`,
  attendees: (group: string) => `Asisten · ${group}`,
  excused: 'Escusan a súa asistencia',
  absent: 'Non asisten',
  secretary: (name: string, capacity: string) => `Secretaría: ${name}, ${capacity}, que dá fe.`,
  arrived: (name: string, hour: string, item?: number) => `${name} incorpórase ás ${hour}${item ? `, no punto ${item}` : ''}.`,
  left: (name: string, hour: string, item?: number) => `${name} auséntase ás ${hour}${item ? `, no punto ${item}` : ''}.`,
  constitution: (present: number, legal: number) =>
    `Comprobado o quórum do artigo 90 do ROF (${present} membros presentes dos ${legal} que legalmente compoñen a Corporación), a Presidencia declara aberta e pública a sesión.`,
  recorded: (norm: string) => `A sesión grávase en audio e vídeo ao abeiro de: ${norm}.`,
  supportRecording: 'A sesión grávase como apoio para redactar a acta (gravación de apoio).',
  file: (duration: string, format: string, sha256: string) =>
    `O ficheiro da gravación, de ${duration} e formato ${format}, con pegada SHA-256 ${sha256}, acompaña esta acta.`,
  gaps: (count: number, total: string) =>
    count === 1 ? `A gravación ten unha interrupción, de ${total}.` : `A gravación ten ${count} interrupcións, que suman ${total}.`,
  notRecorded: 'Desta sesión non hai gravación.',
  agenda: 'Orde do día',
  noInterventions: 'Non se producen intervencións.',
  noQuestions: 'Non se formulan rogos nin preguntas.',
  withdrawn: 'O punto retírase da orde do día.',
  postponed: 'O punto queda sobre a mesa.',
  vote: (kind: 'ordinary' | 'nominal' | 'secret', round: 1 | 2) =>
    `${round === 2 ? 'Sométese a segunda votación' : 'Sométese a votación'} ${{ ordinary: 'ordinaria', nominal: 'nominal', secret: 'secreta' }[kind]}.`,
  counts: (favour: number, against: number, abstain: number) => `Votos a favor: ${favour}; en contra: ${against}; abstencións: ${abstain}.`,
  outcome: {
    approved: 'A Presidencia proclama aprobada a proposta.',
    rejected: 'A Presidencia proclama rexeitada a proposta.',
    tie: 'Prodúcese un empate.',
  },
  unanimous: 'A Presidencia proclama aprobada a proposta por unanimidade.',
  casting: 'Decide o voto de calidade da Presidencia.',
  agreement: 'O Pleno acorda:',
  closing: (hour: string, capacity: string) =>
    `E non habendo máis asuntos que tratar, a Presidencia levanta a sesión ás ${hour} horas, do que eu, como ${capacity.toLowerCase()}, dou fe.`,
  unknownSpeaker: 'Persoa sen identificar',
}
export type DraftWords = typeof draftWordsGl

import type { AgendaItem, ItemKind } from '../../../storage/model/session.ts'

/** Why an item was taken for its kind, for the person who confirms it. */
export type GuessReason =
  | 'approval'
  | 'control-title'
  | 'mocion'
  | 'dacion'
  | 'rogo'
  | 'pregunta'
  | 'urgency'
  | 'ditame'
  | 'proposicion'
  | 'column'
  | 'control-part'
  | 'default'

/** In their order: the first that a title answers to is its kind. Galician and Spanish. */
const signs: readonly [pattern: RegExp, kind: ItemKind, reason: GuessReason][] = [
  [/\b(?:rogos|ruegos)\b.*\bpreguntas\b/iu, 'rogos-e-preguntas', 'control-title'],
  [
    /\bactas?\b.*\b(?:anterior|anteriores|sesi[oó]n|sesi[oó]ns|sesiones)\b|\b(?:aprobaci[oó]n|lectura)\b.*\b(?:borrador|actas?)\b/iu,
    'approval-of-acta',
    'approval',
  ],
  [
    /\b(?:pronunciamento|pronunciamiento|ratificaci[oó]n|declaraci[oó]n|apreciaci[oó]n|votaci[oó]n)\b.*\burxencia\b|\b(?:pronunciamiento|ratificaci[oó]n|declaraci[oó]n|apreciaci[oó]n|votaci[oó]n)\b.*\burgencia\b/iu,
    'urgency',
    'urgency',
  ],
  [/\bmoci[oó]n(?:s|es)?\b/iu, 'mocion', 'mocion'],
  [
    /\bdaci[oó]n\s+de\s+(?:conta|cuenta)\b|\bdar\s+(?:conta|cuenta)\b|\b(?:resoluci[oó]ns|resoluciones|decretos)\b.*\b(?:alcald[ií]a)\b|\binforme\s+da\s+alcald[ií]a\b|\binformes?\s+de\s+(?:la\s+)?alcald[ií]a\b/iu,
    'dacion-de-conta',
    'dacion',
  ],
  [/\bditames?\b|\bdict[aá]men(?:es)?\b/iu, 'ditame', 'ditame'],
  [/\bproposici[oó]n\b|\bpropostas?\b|\bpropuestas?\b/iu, 'proposicion', 'proposicion'],
  [/^\s*(?:rogos?|ruegos?)\b/iu, 'rogo', 'rogo'],
  [/^\s*preguntas?\b/iu, 'pregunta', 'pregunta'],
]

/** What an item seems to be by its words; what says nothing is a ditame, or in the part of control something to be told. */
export function guessKind(title: string, section: AgendaItem['section'] | undefined): { kind: ItemKind; reason: GuessReason } {
  const found = signs.find(([pattern]) => pattern.test(title))
  if (found) return { kind: found[1], reason: found[2] }
  return section === 'control' ? { kind: 'dacion-de-conta', reason: 'control-part' } : { kind: 'ditame', reason: 'default' }
}

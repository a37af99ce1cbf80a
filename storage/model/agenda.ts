import type { AgendaItem, ItemKind, SessionKind } from './session.ts'

/** An agenda would lose what the law puts there, or the item is not in it. */
export class AgendaRefusedError extends Error {
  override readonly name = 'AgendaRefusedError'
  readonly reason: 'urgency-fixed' | 'rogos-required' | 'rogos-last' | 'no-such-item' | 'at-the-end'
  constructor(reason: AgendaRefusedError['reason']) {
    super(`the agenda cannot be changed so: ${reason}`)
    this.reason = reason
  }
}

/** The part of the session where a kind of item usually stands (R4; law.md §3.6). */
export function usualSection(kind: ItemKind): AgendaItem['section'] {
  return /^(?:dacion-de-conta|mocion|rogo|pregunta|rogos-e-preguntas)$/.test(kind) ? 'control' : 'resolutive'
}

/**
 * The agenda in its legal order, numbered from 1: the vote on urgency first (ROF 79), then the resolutive part, then control
 * (LBRL 46.2.e), «rogos e preguntas» last; within a part, as given.
 */
export function orderAgenda(items: readonly AgendaItem[]): AgendaItem[] {
  const rank = (one: AgendaItem) => {
    if (one.kind === 'urgency') return 0
    if (one.kind === 'rogos-e-preguntas') return 3
    return one.section === 'resolutive' ? 1 : 2
  }
  return [...items].sort((one, other) => rank(one) - rank(other)).map((one, index) => ({ ...one, number: index + 1 }))
}

/** Puts an item in, or in the place of the one with its id; it stands last in its part when it is new or changes part. */
export function putItem(agenda: readonly AgendaItem[], item: AgendaItem): AgendaItem[] {
  const before = agenda.find((one) => one.id === item.id)
  if (before && isFixed(before) && before.kind !== item.kind)
    throw new AgendaRefusedError(before.kind === 'urgency' ? 'urgency-fixed' : 'rogos-required')
  const settled = item.kind === 'urgency' ? { ...item, section: 'resolutive' as const } : item
  const inControl = settled.kind === 'rogos-e-preguntas' ? { ...settled, section: 'control' as const } : settled
  if (before?.section === inControl.section) return orderAgenda(agenda.map((one) => (one.id === item.id ? inControl : one)))
  return orderAgenda([...agenda.filter((one) => one.id !== item.id), inControl])
}

/** @throws AgendaRefusedError the law wants the item in a session of this kind (R3, R4) */
export function removeItem(agenda: readonly AgendaItem[], id: string, kind: SessionKind): AgendaItem[] {
  const item = agenda.find((one) => one.id === id)
  if (!item) throw new AgendaRefusedError('no-such-item')
  if (item.kind === 'urgency' && kind === 'extraordinary-urgent') throw new AgendaRefusedError('urgency-fixed')
  if (isLastRogos(agenda, item) && kind === 'ordinary') throw new AgendaRefusedError('rogos-required')
  return orderAgenda(agenda.filter((one) => one.id !== id))
}

/** Moves an item one place up (-1) or down (1) within its part. @throws AgendaRefusedError */
export function moveItem(agenda: readonly AgendaItem[], id: string, by: -1 | 1): AgendaItem[] {
  const from = agenda.findIndex((one) => one.id === id)
  const item = agenda[from]
  if (!item) throw new AgendaRefusedError('no-such-item')
  if (item.kind === 'urgency') throw new AgendaRefusedError('urgency-fixed')
  if (item.kind === 'rogos-e-preguntas') throw new AgendaRefusedError('rogos-last')
  const neighbour = agenda[from + by]
  if (!neighbour || isFixed(neighbour) || neighbour.section !== item.section) throw new AgendaRefusedError('at-the-end')
  const moved = [...agenda]
  moved[from] = neighbour
  moved[from + by] = item
  return orderAgenda(moved)
}

/** Whether an item may move so at all; buttons that cannot do anything are not offered. */
export function mayMove(agenda: readonly AgendaItem[], id: string, by: -1 | 1): boolean {
  try {
    moveItem(agenda, id, by)
    return true
  } catch (error) {
    if (error instanceof AgendaRefusedError) return false
    throw error
  }
}

/** What the law wants in the agenda of a kind of session before anybody wrote a line (R3, R4). `newId` gives each its id. */
export function agendaFor(kind: SessionKind, agenda: readonly AgendaItem[], newItem: (kind: ItemKind) => AgendaItem): AgendaItem[] {
  const kept = agenda.filter((one) => one.kind !== 'urgency' || kind === 'extraordinary-urgent')
  const missing: ItemKind[] = []
  if (kind === 'extraordinary-urgent' && !kept.some((one) => one.kind === 'urgency')) missing.push('urgency')
  if (kind === 'ordinary' && !kept.some((one) => one.kind === 'rogos-e-preguntas')) missing.push('rogos-e-preguntas')
  return orderAgenda([...kept, ...missing.map((one) => newItem(one))])
}

function isFixed(item: AgendaItem): boolean {
  return item.kind === 'urgency' || item.kind === 'rogos-e-preguntas'
}

function isLastRogos(agenda: readonly AgendaItem[], item: AgendaItem): boolean {
  return item.kind === 'rogos-e-preguntas' && agenda.filter((one) => one.kind === 'rogos-e-preguntas').length === 1
}

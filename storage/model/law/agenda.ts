import type { AgendaItem } from '../session.ts'
import type { ContentOf, EventOf, SessionEvent } from '../session-events.ts'
import type { ItemState, SessionState } from '../session-shape.ts'
import { isApproved, mayDebate, pendingTie, proclaimed, urgencyOfSession } from './before-debate.ts'
import { endFloor } from './floor.ts'
import { mayGoOn, membersPresent } from './quorum.ts'
import { allowed, firstRefusal, type Ruling, refused } from './ruling.ts'
import { beginSpan, endSpan } from './spans.ts'

/** The agenda as it is dealt with: opened, read, debated, closed, joined, withdrawn, left on the table, added (R3, R5, R15, R19). */
export function applyAgenda(state: SessionState, event: SessionEvent): void {
  switch (event.type) {
    case 'item.opened':
      openItem(state, event)
      break
    case 'item.read':
      onItem(state, event.item, (item) => {
        item.read = true
      })
      break
    case 'debate.began':
      onItem(state, event.item, (item) => {
        item.debated = true
        item.attended = membersPresent(state)
      })
      break
    case 'debate.ended':
      endFloor(state, event)
      break
    case 'item.closed':
      endFloor(state, event)
      closeCurrentItem(state, event)
      break
    case 'item.joined':
      for (const id of event.items) {
        onItem(state, id, (item) => {
          item.joinedTo = event.item
          if (state.currentItem === event.item) item.attended = membersPresent(state)
        })
      }
      break
    case 'item.withdrawn':
    case 'item.postponed':
      endFloor(state, event)
      if (state.currentItem === event.item) closeCurrentItem(state, event)
      onItem(state, event.item, (item) => {
        item.status = event.type === 'item.withdrawn' ? 'withdrawn' : 'postponed'
      })
      break
    case 'item.added':
      state.items.push({ item: addedItem(event, state.items.length + 1), status: 'pending', spans: [], added: true, attended: [] })
      break
  }
}

function openItem(state: SessionState, event: EventOf<'item.opened'>): void {
  endFloor(state, event)
  closeCurrentItem(state, event)
  const at = state.items.findIndex((one) => one.item.id === event.item)
  const opened = state.items[at]
  if (!opened) return
  if (opened.status === 'pending' && state.items.slice(0, at).some((one) => one.status === 'pending' && !one.joinedTo)) {
    opened.outOfOrder = true
  }
  opened.status = 'open'
  beginSpan(opened.spans, event)
  state.currentItem = event.item
  for (const item of state.items) {
    if (item !== opened && item.joinedTo !== event.item) continue
    item.attended = [...new Set([...item.attended, ...membersPresent(state)])]
  }
}

function addedItem(event: EventOf<'item.added'>, number: number): AgendaItem {
  return {
    id: event.item,
    number,
    kind: event.kind,
    section: event.section ?? (event.kind === 'mocion' ? 'resolutive' : 'control'),
    title: event.titles ?? { gl: event.title, es: event.title },
    majority: event.majority ?? 'simple',
    ...(event.matter === undefined ? {} : { matter: event.matter }),
    ...(event.proposal === undefined ? {} : { proposal: event.proposal }),
  }
}

/** Ends the item being dealt with, whatever ends it. */
export function closeCurrentItem(state: SessionState, event: SessionEvent): void {
  const current = currentItem(state)
  delete state.currentItem
  if (!current) return
  if (current.status === 'open') current.status = 'closed'
  endSpan(current.spans, event)
}

export function currentItem(state: SessionState): ItemState | undefined {
  return state.currentItem === undefined ? undefined : itemState(state, state.currentItem)
}

function itemState(state: SessionState, id: string): ItemState | undefined {
  return state.items.find((one) => one.item.id === id)
}

function onItem(state: SessionState, id: string, change: (item: ItemState) => void): void {
  const found = itemState(state, id)
  if (found) change(found)
}

const unknownItem = refused('R15', 'ROF 109.1.g', 'Ese punto non está na orde do día.', 'Ese punto no está en el orden del día.')
const notCurrent = refused('R15', 'ROF 109.1.g', 'Ese non é o punto que se está a tratar.', 'Ese no es el punto que se está tratando.')

/** The presidency may alter the order (ROF 91.3); what it may not do is leave a tie or a closed part behind (R26, R17). */
export function mayOpenItem(state: SessionState, event: ContentOf<'item.opened'>): Ruling {
  const item = itemState(state, event.item)
  if (!item) return unknownItem
  if (item.status === 'withdrawn' || item.status === 'postponed') {
    return refused(
      'R19',
      'ROF 92.1',
      'Ese punto retirouse ou quedou sobre a mesa: hoxe xa non se trata.',
      'Ese punto se retiró o quedó sobre la mesa: hoy ya no se trata.',
    )
  }
  return firstRefusal(mayGoOn(state), urgencyFirst(state, item), event.item === state.currentItem ? allowed : mayLeaveItem(state))
}

function urgencyFirst(state: SessionState, { item }: ItemState): Ruling {
  return urgencyOfSession(state) === 'pending' && item.kind !== 'urgency'
    ? refused('R3', 'ROF 79', 'Nunha sesión urxente vótase primeiro a urxencia.', 'En una sesión urgente se vota primero la urgencia.')
    : allowed
}

/** Whether the item being dealt with may be left for another, or ended. */
function mayLeaveItem(state: SessionState): Ruling {
  if (pendingTie(state, state.currentItem)) {
    return refused('R26', 'ROF 100.2', 'Houbo empate: antes hai que votar outra vez.', 'Hubo empate: antes hay que votar otra vez.')
  }
  return state.phase === 'closed-part'
    ? refused('R17', 'ROF 88.1', 'Remate primeiro a parte pechada deste punto.', 'Termine primero la parte cerrada de este punto.')
    : allowed
}

export function mayCloseItem(state: SessionState, event: ContentOf<'item.closed'>): Ruling {
  return event.item === state.currentItem ? mayLeaveItem(state) : notCurrent
}

export function mayRead(state: SessionState, event: ContentOf<'item.read'>): Ruling {
  return event.item === state.currentItem ? allowed : notCurrent
}

export function mayBeginDebate(state: SessionState, event: ContentOf<'debate.began'>): Ruling {
  const item = itemState(state, event.item)
  return item && event.item === state.currentItem ? mayDebate(state, item) : notCurrent
}

export function mayJoin(state: SessionState, event: ContentOf<'item.joined'>): Ruling {
  const joined = [event.item, ...event.items].map((id) => itemState(state, id))
  if (joined.some((item) => !item)) return unknownItem
  const free = joined.slice(1).every((item) => item?.status === 'pending')
  return free && !event.items.includes(event.item)
    ? allowed
    : refused(
        'R19',
        'ROF 94',
        'Só se debaten xuntos puntos que aínda non se trataron.',
        'Solo se debaten juntos puntos que aún no se trataron.',
      )
}

/** Withdrawn by the presidency or the proposer; after the debate began, by the vote that a member asked for (ROF 91.3, 92.1). */
export function mayWithdraw(state: SessionState, event: ContentOf<'item.withdrawn'>): Ruling {
  return firstRefusal(
    mayTakeAway(state, event.item),
    event.ground === 'vote' && !isApproved(state, event.item, 'withdraw')
      ? refused('R19', 'ROF 92.1', 'A retirada non se aprobou en votación.', 'La retirada no se aprobó en votación.')
      : allowed,
  )
}

/** Left on the table for the next session only by a vote, before the main one (ROF 92.1). */
export function mayPostpone(state: SessionState, event: ContentOf<'item.postponed'>): Ruling {
  return firstRefusal(
    mayTakeAway(state, event.item),
    isApproved(state, event.item, 'postpone')
      ? allowed
      : refused(
          'R19',
          'ROF 92.1',
          'Deixar o punto sobre a mesa precisa unha votación que o aprobe.',
          'Dejar el punto sobre la mesa necesita una votación que lo apruebe.',
        ),
  )
}

function mayTakeAway(state: SessionState, id: string): Ruling {
  const item = itemState(state, id)
  if (!item) return unknownItem
  if (item.item.kind === 'urgency') {
    return refused(
      'R3',
      'ROF 79',
      'O pronunciamento sobre a urxencia non se pode quitar.',
      'El pronunciamiento sobre la urgencia no se puede quitar.',
    )
  }
  return (item.status === 'pending' || item.status === 'open') && proclaimed(state, id, 'main').length === 0
    ? allowed
    : refused('R19', 'ROF 92.1', 'Ese punto xa se tratou.', 'Ese punto ya se trató.')
}

/** Only an ordinary session takes in what was not convened: elsewhere the agreement would be void (ROF 83, 91.4). */
export function mayAdd(state: SessionState, event: ContentOf<'item.added'>): Ruling {
  if (itemState(state, event.item))
    return refused('R5', 'ROF 91.4', 'Ese punto xa está na orde do día.', 'Ese punto ya está en el orden del día.')
  if (state.kind !== 'ordinary') {
    return refused(
      'R5',
      'ROF 83',
      'Nunha sesión extraordinaria só se trata o que se convocou.',
      'En una sesión extraordinaria solo se trata lo que se convocó.',
    )
  }
  return addable.has(event.kind)
    ? allowed
    : refused(
        'R5',
        'ROF 91.4',
        'Fóra da orde do día só cabe unha moción, coa urxencia votada antes.',
        'Fuera del orden del día solo cabe una moción, con la urgencia votada antes.',
      )
}

const addable: ReadonlySet<string> = new Set(['mocion', 'rogo', 'pregunta'])

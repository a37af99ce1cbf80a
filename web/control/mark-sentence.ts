import { type Council, fullName, type Language } from '../../storage/model/council.ts'
import type { SessionEvent } from '../../storage/model/session-events.ts'
import type { SessionState } from '../../storage/model/session-state.ts'
import { conductWords, controlWords } from '../words/staff-words.ts'
import { speakerName } from './room.ts'

/** What one act marked, in a few words: the opening or the proclamation when it holds one, else its first event. */
export function markSentence(events: readonly SessionEvent[], council: Council, state: SessionState, language: Language): string {
  const words = controlWords[language]
  const { marks } = conductWords[language]
  const of = events.find((one) => telling.has(one.type)) ?? events[0]
  const name = (id: string) => {
    const member = council.members.find((one) => one.id === id)
    return member ? fullName(member) : ''
  }
  const itemOf = (id: string) => state.items.find((one) => one.item.id === id)?.item
  const number = (id: string) => itemOf(id)?.number ?? 0
  switch (of?.type) {
    case 'session.opened':
      return words.marks.opened
    case 'session.lifted':
      return words.marks.lifted
    case 'session.not-held':
      return marks.notHeld
    case 'item.opened': {
      const item = itemOf(of.item)
      return item ? words.marks.item(item.number, item.title[language]) : words.marks.other
    }
    case 'item.closed':
      return marks.closed(number(of.item))
    case 'item.joined':
      return marks.joined(number(of.item))
    case 'item.postponed':
      return marks.postponed(number(of.item))
    case 'item.withdrawn':
      return marks.withdrawn(number(of.item))
    case 'item.added':
      return marks.added(of.title)
    case 'floor.given':
      return words.marks.floor(speakerName(of.speaker, council, { ...conductWords[language], secretary: words.secretary }))
    case 'floor.ended':
      return words.marks.floorEnded
    case 'vote.opened':
      return words.marks.voteOpened
    case 'ballot.cast':
      return marks.ballot(name(of.member))
    case 'vote.proclaimed':
      return words.marks.proclaimed[of.outcome]
    case 'attendance.arrived':
      return words.marks.arrived(name(of.member))
    case 'attendance.left':
      return words.marks.left(name(of.member))
    case 'abstention.began':
      return marks.dutyBegan(name(of.member))
    case 'abstention.ended':
      return marks.dutyEnded(name(of.member))
    case 'recess.began':
      return marks.recess
    case 'recess.ended':
      return marks.recessEnded
    case 'closed.began':
      return marks.closedBegan
    case 'closed.ended':
      return marks.closedEnded
    case 'incident':
      return marks.incident
    case 'order.called':
      return marks.order(name(of.member))
    case 'member.expelled':
      return marks.expelled(name(of.member))
    case 'note':
      return marks.note
    case 'star':
      return words.marks.star
    default:
      return words.marks.other
  }
}

const telling: ReadonlySet<SessionEvent['type']> = new Set([
  'session.opened',
  'session.not-held',
  'vote.proclaimed',
  'item.added',
  'vote.opened',
])

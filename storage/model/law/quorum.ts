import type { SessionState } from '../session-shape.ts'
import { quorumNeeded } from '../vote-rules.ts'
import { allowed, firstRefusal, type Refusal, type Ruling, refused } from './ruling.ts'

/** Xunta de Goberno and committees: the absolute majority on the first call, a third and never under three on the second (ROF 113.1.c, 135). */
function bodyQuorum(state: Pick<SessionState, 'body' | 'call'>): number {
  const { kind, legalNumber } = state.body
  return kind === 'pleno' || state.call === 2 ? quorumNeeded(legalNumber) : Math.max(3, Math.floor(legalNumber / 2) + 1)
}

/** Members of the body in the room now; who is bound to abstain on the item being dealt with is out of it (R13, R20). */
export function membersPresent(state: SessionState): string[] {
  const out = new Set(state.abstaining.filter((one) => one.item === state.currentItem).map((one) => one.member))
  return state.body.members.filter((one) => state.attendance[one] === 'present' && !out.has(one))
}

/** What the room needs all through, and what it has (R13). */
export interface QuorumNow {
  present: number
  needed: number
  presidency: boolean
  secretary: boolean
  /** Nothing is lacking. */
  holds: boolean
}

export function quorumNow(state: SessionState): QuorumNow {
  const present = membersPresent(state)
  const needed = bodyQuorum(state)
  const presidency = state.presidency !== undefined && present.includes(state.presidency)
  const secretary = state.secretary !== undefined && isInRoom(state, state.secretary)
  return { present: present.length, needed, presidency, secretary, holds: present.length >= needed && presidency && secretary }
}

/** Whoever is no member of the body is there unless marked as gone. */
function isInRoom(state: SessionState, person: string): boolean {
  const at = state.attendance[person]
  return state.body.members.includes(person) ? at === 'present' : at !== 'left' && at !== 'excused' && at !== 'absent'
}

/** What the tablet says at once when it breaks. */
export function quorumRefusals(state: SessionState): Refusal[] {
  const now = quorumNow(state)
  return [
    ...(now.present < now.needed
      ? [
          refused(
            'R13',
            'LBRL 46.2.c',
            `Non hai quórum: fan falta ${now.needed} membros e hai ${now.present}.`,
            `No hay quórum: hacen falta ${now.needed} miembros y hay ${now.present}.`,
          ),
        ]
      : []),
    ...(now.presidency
      ? []
      : [
          refused(
            'R13',
            'ROF 90.2',
            'Falta a presidencia: ten que asumila quen a substitúa.',
            'Falta la presidencia: tiene que asumirla quien la sustituya.',
          ),
        ]),
    ...(now.secretary
      ? []
      : [
          refused(
            'R13',
            'ROF 90.2',
            'Falta a secretaría: ten que asumila quen a substitúa.',
            'Falta la secretaría: tiene que asumirla quien la sustituya.',
          ),
        ]),
  ]
}

export function mayGoOn(state: SessionState): Ruling {
  return firstRefusal(...quorumRefusals(state), allowed)
}

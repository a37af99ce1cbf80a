import type { Council } from './council.ts'
import { applyAgenda } from './law/agenda.ts'
import { applyAttendance } from './law/attendance.ts'
import { applyClosedPart, protects } from './law/closed-parts.ts'
import { applyCourse } from './law/course.ts'
import { standingEvents } from './law/event-order.ts'
import { endFloor, giveFloor } from './law/floor.ts'
import { applyOffice } from './law/offices.ts'
import { membersPresent, quorumNow } from './law/quorum.ts'
import { place } from './law/spans.ts'
import { openVote, votingNumbers } from './law/votes.ts'
import type { Session } from './session.ts'
import type { SessionEvent } from './session-events.ts'
import { nextAllowed } from './session-rules.ts'
import type { BodyFacts, SessionState } from './session-shape.ts'
import { applyToVote, moveVoter } from './vote-state.ts'

export type { Attendance, AttendanceMove, FloorTurn, ItemState, SessionState, Span } from './session-shape.ts'

/**
 * What is true after `events`, given in any order and with repeats: same events, same state (contracts.md §1). An event that
 * `corrects` another takes its place; nothing is deleted. Each is asked of the law at its own place in time: one that may not
 * happen there makes nothing true and stands in `setAside` with the article.
 */
export function sessionState(events: readonly SessionEvent[], council: Council, session: Session): SessionState {
  const state = beforeEverything(council, session)
  for (const event of standingEvents(events)) {
    const ruling = nextAllowed(state, event, council)
    if (!ruling.allowed) {
      state.setAside.push({ event, refusal: ruling })
      if (!protects(event)) continue
    }
    state.events.push(event)
    apply(state, event, council)
  }
  return state
}

function beforeEverything(council: Council, session: Session): SessionState {
  return {
    kind: session.kind,
    call: session.call,
    body: bodyFacts(council, session),
    phase: 'before',
    offices: [],
    attendance: {},
    remote: [],
    disconnected: [],
    expelled: [],
    moves: [],
    items: session.agenda.map((item) => ({ item, status: 'pending', spans: [], attended: [] })),
    floor: [],
    callsToOrder: {},
    votes: [],
    abstaining: [],
    recesses: [],
    recordingGaps: [],
    closedSpans: [],
    incidents: [],
    events: [],
    setAside: [],
  }
}

/** The plenary counts by its legal number; another body by the members it has (R82). */
function bodyFacts(council: Council, session: Session): BodyFacts {
  const legal = council.members.filter((one) => one.legal).map((one): string => one.id)
  const own = council.bodies.find((one) => one.kind === session.body)
  if (session.body === 'pleno' || !own) return { kind: session.body, legalNumber: council.legalNumber, members: legal }
  return { kind: session.body, legalNumber: own.members.length, members: legal.filter((one) => own.members.some((of) => of === one)) }
}

/** Members in the room now, without those who left it for their duty to abstain (R13, R20). */
export function presentMembers(state: SessionState, _council: Council): string[] {
  return membersPresent(state)
}

/** Whether the body has its quorum; that presidency and secretary are there is another question (law/quorum.ts). */
export function hasQuorum(state: SessionState, _council: Council): boolean {
  const now = quorumNow(state)
  return now.present >= now.needed
}

function apply(state: SessionState, event: SessionEvent, council: Council): void {
  applyCourse(state, event)
  applyAttendance(state, event)
  applyAgenda(state, event)
  applyClosedPart(state, event)
  applyToVote(state.votes, event, votingNumbers(state))
  switch (event.type) {
    case 'role.taken':
    case 'role.left':
      applyOffice(state, event)
      break
    case 'floor.given':
      giveFloor(state, event)
      break
    case 'floor.ended':
      endFloor(state, event)
      break
    case 'vote.opened':
      endFloor(state, event)
      state.votes.push(openVote(state, event, council))
      break
    case 'connection.lost':
    case 'connection.restored': {
      const vote = state.votes.find((one) => one.status === 'open')
      if (vote) moveVoter(vote, event.member, event.type === 'connection.lost' ? 'absent' : 'voting', votingNumbers(state))
      break
    }
    case 'order.called':
      state.callsToOrder[event.member] = (state.callsToOrder[event.member] ?? 0) + 1
      note(state, event)
      break
    case 'incident':
      note(state, event)
      break
    case 'recording.gap':
      state.recordingGaps.push({
        fromMs: event.fromMs ?? event.mediaMs ?? 0,
        ...(event.toMs === undefined ? {} : { toMs: event.toMs }),
        ...(event.cause === undefined ? {} : { cause: event.cause }),
      })
      break
  }
}

function note(state: SessionState, event: SessionEvent & { text: string }): void {
  if (event.text !== '') state.incidents.push({ text: event.text, event: event.id, ...place(state, event) })
}

import type { Council } from '../council.ts'
import type { Session } from '../session.ts'
import type { SessionEvent } from '../session-events.ts'
import { sessionState } from '../session-state.ts'
import { protects } from './closed-parts.ts'
import { allowed, type Ruling } from './ruling.ts'

/**
 * Asks the law of events that are to join those kept, together and each at its own place in time.
 *
 * What is kept stands: a late mark that would make the law refuse a kept one is itself refused, with the article of the one it
 * contradicts, for a person to mend by a correction. A correction may do so: what it leaves without ground is set aside, and shown. A
 * beginning of a closed part may too: what was said in it is already being shown (R17).
 */
export function judge(added: readonly SessionEvent[], kept: readonly SessionEvent[], of: { council: Council; session: Session }): Ruling {
  const isNew = new Set(added.map((one) => one.id))
  const after = setAside([...kept, ...added], of)
  const own = after.find(({ event }) => isNew.has(event.id))
  if (own) return own.refusal
  if (after.length === 0 || added.some((one) => one.corrects !== undefined || protects(one))) return allowed
  const before = new Set(setAside(kept, of).map((one) => one.event.id))
  return after.find(({ event }) => !isNew.has(event.id) && !before.has(event.id))?.refusal ?? allowed
}

function setAside(events: readonly SessionEvent[], { council, session }: { council: Council; session: Session }) {
  return sessionState(events, council, session).setAside
}

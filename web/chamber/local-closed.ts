import type { ProofOfLife } from '../../recorder/control-protocol.ts'
import { type ClosedPart, closedParts, isClosedNow } from '../../storage/model/closed-parts.ts'
import type { EventId, SessionId } from '../../storage/model/ids.ts'
import type { SessionEvent } from '../../storage/model/session-events.ts'
import { sessionState } from '../../storage/model/session-state.ts'
import { doAsWished, mayDiffer, type RecorderHand, wishOf } from '../closed-part/closed-wish.ts'
import type { ChamberBook } from './chamber-book.ts'
import type { ChamberRecorder } from './chamber-recorder.ts'

/** Every mark that the chamber knows of a session, whether it counts or not. */
function localMarks(book: ChamberBook, session: SessionId): SessionEvent[] {
  return [...book.rows(session).map((one) => one.event), ...book.closedMarks(session)]
}

/** The closed parts of a session, by what the chamber knows. */
export function localClosedParts(book: ChamberBook, session: SessionId): ClosedPart[] {
  const of = book.byId(session)
  return of ? closedParts(sessionState(localMarks(book, session), of.council, of.session).events, []) : []
}

export function isClosedHere(book: ChamberBook, session: SessionId): boolean {
  return isClosedNow(localClosedParts(book, session))
}

/**
 * The recorder rests in closed parts by whichever road the news of one reaches the chamber first (R17), and goes on after them. Asked at each
 * proof. Alone, the chamber says so until the recorder proves it; while the server does the same it says each news once, since the server
 * may know of a newer one. A rest for a part that is not known here is the server's: it stays until the server, or a person, ends it
 * (closed-wish.ts), also when an earlier part of the evening is over.
 * @param of.isAlone the server does not reach the recorder, or is not reached
 * @returns stops looking
 */
export function restInClosedPart(of: {
  book: ChamberBook
  recorder: ChamberRecorder
  isAlone: () => boolean
  onTrouble: (sentence: string) => void
}): () => void {
  const { book, recorder } = of
  let busy = false
  let told: { session: SessionId; news: string } | undefined
  const settle = async (session: SessionId, proof: ProofOfLife) => {
    const council = book.council
    const closed = localClosedParts(book, session)
    const before = told?.session === session ? told.news : undefined
    if (!council) return
    const news = closed.at(-1)?.marks.join() ?? ''
    const isNew = before === undefined ? isClosedNow(closed) : before !== news
    if (isNew || of.isAlone()) {
      const known = new Set<string>(localMarks(book, session).map((one) => one.id))
      const wisher = { wish: wishOf(council, closed), knows: (mark: string) => known.has(mark), endsNameless: false }
      await doAsWished(wisher, proof, handOf(recorder, session), () =>
        of.onTrouble('the recorder does not encrypt; it rests in the closed part'),
      )
    }
    if (closed.length > 0 || before !== undefined) told = { session, news }
  }
  return recorder.onProof((session, proof) => {
    if (busy || session === undefined || !mayDiffer(proof)) return
    busy = true
    settle(session, proof)
      .catch((cause: unknown) =>
        of.onTrouble(`the recorder was not told of a closed part: ${cause instanceof Error ? cause.message : cause}`),
      )
      .finally(() => {
        busy = false
      })
  })
}

function handOf(recorder: ChamberRecorder, session: SessionId): RecorderHand {
  const named = (closing: EventId | undefined) => (closing === undefined ? {} : { closing })
  return {
    rest: (closing) => recorder.pause(session, { cause: 'closed-part', ...named(closing) }),
    resume: (closings) => recorder.resume(session, closings),
    seal: (recipients, closing) => recorder.seal(session, recipients, closing),
    unseal: (closings) => recorder.unseal(session, closings),
  }
}

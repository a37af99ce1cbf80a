import type { ProofOfLife } from '../../recorder/control-protocol.ts'
import { type ClosedPart, closedParts, isClosedNow } from '../../storage/model/closed-parts.ts'
import type { SessionId } from '../../storage/model/ids.ts'
import { sessionState } from '../../storage/model/session-state.ts'
import { closedWish, doAsWished, mayDiffer } from '../closed-part/closed-wish.ts'
import type { ChamberBook } from './chamber-book.ts'
import type { ChamberRecorder } from './chamber-recorder.ts'

/** The closed parts of a session, by what the chamber knows. */
export function localClosedParts(book: ChamberBook, session: SessionId): ClosedPart[] {
  const of = book.byId(session)
  const events = [...book.rows(session).map((one) => one.event), ...book.closedMarks(session)]
  return of ? closedParts(sessionState(events, of.council, of.session).events, []) : []
}

export function isClosedHere(book: ChamberBook, session: SessionId): boolean {
  return isClosedNow(localClosedParts(book, session))
}

/**
 * The recorder rests in closed parts by whichever road the news of one reaches the chamber first (R17), and goes on after them. Asked at each
 * proof. Alone, the chamber says so until the recorder proves it; while the server does the same it says each news once, since the server
 * may know of a newer one.
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
    // A rest in a closed part that was never known here was the server's: it stays until the server, or a person, ends it.
    if (!council || (closed.length === 0 && before === undefined)) return
    const news = closed.at(-1)?.marks.join() ?? ''
    const isNew = before === undefined ? isClosedNow(closed) : before !== news
    if (isNew || of.isAlone()) {
      await doAsWished(isClosedNow(closed) ? closedWish(council, closed.at(-1)?.recording) : 'open', proof, handOf(recorder, session), () =>
        of.onTrouble('the recorder does not encrypt; it rests in the closed part'),
      )
    }
    told = { session, news }
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

function handOf(recorder: ChamberRecorder, session: SessionId) {
  return {
    rest: () => recorder.pause(session, 'closed-part'),
    resume: () => recorder.resume(session),
    seal: (recipients: string[]) => recorder.seal(session, recipients),
    unseal: () => recorder.unseal(session),
  }
}

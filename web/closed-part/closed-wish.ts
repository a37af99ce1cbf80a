import type { ProofOfLife, RestWanted } from '../../recorder/control-protocol.ts'
import { type ClosedPart, isClosedNow } from '../../storage/model/closed-parts.ts'
import type { Council } from '../../storage/model/council.ts'
import type { EventId } from '../../storage/model/ids.ts'

const isActive = ({ state }: ProofOfLife) => state === 'recording' || state === 'starting' || state === 'failed'

/** It rests in a closed part. A recorder of before says so by its cause alone, which a fault may take the place of. */
export function restsForUs({ state, cause, rests }: ProofOfLife): boolean {
  return state === 'paused' && (rests ?? cause) === 'closed-part'
}

/** Whether a recorder that proves this could have to be told something. */
export function mayDiffer(proof: ProofOfLife): boolean {
  return isActive(proof) || restsForUs(proof) || proof.sealed === true
}

/** What the council wants of a recorder now: in the clear, not at all, or encrypted to keys. */
export type Wish = { is: 'open' } | { is: 'closed'; marks: EventId[] } | { is: 'sealed'; marks: EventId[]; sealTo: string[] }

/** Who wishes: what it knows of closed parts decides what it may end. */
export interface Wisher {
  wish: Wish
  /** Whether it knows a mark of a closed part, counted or not. */
  knows: (mark: EventId) => boolean
  /** Whether it may end a rest that names no closed part: the server, which alone told recorders so before they were named. */
  endsNameless: boolean
}

/** What a recorder is told; see recorder/closed-rest.ts for what it makes of it. */
export type Order =
  | { do: 'rest'; closing: EventId | undefined }
  | { do: 'seal'; closing: EventId | undefined; recipients: string[] }
  | { do: 'unseal' | 'resume'; closings: EventId[] }

/**
 * What a recorder that proves this is to be told, in order. Pure.
 *
 * | it proves                      | open                    | closed      | sealed to keys        |
 * | ------------------------------ | ----------------------- | ----------- | --------------------- |
 * | records in the clear           | –                       | rest        | seal, else rest       |
 * | records sealed, for parts …    | unseal if all are known | rest        | seal if ours is not in |
 * | rests, for parts …             | resume if all are known | rest if ours is not in | rest if ours is not in |
 * | paused by a person, or no session | –                    | –           | –                     |
 *
 * A part that the recorder was told of and the wisher does not know is news of somebody else's: it stays closed until who knows it says that
 * it is over, or a person does.
 */
export function ordersFor({ wish, knows, endsNameless }: Wisher, proof: ProofOfLife): Order[] {
  const { closings } = proof
  if (wish.is === 'open') {
    const named = closings ?? []
    if (!(named.length === 0 ? endsNameless : named.every(knows))) return []
    return [...(proof.sealed ? [order('unseal', named)] : []), ...(restsForUs(proof) ? [order('resume', named)] : [])]
  }
  const [closing] = wish.marks
  const isNamed = closings === undefined || wish.marks.length === 0 || wish.marks.some((mark) => closings.includes(mark))
  const rest: Order = { do: 'rest', closing }
  if (restsForUs(proof)) return isNamed ? [] : [rest]
  if (!isActive(proof)) return []
  if (wish.is === 'closed') return [rest]
  return proof.sealed && isNamed ? [] : [{ do: 'seal', closing, recipients: wish.sealTo }]
}

function order(what: 'unseal' | 'resume', closings: EventId[]): Order {
  return { do: what, closings }
}

/** What a recorder is told so that it does what is wanted. */
export interface RecorderHand {
  rest(closing?: EventId): Promise<void>
  resume(closings: EventId[]): Promise<void>
  seal(recipients: string[], closing?: EventId): Promise<void>
  unseal(closings: EventId[]): Promise<void>
}

/** Tells a recorder that proves this what is wanted of it; what cannot be encrypted is not recorded. */
export async function doAsWished(
  wisher: Wisher,
  proof: ProofOfLife,
  hand: RecorderHand,
  onUnsealed: (cause: unknown) => void,
): Promise<void> {
  for (const one of ordersFor(wisher, proof)) {
    if (one.do === 'rest') await hand.rest(one.closing)
    else if (one.do === 'seal') {
      await hand.seal(one.recipients, one.closing).catch(async (cause: unknown) => {
        onUnsealed(cause)
        await hand.rest(one.closing)
      })
    } else await hand[one.do](one.closings)
  }
}

/** How the council wants a session recorded now. @param closed its closed parts; undefined council: nobody said that it may be recorded */
export function wishOf(council: Council | undefined, closed: readonly ClosedPart[]): Wish {
  const last = closed.at(-1)
  if (last === undefined || !isClosedNow(closed)) return { is: 'open' }
  const marks = last.marks
  const mayRecord = council?.closedPartRecording === 'restricted' && last.recording === 'restricted' && council.closedPartKeys.length > 0
  return mayRecord ? { is: 'sealed', marks, sealTo: council.closedPartKeys } : { is: 'closed', marks }
}

/** What a recorder is told when a person takes their pause back in a closed part: its rest stays. */
export function takesBack(closed: readonly ClosedPart[]): RestWanted {
  const closing = closed.at(-1)?.marks[0]
  return { cause: 'closed-part', instead: true, ...(closing === undefined ? {} : { closing }) }
}

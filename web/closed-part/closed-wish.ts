import type { ProofOfLife } from '../../recorder/control-protocol.ts'
import type { ClosedPart } from '../../storage/model/closed-parts.ts'
import type { Council } from '../../storage/model/council.ts'

const isActive = ({ state }: ProofOfLife) => state === 'recording' || state === 'starting' || state === 'failed'
export const restsForUs = ({ state, cause }: ProofOfLife) => state === 'paused' && cause === 'closed-part'

/** Whether a recorder that proves this could have to be told something. */
export function mayDiffer(proof: ProofOfLife): boolean {
  return isActive(proof) || restsForUs(proof) || proof.sealed === true
}

/** What the council wants of a recorder now: in the clear, not at all, or encrypted to keys. */
export type Wish = 'open' | 'closed' | { sealTo: string[] }

/** What a recorder is told so that it does what is wanted. */
export interface RecorderHand {
  rest(): Promise<void>
  resume(): Promise<void>
  seal(recipients: string[]): Promise<void>
  unseal(): Promise<void>
}

/** Tells a recorder that proves this what is wanted of it; what cannot be encrypted is not recorded. */
export async function doAsWished(wish: Wish, proof: ProofOfLife, hand: RecorderHand, onUnsealed: (cause: unknown) => void): Promise<void> {
  if (wish === 'open') {
    if (proof.sealed) await hand.unseal()
    if (restsForUs(proof)) await hand.resume()
  } else if (wish === 'closed') {
    if (isActive(proof)) await hand.rest()
  } else if (isActive(proof) && !proof.sealed) {
    await hand.seal(wish.sealTo).catch(async (cause: unknown) => {
      onUnsealed(cause)
      await hand.rest()
    })
  }
}

/** How the council wants a closed part recorded that began so. */
export function closedWish(council: Council, recording: ClosedPart['recording'] | undefined): Wish {
  const mayRecord = council.closedPartRecording === 'restricted' && recording === 'restricted'
  return mayRecord && council.closedPartKeys.length > 0 ? { sealTo: council.closedPartKeys } : 'closed'
}

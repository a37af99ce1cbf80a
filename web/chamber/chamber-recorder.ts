import type { Credential, Enrolment, ProofOfLife, RestWanted } from '../../recorder/control-protocol.ts'
import type { EventId, SessionId } from '../../storage/model/ids.ts'

/** What the chamber page needs of the recorder beside it. Each act is refused by throwing; that it records is told by proof alone. */
export interface ChamberRecorder {
  start(session: SessionId): Promise<void>
  pause(session: SessionId, of?: RestWanted): Promise<void>
  /** @param closings only when it rests for none but these closed parts; without it a person says so */
  resume(session: SessionId, closings?: readonly EventId[]): Promise<void>
  stop(session: SessionId): Promise<void>
  seal(session: SessionId, recipients: readonly string[], closing?: EventId): Promise<void>
  unseal(session: SessionId, closings?: readonly EventId[]): Promise<void>
  readonly proof: { session: SessionId | undefined; proof: ProofOfLife }
  /** Its server can tell it what to do: the link is up, as far as the recorder knows. */
  readonly isLinked: boolean
  readonly preview: Uint8Array | undefined
  /** @returns stops listening */
  onProof(listener: (session: SessionId | undefined, proof: ProofOfLife) => void): () => void
}

/** Who the recorder is to its server. */
export interface ChamberIdentity {
  readonly enrolment: Enrolment
  credential(purpose: string, offsetMs?: number): Credential
}

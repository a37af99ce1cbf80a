import type { Credential, Enrolment, ProofOfLife, RestCause } from '../../recorder/control-protocol.ts'
import type { SessionId } from '../../storage/model/ids.ts'

/** What the chamber page needs of the recorder beside it. Each act is refused by throwing; that it records is told by proof alone. */
export interface ChamberRecorder {
  start(session: SessionId): Promise<void>
  pause(session: SessionId, cause?: RestCause, instead?: boolean): Promise<void>
  resume(session: SessionId): Promise<void>
  stop(session: SessionId): Promise<void>
  seal(session: SessionId, recipients: readonly string[]): Promise<void>
  unseal(session: SessionId): Promise<void>
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

import type { ProofOfLife, RecorderCommand } from '../../recorder/control-protocol.ts'
import type { CouncilId, RecorderId, SessionId } from '../../storage/model/ids.ts'

/** What a person or a part wants of a recorder; the link adds id, number and clock. */
export type CommandWanted = RecorderCommand extends infer C
  ? C extends RecorderCommand
    ? Omit<C, 'id' | 'seq' | 'monotonicNs' | 'wallMs' | 'boot'>
    : never
  : never

export interface AgentView {
  recorder: RecorderId
  name: string
  connected: boolean
  /** Session it records, or recorded last. */
  session: SessionId | null
  /** The last one that came; `connected: false` means it tells of the past. */
  proof?: ProofOfLife
  /** When that came, on our clock. */
  proofAtMs?: number
  /** The newest picture of what it writes, a small JPEG; for the room alone, and never in a closed part. */
  preview?: Uint8Array
}

export type AgentProofListener = (of: { council: CouncilId; recorder: RecorderId; session: SessionId | null; proof: ProofOfLife }) => void

/** The recorders in the chambers, as the other rooms of the web use them. */
export interface Agents {
  /** Recorders of a council that were connected since this process started. */
  list(council: CouncilId): AgentView[]
  /**
   * Sends a command and waits until the recorder has acted on it; that it records is told by proof, not by this.
   * @throws AgentOfflineError it is not connected, or does not answer · AgentRefusedError it says no
   */
  send(council: CouncilId, recorder: RecorderId, command: CommandWanted): Promise<void>
  /** Events were added: the recorders of the session journal their hashes. Those that are offline hear of them when they are back. */
  tellEvents(council: CouncilId, session: SessionId): Promise<void>
  /** A recorder was revoked: its line is cut at once. */
  cut(council: CouncilId, recorder: RecorderId): void
  /** @returns stops listening */
  onProof(listener: AgentProofListener): () => void
}

export class AgentOfflineError extends Error {
  override readonly name = 'AgentOfflineError'
}

export class AgentRefusedError extends Error {
  override readonly name = 'AgentRefusedError'
}

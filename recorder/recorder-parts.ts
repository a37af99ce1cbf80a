import type { Ffmpeg } from '../storage/programs/ffmpeg.ts'
import type { AgentIdentity } from './agent-identity.ts'
import type { ChamberProfile } from './chamber-profile.ts'

/** A command cannot be obeyed now; the message says why. */
export class CommandRefusedError extends Error {
  override readonly name = 'CommandRefusedError'
}

export interface RecorderParts {
  identity: AgentIdentity
  ffmpeg: Ffmpeg
  /** Folder of the spool. */
  spool: string
  /** What to record when the command names no source. */
  source?: string | ChamberProfile
  speed: number
  /** Most that segments take of the line; without it all there is. */
  uploadBytesPerSecond?: number
  /** Told of what a person should look at. Must not throw. */
  onTrouble?: (sentence: string) => void
}

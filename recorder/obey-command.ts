import { treeOrigin } from '../storage/custody/journal-tree.ts'
import type { EventId, SessionId } from '../storage/model/ids.ts'
import { readClock } from './clock.ts'
import type { RecorderCommand, RestWanted } from './control-protocol.ts'
import type { Anchor } from './media-line.ts'
import { CommandRefusedError, type RecorderParts } from './recorder-parts.ts'

/** What a recorder can be told to do; see Recorder. */
interface RecorderActs {
  start(session: SessionId, source?: string, line?: Anchor): Promise<void>
  pause(session: SessionId, of: RestWanted): Promise<void>
  resume(session: SessionId, closings?: readonly EventId[]): Promise<void>
  seal(session: SessionId, recipients: readonly string[], closing?: EventId): Promise<void>
  unseal(session: SessionId, closings?: readonly EventId[]): Promise<void>
  stop(session: SessionId): Promise<void>
  learn(session: SessionId, event: { id: string; sha256: string }): Promise<void>
  rehearse(): Promise<unknown>
}

/** Does what the server asks. @throws CommandRefusedError */
export async function obeyCommand(recorder: RecorderActs, command: RecorderCommand, parts: RecorderParts): Promise<void> {
  const { session } = command
  switch (command.type) {
    case 'start': {
      const { dir3, recorder: id } = parts.identity.enrolment
      const origin = treeOrigin(dir3, session, id)
      if (command.origin !== origin) throw new CommandRefusedError(`origin ${command.origin} is not of this recorder, expected ${origin}`)
      return await recorder.start(session, command.source, command.line && { mediaMs: command.line.mediaMs, clock: readClock() })
    }
    case 'pause':
      return await recorder.pause(session, command)
    case 'seal':
      return await recorder.seal(session, command.recipients, command.closing)
    case 'unseal':
      return await recorder.unseal(session, command.closings)
    case 'resume':
      return await recorder.resume(session, command.closings)
    case 'stop':
      return await recorder.stop(session)
    case 'rehearse':
      // Acknowledged now, told when it is done.
      void recorder.rehearse().catch((error: unknown) => parts.onTrouble?.(error instanceof Error ? error.message : String(error)))
      return
    case 'event':
      return await recorder.learn(session, { id: command.event, sha256: command.sha256 })
  }
}

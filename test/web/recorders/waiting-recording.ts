import type { Council } from '../../../storage/model/council.ts'
import { newId, type RecorderId, recorderId } from '../../../storage/model/ids.ts'
import { segmentLine } from '../../../storage/model/recording.ts'
import type { Session } from '../../../storage/model/session.ts'
import { appendJournalLine, putFinished } from '../../../storage/records/journal.ts'
import { enrolRecorder } from '../../../storage/records/recorders.ts'
import { setStage } from '../../../storage/records/sessions.ts'
import { putSpoolReport } from '../../../storage/records/spool-reports.ts'
import type { Storage } from '../../../storage/storage.ts'

/**
 * Two recorders recorded a session: the room's has told of three segments and fell silent, the laptop has said its last word. Both told of
 * their disks before.
 */
export async function putWaitingRecording(storage: Storage, council: Council, session: Session): Promise<RecorderId> {
  const [room, laptop] = [recorderId.parse(newId()), recorderId.parse(newId())]
  const held = { lines: 3, signed: 0, missing: [], altered: [], bytes: 7_300_000_000, sinceMs: Date.UTC(2026, 8, 29) }
  const disk = { receivedMs: Date.UTC(2026, 9, 27, 19, 40), diskFreeBytes: 40_000_000_000, diskTotalBytes: 250_000_000_000 }
  await storage.database.inCouncil(council.id, async (tx) => {
    for (const [id, name] of [
      [room, 'Salón de plenos'],
      [laptop, 'Portátil da secretaría'],
    ] as const) {
      await enrolRecorder(tx, { id, name, publicKeyBase64: Buffer.alloc(32, 7).toString('base64') })
    }
    for (const index of [0, 1, 2]) {
      const shape = { v: 1, session: session.id, recorder: room, part: 0, track: 'master', index, sha256: 'a'.repeat(64), bytes: 9 }
      const content = segmentLine.parse({ ...shape, ptsMs: index * 4000, durationMs: 4000, wallMs: 0, monotonicNs: '0', boot: 'b' })
      await appendJournalLine(tx, { session: session.id, recorder: room, line: index, content })
    }
    await putFinished(tx, { session: session.id, recorder: laptop, lines: 0 })
    await setStage(tx, session.id, 'recording')
    const of = { session: session.id, segments: 3, ...held }
    await putSpoolReport(tx, { recorder: room, ...disk, sessions: [{ ...of, confirmed: 0, removed: 0 }] })
    await putSpoolReport(tx, { recorder: laptop, ...disk, sessions: [{ ...of, confirmed: 3, removed: 2 }] })
  })
  return room
}

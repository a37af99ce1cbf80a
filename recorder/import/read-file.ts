import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { canonicalJson } from '../../storage/custody/canonical-json.ts'
import { treeOrigin } from '../../storage/custody/journal-tree.ts'
import { sha256Now, toHex } from '../../storage/custody/sha256.ts'
import type { SessionId } from '../../storage/model/ids.ts'
import { isSegmentLine } from '../../storage/model/recording.ts'
import type { Ffmpeg } from '../../storage/programs/ffmpeg.ts'
import type { MediaProbe } from '../../storage/programs/probe-media.ts'
import { gentleLadder } from '../../storage/programs/run-program.ts'
import type { AgentIdentity } from '../agent-identity.ts'
import { type Capture, cameToItsEnd } from '../capture.ts'
import { readClock } from '../clock.ts'
import { Outbox } from '../outbox.ts'
import { recorderEvent, type Seen } from '../recorder-events.ts'
import { SegmentSpool } from '../segment-spool.ts'
import { readSpoolState } from '../spool-state.ts'
import { beginPart } from '../take-up-part.ts'
import { solePlan } from '../track-plan.ts'

/** The file could not be read to its end as sound or picture; another try would end the same way. */
export class ImportRefusedError extends Error {
  override readonly name = 'ImportRefusedError'
}

export interface FileToRead {
  ffmpeg: Ffmpeg
  path: string
  probe: MediaProbe
  session: SessionId
  identity: AgentIdentity
  /** Folder of the session's spool. */
  folder: string
  /** Told how far the media line has come. */
  onProgress(mediaMs: number): Promise<void>
  signal: AbortSignal
}

const lookEveryMs = 500
/** A decoder that gives nothing for so long hangs. */
const stalledMs = 10 * 60_000
/** A copied stream is cut at its key pictures. Where they are so far apart that a segment is no piece any more, it is encoded anew. */
const largestSegment = { bytes: 48 * 1024 * 1024, ms: 60_000 }

/**
 * Reads a file into a spool as a recorder reads a camera: segments, journal, a signed head, and the messages that tell a server of them.
 * Nothing is sent here; what a crash left half is thrown away and read again, so that no gap comes of it.
 * @throws ImportRefusedError
 */
export async function readIntoSpool(of: FileToRead): Promise<void> {
  if ((await readSpoolState(of.folder))?.finished) return
  if (await readOnce(of)) return
  const streams = of.probe.streams.map((one) => (one.kind === 'video' ? { ...one, codec: `${one.codec} with few key pictures` } : one))
  if (!(await readOnce({ ...of, probe: { ...of.probe, streams } }))) throw new ImportRefusedError('a segment is larger than a store takes')
}

/** @returns false when its segments came out too large */
async function readOnce(of: FileToRead): Promise<boolean> {
  const { folder, session, identity } = of
  await rm(folder, { recursive: true, force: true })
  const { recorder, dir3 } = identity.enrolment
  const signer = identity.noteSigner(treeOrigin(dir3, session, recorder))
  await using spool = await SegmentSpool.open(folder, { session, recorder, signer })
  await using outbox = await Outbox.open(join(folder, 'outbox.jsonl'), session)
  const tell = async (seen: Seen) => {
    const seq = outbox.said.events.length + 1
    const event = recorderEvent(seen, { session, recorder, seq, clock: readClock() })
    await outbox.add({ type: 'event', event })
    await spool.keepEvent({ id: event.id, sha256: toHex(sha256Now(canonicalJson(event))) })
  }
  await tell({ type: 'recording.asked', part: 0, mediaMs: 0 })
  await readSegments(of, spool)
  const segments = spool.lines.filter(isSegmentLine)
  if (segments.length === 0) throw new ImportRefusedError('no sound and no picture came out of the file')
  if (segments.some((one) => one.bytes > largestSegment.bytes || one.durationMs > largestSegment.ms)) return false
  const endMs = spool.endOf(['master'])?.mediaMs ?? 0
  await tell({ type: 'recording.stopped', part: 0, mediaMs: endMs, toMs: endMs })
  for (const [line, content] of spool.lines.entries()) await outbox.add({ type: 'journal', line, content })
  const note = await spool.signHead()
  if (note !== undefined) await outbox.add({ type: 'head', note })
  await outbox.add({ type: 'finished', lines: spool.lines.length })
  await spool.writeState({ session, source: 'import', speed: 1, wanted: 'stopped', restCause: 'paused', closings: [], finished: true })
  return true
}

async function readSegments(of: FileToRead, spool: SegmentSpool): Promise<void> {
  const { ffmpeg, path, probe, signal } = of
  const plan = solePlan({ kind: 'file', path, speed: 1, brought: true })
  const running = await beginPart({ ffmpeg, plan, spool, probe, soundOnly: false, missing: 'import' })
  if (running === undefined) throw new ImportRefusedError('the file is shorter than a second')
  const { capture, followers } = running
  const [lead] = followers
  try {
    await follow(of, capture, lead)
    await lead.keepAll()
    if (!(await cameToItsEnd(lead.folder))) throw new ImportRefusedError('ffmpeg ended before the file did')
  } finally {
    await capture.stop(signal.aborted ? [{ signal: 'SIGKILL', waitMs: 5000 }] : gentleLadder)
  }
}

async function follow(
  { onProgress, signal }: FileToRead,
  capture: Capture,
  lead: { keepClosed(): Promise<unknown[]>; endMs: number },
): Promise<void> {
  let gone = false
  void capture.exited.then(() => {
    gone = true
  })
  for (let quietMs = 0; !gone; quietMs += lookEveryMs) {
    await Promise.race([capture.exited, wait(lookEveryMs, undefined, { signal })])
    if ((await lead.keepClosed()).length > 0) {
      quietMs = 0
      await onProgress(lead.endMs)
    }
    if (quietMs > stalledMs) throw new ImportRefusedError(`nothing came out of the file for ${stalledMs / 60_000} minutes`)
  }
}

import { mkdir } from 'node:fs/promises'
import { isStoredLine, type JournalLine } from '../storage/model/recording.ts'
import type { Ffmpeg } from '../storage/programs/ffmpeg.ts'
import type { MediaProbe } from '../storage/programs/probe-media.ts'
import { startCapture } from './capture.ts'
import { readClock } from './clock.ts'
import { nextKeyPlace } from './file-place.ts'
import { type Anchor, doubtOf, placeAt, placePart } from './media-line.ts'
import { PartFollower } from './part-follower.ts'
import { PartPlacing } from './part-place.ts'
import { closedPartCause } from './part-seal.ts'
import { causeBefore, gapOf, partNumbers, type RunningPart, recoverSpool } from './recover-spool.ts'
import type { SegmentSpool } from './segment-spool.ts'
import { type Source, speedOf } from './source.ts'
import { allTracksOf, type SourcePlan, tracksOf } from './track-plan.ts'

/** One source of a session, and where it is recorded to. */
export interface RecordedSource {
  ffmpeg: Ffmpeg
  plan: SourcePlan
  spool: SegmentSpool
  /** Beginning of the session's media line, when several sources share it. */
  origin?: Anchor
}

/** End of what is journalled of a source. */
export function sourceEnd({ spool, plan }: Pick<RecordedSource, 'spool' | 'plan'>): Anchor | undefined {
  return spool.endOf(allTracksOf(plan))
}

/** Brings the journal of a source up to its disk. @returns the part whose ffmpeg still runs and may go on */
export function recoverSource(of: RecordedSource, keepRunning: boolean): Promise<RunningPart | undefined> {
  const recovered = { id: of.plan.id, speed: speedOf(of.plan.source), tracks: allTracksOf(of.plan), origin: of.origin }
  return recoverSpool(of.spool, of.ffmpeg, recovered, keepRunning)
}

/** Whether a file has nothing left at that place; a live source never ends by itself. */
function isThrough(source: Source, probe: MediaProbe | undefined, mediaMs: number): boolean {
  const durationMs = probe?.durationMs ?? null
  return source.kind === 'file' && durationMs !== null && mediaMs >= durationMs - 1000
}

/**
 * Begins a new part of a source, after what is journalled of it.
 * @param missing why there is a gap before it
 * @param sealTo what it writes is encrypted to these keys; then it states no gap, since the next part in the clear states all of it
 * @returns undefined when a file is through
 * @throws ProgramError, SourceUnreadableError
 */
export async function beginPart(
  of: RecordedSource & { probe: MediaProbe; soundOnly: boolean; missing: string; sealTo?: readonly string[] | undefined },
): Promise<RunningPart | undefined> {
  const { ffmpeg, plan, spool, origin, probe, sealTo } = of
  const { source } = plan
  const speed = speedOf(source)
  const own = sourceEnd(of)
  // A file stands in for a live source: what the gap missed of it is gone, and so is what was before this recorder joined.
  const since = own ?? (origin !== undefined && origin.mediaMs > 0 ? origin : undefined)
  const wantedMs = source.kind === 'file' && since !== undefined ? placeAt(since, readClock(), speed) : 0
  if (isThrough(source, probe, wantedMs)) return undefined
  const baseMs = source.kind === 'file' && wantedMs > 0 ? await nextKeyPlace(ffmpeg, source.path, wantedMs, probe.startMs) : undefined
  const part = await claimPart(spool)
  if (sealTo !== undefined) await spool.sealPart(part, sealTo)
  const tracks = tracksOf(plan, of.soundOnly)
  const [lead, ...others] = tracks.map((one) => one.track) as [string, ...string[]]
  const placing = new PartPlacing(spool, {
    ...{ part, after: own ?? origin, first: own === undefined, cause: causeBefore(spool, plan.lead, of.missing), speed },
    ...(sealTo === undefined ? gapOf(spool, plan.lead, lead) : { track: undefined }),
    ...(baseMs === undefined ? {} : { baseMs }),
  })
  const follow = (track: string) => new PartFollower(spool, ffmpeg, { placing, track })
  const request = { ffmpeg, source, probe, id: plan.id, tracks, folder: spool.partFolder(part), fromMs: baseMs ?? 0 }
  return { part, capture: await startCapture(request), followers: [follow(lead), ...others.map(follow)] }
}

/**
 * A source that was lost and never came back, or whose last part was sealed, leaves a gap up to the moment it was stopped, stated once.
 * @param missing why; undefined when nothing is missing
 * @returns whether there was something to state
 */
export async function stateLoss(
  of: RecordedSource,
  { part, probe, missing }: { part: number; probe: MediaProbe | undefined; missing: string | undefined },
): Promise<boolean> {
  const { spool, plan } = of
  const end = spool.endOf([plan.lead])
  const fromMs = spool.missingFrom(plan.lead)
  const cause = spool.endsSealed(plan.lead) ? closedPartCause : missing
  if (end === undefined || fromMs === undefined || cause === undefined) return false
  // Stated when it was stopped, by an agent that was cut off before it could say that all is done.
  if (endsInGap(of)) return false
  const clock = readClock()
  const place = placePart(end, { partMs: 0, clock, synchronised: spool.isSynchronised(clock) }, speedOf(plan.source))
  const lostMs = place.baseMs
  const toMs = Math.max(fromMs, isThrough(plan.source, probe, lostMs) ? (probe?.durationMs ?? lostMs) : lostMs)
  const lost = { part, fromMs, toMs, cause, ...doubtOf(place, end.mediaMs - fromMs) }
  await spool.keepGap({ ...lost, ...(plan.lead === 'master' ? {} : { track: plan.lead }) })
  return true
}

/** What came last of a source is that it was missing: what ends a gap is on the disk before the gap is stated, so that nothing ever came. */
function endsInGap({ spool, plan }: Pick<RecordedSource, 'spool' | 'plan'>): boolean {
  const tracks = allTracksOf(plan)
  const isGap = (line: JournalLine) => 'kind' in line && line.kind === 'gap' && (line.track ?? 'master') === plan.lead
  const last = spool.lines.findLast((line) => isGap(line) || (isStoredLine(line) && tracks.includes(line.track)))
  return last !== undefined && isGap(last)
}

/** The next number that no part of any source has; its folder is made, so that two sources that begin at once get two. */
async function claimPart(spool: SegmentSpool): Promise<number> {
  const inJournal = spool.lines.map((line) => ('part' in line ? line.part : -1))
  for (let part = Math.max(-1, ...inJournal, ...(await partNumbers(spool))) + 1; ; part++) {
    try {
      await mkdir(spool.partFolder(part), { mode: 0o700 })
      return part
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
  }
}

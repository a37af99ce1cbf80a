import { isSegmentLine, type SegmentLine } from '../../storage/model/recording.ts'
import type { RehearsalFinding } from '../../storage/model/rehearsal.ts'
import type { Ffmpeg } from '../../storage/programs/ffmpeg.ts'
import { MediaUnreadableError, probeMedia } from '../../storage/programs/probe-media.ts'
import { ProgramError } from '../../storage/programs/run-program.ts'
import type { Alarm } from '../alarms.ts'
import { decodeSegment } from '../decode-segment.ts'
import { examineWritten } from '../examine-written.ts'
import type { SegmentSpool } from '../segment-spool.ts'
import type { SessionView } from '../session-recording.ts'
import { allTracksOf, type SourcePlan } from '../track-plan.ts'

/** A cut waits for a key picture: at most this far apart, with what rounding adds. */
const keyPicturesMs = 2100
/** Speech at a microphone lies well above; below it somebody should come nearer, or turn it up. */
const lowDb = -45
/** What was decoded may be shorter than what was journalled by this much, of a cut tail. */
const torn = 500

/** The loudest that each channel was, by the name that people call it. */
export class Listener {
  readonly peaks = new Map<string, number>()

  look(view: Pick<SessionView, 'levels'>): void {
    for (const { name = '', peakDb } of view.levels) this.peaks.set(name, Math.max(this.peaks.get(name) ?? -120, peakDb))
  }
}

interface Heard {
  ffmpeg: Ffmpeg
  spool: SegmentSpool
  plan: SourcePlan
  /** What stood at the end of the rehearsal. */
  alarms: readonly Alarm[]
  cause: string | undefined
  listener: Listener
}

/** What one source gave: every segment of it is decoded to its end, and what its alarms said stands. */
export async function judgeSource(of: Heard): Promise<RehearsalFinding[]> {
  const { ffmpeg, spool, plan, alarms, cause, listener } = of
  const named = plan.name === '' ? {} : { name: plan.name }
  const tracks = allTracksOf(plan)
  const lines = spool.lines.filter(isSegmentLine).filter((line) => tracks.includes(line.track))
  const lead = lines.filter((line) => line.track === plan.lead)
  if (lead.length === 0) return [{ code: 'source-failed', ...named, ...(cause === undefined ? {} : { detail: cause.slice(0, 500) }) }]
  const broken: SegmentLine[] = []
  for (const line of lines) if (!(await decodes(ffmpeg, spool.segmentPath(line), line))) broken.push(line)
  const seconds = Math.round(lead.reduce((sum, line) => sum + line.durationMs, 0) / 100) / 10
  const own = alarms.filter((one) => one.source === undefined || one.source === plan.id)
  const standing = own.flatMap(({ code, name }) => {
    const known = standingCodes.find((one) => one === code)
    return known === undefined ? [] : [{ code: known, ...(name === undefined ? named : { name }) }]
  })
  return [
    broken.length === 0 ? { code: 'source-recorded', ...named, value: seconds } : { code: 'source-broken', ...named, value: broken.length },
    ...(standing.some((one) => one.code.endsWith('-picture')) ? [] : await judgePicture(of, lead)),
    ...standing,
    ...(standing.some((one) => one.code === 'no-sound') ? [] : judgeSound(plan, standing, listener)),
  ]
}

const standingCodes = ['no-sound', 'microphone-silent', 'clipping', 'no-picture', 'black-picture', 'frozen-picture'] as const

async function decodes(ffmpeg: Ffmpeg, path: string, line: SegmentLine): Promise<boolean> {
  try {
    return (await decodeSegment(ffmpeg, path)).durationMs > line.durationMs - torn
  } catch (error) {
    if (error instanceof ProgramError) return false
    throw error
  }
}

/** How far its key pictures are apart; nothing for a source without picture. */
async function judgePicture({ ffmpeg, spool, plan }: Heard, lead: readonly SegmentLine[]): Promise<RehearsalFinding[]> {
  const named = plan.name === '' ? {} : { name: plan.name }
  const [first] = lead
  if (first === undefined) return []
  try {
    const held = await probeMedia(ffmpeg, spool.segmentPath(first))
    if (!held.streams.some((one) => one.kind === 'video')) return []
    let farthest = 0
    for (const line of lead.filter((one) => !one.tail)) {
      const { packets } = await examineWritten(ffmpeg, spool.segmentPath(line), held, { preview: false })
      const places = [...packets.video.keyMs, packets.video.endMs]
      farthest = Math.max(farthest, ...places.map((at, index) => (index === 0 ? 0 : at - (places[index - 1] ?? at))))
    }
    const value = Math.round(farthest / 100) / 10
    return [
      { code: 'picture-seen', ...named },
      ...(farthest > keyPicturesMs ? [{ code: 'key-pictures-far' as const, ...named, value }] : []),
    ]
  } catch (error) {
    if (error instanceof ProgramError || error instanceof MediaUnreadableError) return [{ code: 'no-picture', ...named }]
    throw error
  }
}

/** Each microphone by itself, where the source has several; what an alarm told already is not told twice. */
function judgeSound(plan: SourcePlan, standing: readonly RehearsalFinding[], { peaks }: Listener): RehearsalFinding[] {
  const names =
    plan.source.kind === 'alsa' && plan.source.microphones
      ? Array.from({ length: plan.source.channels }, (_, channel) => plan.microphones?.[channel] ?? String(channel + 1))
      : [plan.name]
  return names.flatMap((name) => {
    const peak = peaks.get(name)
    if (peak === undefined || standing.some((one) => one.code === 'microphone-silent' && one.name === name)) return []
    return [
      { code: peak > lowDb ? ('sound-heard' as const) : ('sound-low' as const), ...(name === '' ? {} : { name }), value: Math.round(peak) },
    ]
  })
}

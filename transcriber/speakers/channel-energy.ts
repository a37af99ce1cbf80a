import type { EvidenceSeat } from '../../storage/model/transcript.ts'
import { occupants } from './microphone-events.ts'
import type { SpeakerClue } from './speaker-clue.ts'

export const energyFrameMs = 100

/** Somebody speaks into a channel, counted from 1. Milliseconds of the media line. */
export interface ChannelActivity {
  channel: number
  fromMs: number
  toMs: number
}

const rules = {
  /** Quieter than this above the channel's own noise is no speech. */
  speechDb: 10,
  /** Louder than all others by this much, the channel's own speaker speaks; all below is crosstalk. */
  wins: 6,
  /** Nearer than this to the loudest, both speak. */
  together: 3,
  /** For how long, at least. */
  shortestMs: 200,
  /** A muted channel has no noise of its own. */
  quietestDb: -75,
  /** A crosstalk is known when it was heard this often. */
  learntFrames: 30,
  /** The two loudest are this often together: not microphones of their own, but one sound on several channels. */
  sameShare: 0.5,
} as const

/**
 * Who speaks into which microphone. A channel is measured above its own noise, so that gains do not matter; what others' speech leaks into it
 * is learnt from the frames in which one alone is loud, and does not count. Delays of up to 30 ms lie within a frame.
 * @param levels loudness of each channel, dBFS, a frame of 100 ms after the other
 * @returns nothing where all channels carry one sound
 */
export function channelActivity(levels: readonly Float32Array[], fromMs: number): ChannelActivity[] {
  const above = levels.map(aboveNoise)
  const frames = Math.min(...above.map((one) => one.length))
  const leaks = crosstalk(above, frames)
  const active = above.map(() => new Uint8Array(Math.max(0, frames)))
  let [heard, together] = [0, 0]
  for (let frame = 0; frame < frames; frame++) {
    const channels = speaking(above, frame, leaks)
    if (channels.length > 0) heard++
    if (channels.length > 1) together++
    for (const channel of channels) active[channel]?.fill(1, frame, frame + 1)
  }
  if (together > rules.sameShare * heard) return []
  return active.flatMap((line, index) =>
    runs(line).map(({ from, to }) => ({
      channel: index + 1,
      fromMs: fromMs + from * energyFrameMs,
      toMs: fromMs + to * energyFrameMs,
    })),
  )
}

/** Activity as clues: of whoever sits at the seat that a channel hears. */
export function channelClues(
  activity: readonly ChannelActivity[],
  seats: readonly EvidenceSeat[],
  seatOf: (channel: number) => number = (channel) => channel,
): SpeakerClue[] {
  return activity.flatMap(({ channel, fromMs, toMs }) => occupants(seatOf(channel), { fromMs, toMs }, seats, 'channel'))
}

/** Decibels above the tenth percentile of the channel. */
function aboveNoise(levels: Float32Array): Float32Array {
  const sorted = Float32Array.from(levels).sort()
  const noise = Math.max(rules.quietestDb, sorted[Math.floor(sorted.length / 10)] ?? rules.quietestDb)
  return levels.map((level) => level - noise)
}

/** `leaks[i][j]`: how much quieter than in its own channel i a speaker is heard in j (median), or undefined. */
function crosstalk(above: readonly Float32Array[], frames: number): (number | undefined)[][] {
  const heard: number[][][] = above.map(() => above.map(() => []))
  for (let frame = 0; frame < frames; frame++) {
    const ordered = above.map((line, channel) => ({ channel, level: line[frame] ?? 0 })).sort((a, b) => b.level - a.level)
    const [first, second] = ordered
    if (!first || first.level < rules.speechDb + rules.wins || first.level - (second?.level ?? 0) < rules.wins) continue
    for (const { channel, level } of ordered.slice(1)) heard[first.channel]?.[channel]?.push(level - first.level)
  }
  return heard.map((row) =>
    row.map((differences) => {
      if (differences.length < rules.learntFrames) return undefined
      return differences.sort((a, b) => a - b)[differences.length >> 1]
    }),
  )
}

/** Channels whose own speaker speaks in a frame: at most two. */
function speaking(above: readonly Float32Array[], frame: number, leaks: readonly (readonly (number | undefined)[])[]): number[] {
  const ordered = above.map((line, channel) => ({ channel, level: line[frame] ?? 0 })).sort((a, b) => b.level - a.level)
  const [first, second] = ordered
  if (!first || first.level < rules.speechDb) return []
  const leak = second && leaks[first.channel]?.[second.channel]
  const own =
    second && (second.level > first.level - rules.together || (leak !== undefined && second.level > first.level + leak + rules.wins))
  if (second && own && second.level >= rules.speechDb) return [first.channel, second.channel]
  // Between the two bounds the louder may be either: nobody is named.
  return first.level - (second?.level ?? 0) >= rules.wins || leak !== undefined ? [first.channel] : []
}

/** Stretches of activity; a hole of 100 ms within one is closed, one under 200 ms is left out. */
function runs(active: Uint8Array): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = []
  for (let frame = 0; frame < active.length; frame++) {
    if (!active[frame]) continue
    const last = found.at(-1)
    if (last && frame - last.to <= 1) last.to = frame + 1
    else found.push({ from: frame, to: frame + 1 })
  }
  return found.filter((run) => (run.to - run.from) * energyFrameMs >= rules.shortestMs)
}

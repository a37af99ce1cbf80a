import type { MediaProbe } from '../storage/programs/probe-media.ts'
import type { TrackPlan } from './capture-arguments.ts'
import type { Expected } from './fault-watch.ts'
import type { Source } from './source.ts'

/** One source of a session and what becomes of it. */
export interface SourcePlan {
  /** Names the source in the spool; stable over restarts. */
  id: string
  /** As people call it: «Cámara», «Mesa de son». */
  name: string
  source: Source
  /** Track of its picture and sound, or of a sound card's mix. */
  lead: string
  /** Track that its sound alone goes to when the disk has no room for pictures; without one nothing of it is recorded then. */
  soundOnlyTrack?: string
  /** Names of the microphones by channel; those without a name are numbered. */
  microphones?: readonly string[]
  /** Number of its first microphone track; counts from 1. */
  firstMicrophone?: number
  /** Channels, counted from 0, whose silence is a fault. */
  openMicrophones?: readonly number[]
}

/** The plan of a session with one source: it gives what is replayed. */
export function solePlan(source: Source): SourcePlan {
  return { id: 'main', name: '', source, lead: 'master', soundOnlyTrack: 'mix' }
}

/**
 * Tracks that a source is recorded as, the leading one first. On a disk that is nearly full (`soundOnly`) a source of pictures gives its
 * sound alone, in a track of its own: `master` keeps one shape to its end, so that its parts can still be joined.
 */
export function tracksOf(plan: SourcePlan, soundOnly = false): TrackPlan[] {
  const { source, lead } = plan
  if (source.kind !== 'alsa') return [{ kind: 'streams', track: soundOnly ? (plan.soundOnlyTrack ?? lead) : lead, picture: !soundOnly }]
  const all = Array.from({ length: source.channels }, (_, channel) => channel)
  const mix: TrackPlan = { kind: 'mix', track: lead, channels: source.mixChannels ?? all }
  if (!source.microphones) return [mix]
  return [mix, ...all.map((channel): TrackPlan => ({ kind: 'microphone', track: microphoneTrack(plan, channel), channel }))]
}

export function microphoneTrack(plan: SourcePlan, channel: number): string {
  return `mic-${String((plan.firstMicrophone ?? 1) + channel).padStart(2, '0')}`
}

/** Every track that segments of a source may lie in. */
export function allTracksOf(plan: SourcePlan): string[] {
  return [...new Set([...tracksOf(plan), ...(plan.soundOnlyTrack === undefined ? [] : tracksOf(plan, true))].map((one) => one.track))]
}

/** Which faults make sense of what a source writes. The picture of a live place never stands still by itself. */
export function expectedOf({ source }: SourcePlan, held: MediaProbe): Expected {
  const has = (kind: 'audio' | 'video') => held.streams.some((one) => one.kind === kind)
  return { sound: has('audio'), picture: has('video'), moving: ['rtsp', 'v4l2', 'listen', 'test-picture'].includes(source.kind) }
}

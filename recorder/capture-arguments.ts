import { join } from 'node:path'
import { segmentFormat } from '../storage/model/recording.ts'
import type { MediaProbe } from '../storage/programs/probe-media.ts'

/** Names inside the folder of one part. */
export const captureFiles = { progress: 'progress', log: 'ffmpeg.log', state: 'capture.json', plan: 'part.json' } as const

/** The list that the segment muxer writes of a track. */
export const segmentListName = (track: string) => (track === 'master' ? 'list.csv' : `${track}.csv`)
/** Pattern of ffmpeg for the segments of a track: `s%05d.ts`, `mix-%05d.ts`, `mic-01-%05d.mka`. */
const segmentPattern = (track: string) => `${track === 'master' ? 's' : `${track}-`}%05d.${segmentFormat(track).extension}`
export const segmentFileName = (index: number, track = 'master') => segmentPattern(track).replace('%05d', String(index).padStart(5, '0'))

export const segmentSeconds = 4

/** One track that a part writes. */
export type TrackPlan =
  /** The source's own streams: picture and sound, or without `picture` the sound alone. */
  | { kind: 'streams'; track: string; picture: boolean }
  /** Channels of a sound card mixed to one, counted from 0. */
  | { kind: 'mix'; track: string; channels: readonly number[] }
  /** One channel of a sound card by itself. */
  | { kind: 'microphone'; track: string; channel: number }

export interface CapturePlan {
  /** Arguments up to and with `-i` (source.ts). */
  input: readonly string[]
  /** What the source holds: decides what is copied and what must be encoded to lie in MPEG-TS. */
  probe: MediaProbe
  /** The source of the sound is a second input (the test picture's tone). */
  audioInput: 0 | 1
  /** Tracks, the leading one first. */
  tracks: readonly TrackPlan[]
  /** Folder of the part. */
  folder: string
}

/**
 * ffmpeg's whole command line for one part, as study-recorder.md §1-2 measured it: segments of 4 s, flushed at every packet;
 * `segment_time_delta` because RTP rounding puts a key picture a hair before its time and the cut would wait for the next one.
 */
export function captureArguments(plan: CapturePlan): string[] {
  const channels = plan.tracks.filter((one) => one.kind !== 'streams')
  return [
    ...['-nostdin', '-hide_banner', '-nostats', '-loglevel', 'level+warning', '-progress', join(plan.folder, captureFiles.progress)],
    ...plan.input,
    ...(channels.length > 0 ? ['-filter_complex', channelGraph(channels)] : []),
    ...plan.tracks.flatMap((one) => [...trackCoding(plan, one), ...segmentOutput(plan.folder, one.track)]),
  ]
}

function trackCoding(plan: CapturePlan, of: TrackPlan): string[] {
  if (of.kind === 'mix') return ['-map', `[${of.track}]`, '-c:a', 'aac', '-b:a', '96k']
  if (of.kind === 'microphone') return ['-map', `[${of.track}]`, '-c:a', 'libopus', '-b:a', '48k', '-application', 'audio']
  const video = of.picture ? plan.probe.streams.find((stream) => stream.kind === 'video') : undefined
  const audio = plan.probe.streams.find((stream) => stream.kind === 'audio')
  return [
    ...(video ? ['-map', '0:v:0', ...videoCodec(video.codec)] : []),
    ...(audio ? ['-map', `${plan.audioInput}:a:0`, ...audioCodec(audio.codec)] : []),
  ]
}

/** Each channel by itself, and those of the mix summed so that two who speak at once do not cut off: gain falls with the root of their number. */
function channelGraph(tracks: readonly Exclude<TrackPlan, { kind: 'streams' }>[]): string {
  const inputs = tracks.map((_, at) => `[i${at}]`)
  const outputs = tracks.map((one, at) => {
    if (one.kind === 'microphone') return `[i${at}]pan=mono|c0=c${one.channel}[${one.track}]`
    const gain = (1 / Math.sqrt(one.channels.length)).toFixed(3)
    return `[i${at}]pan=mono|c0=${one.channels.map((channel) => `${gain}*c${channel}`).join('+')}[${one.track}]`
  })
  return [`[0:a]asplit=${tracks.length}${inputs.join('')}`, ...outputs].join(';')
}

function segmentOutput(folder: string, track: string): string[] {
  const matroska = segmentFormat(track).extension === 'mka'
  return [
    ...['-f', 'segment', '-segment_time', String(segmentSeconds), '-segment_time_delta', '0.1'],
    ...['-segment_format', matroska ? 'matroska' : 'mpegts'],
    ...['-segment_format_options', matroska ? 'flush_packets=1:cluster_time_limit=500' : 'flush_packets=1'],
    ...['-segment_list', join(folder, segmentListName(track)), '-segment_list_type', 'csv'],
    ...['-segment_list_size', '0', '-segment_list_flags', '+live'],
    join(folder, segmentPattern(track)),
  ]
}

/** Copied where the preserved MP4 and every browser take it; else encoded with a key picture every 2 s, so that a cut is never late. */
function videoCodec(codec: string): string[] {
  if (codec === 'h264') return ['-c:v', 'copy']
  return [
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-bf', '0'],
    ...['-force_key_frames', 'expr:gte(t,n_forced*2)', '-sc_threshold', '0'],
  ]
}

/** G.711 and Opus of cameras do not lie well in MPEG-TS. */
function audioCodec(codec: string): string[] {
  return codec === 'aac' ? ['-c:a', 'copy'] : ['-c:a', 'aac', '-b:a', '96k', '-ar', '48000']
}

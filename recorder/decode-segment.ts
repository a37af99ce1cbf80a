import type { Ffmpeg } from '../storage/programs/ffmpeg.ts'
import { runProgram } from '../storage/programs/run-program.ts'

/** What came out when written bytes were decoded. */
export interface Decoded {
  pictures: number
  /** Frames of sound. */
  sounds: number
  /** End of the last picture or sound, on the file's own line from 0, ms. */
  durationMs: number
  /** Loudest sample, dBFS, never below -120; null without sound. */
  peakDb: number | null
}

export interface DecodeOptions {
  /** Of the pictures only the key ones: a tenth of the work, and enough to see that there is a picture. */
  keyPictures?: boolean
  signal?: AbortSignal
}

/**
 * Decodes a segment, closed or still being written, to its end as it is now: small pictures, since only their being there counts.
 * A torn last picture is no fault. @throws ProgramError it does not decode at all
 */
export async function decodeSegment(ffmpeg: Ffmpeg, path: string, options: DecodeOptions = {}): Promise<Decoded> {
  const { keyPictures, signal } = options
  const args = [
    ...['-nostdin', '-hide_banner', '-nostats', '-loglevel', 'info', ...(keyPictures ? ['-skip_frame', 'nokey'] : [])],
    ...['-i', `file:${path}`],
    ...['-map', '0:v:0?', '-map', '0:a:0?', '-vf', 'scale=32:18', '-af', 'astats', '-f', 'framehash', 'pipe:1'],
  ]
  const { stdout, stderr } = await runProgram(ffmpeg.path, args, { timeoutMs: 20_000, ...(signal === undefined ? {} : { signal }) })
  return { ...parseFrameHashes(new TextDecoder().decode(stdout)), peakDb: parsePeak(stderr) }
}

/** Reads ffmpeg's framehash: `#tb 0: 1/25`, `#media_type 0: video`, then `stream, dts, pts, duration, size, hash` a line. */
export function parseFrameHashes(text: string): Omit<Decoded, 'peakDb'> {
  const bases = new Map<string, number>()
  const kinds = new Map<string, string>()
  const found = { pictures: 0, sounds: 0, durationMs: 0 }
  for (const line of text.split('\n')) {
    const base = /^#tb (\d+): (\d+)\/(\d+)/.exec(line)
    if (base?.[1] !== undefined) bases.set(base[1], Number(base[2]) / Number(base[3]))
    const kind = /^#media_type (\d+): (\w+)/.exec(line)
    if (kind?.[1] !== undefined && kind[2] !== undefined) kinds.set(kind[1], kind[2])
    const frame = /^(\d+),\s*-?\d+,\s*(-?\d+),\s*(\d+),/.exec(line)
    if (frame?.[1] === undefined) continue
    if (kinds.get(frame[1]) === 'video') found.pictures++
    else found.sounds++
    const endMs = (Number(frame[2]) + Number(frame[3])) * (bases.get(frame[1]) ?? 0) * 1000
    found.durationMs = Math.max(found.durationMs, Math.round(endMs))
  }
  return found
}

/** `Peak level dB:` of astats, its last block being all channels together. */
export function parsePeak(text: string): number | null {
  const peak = [...text.matchAll(/Peak level dB: (-?inf|-?nan|-?[\d.]+)/g)].at(-1)?.[1]
  if (peak === undefined) return null
  const value = Number(peak)
  return Number.isFinite(value) ? Math.max(-120, Math.round(value * 10) / 10) : -120
}

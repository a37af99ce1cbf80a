import type { Ffmpeg } from './ffmpeg.ts'
import { runProgram } from './run-program.ts'

/** The file cannot be opened as sound or picture. */
export class MediaUnreadableError extends Error {
  override readonly name = 'MediaUnreadableError'
}

export type MediaStream =
  | { kind: 'video'; index: number; codec: string; width: number; height: number; framesPerSecond: number | null }
  | { kind: 'audio'; index: number; codec: string; sampleRate: number; channels: number }
  | { kind: 'other'; index: number; codec: string }

export interface MediaProbe {
  /** As the container states it; null when it states none (a raw or live stream). */
  durationMs: number | null
  startMs: number
  container: string
  streams: MediaStream[]
}

/**
 * Reads what ffmpeg itself prints about an input, since the bundled build comes without ffprobe.
 * @throws MediaUnreadableError it is missing, no media, or holds neither sound nor picture
 */
export async function probeMedia(ffmpeg: Ffmpeg, path: string): Promise<MediaProbe> {
  // Without an output ffmpeg describes the input and ends with code 1, as it also does when it cannot read it.
  const args = ['-nostdin', '-hide_banner', '-i', `file:${path}`]
  const { stderr, stderrTail } = await runProgram(ffmpeg.path, args, { timeoutMs: 30_000, acceptedCodes: [0, 1] })
  const probe = parseMediaProbe(stderr)
  if (probe === undefined || !probe.streams.some((stream) => stream.kind !== 'other')) {
    throw new MediaUnreadableError(`${path} cannot be read as sound or picture: ${stderrTail}`)
  }
  return probe
}

/** Reads the description of input 0 that ffmpeg 4 to 7 print; undefined when there is none. */
export function parseMediaProbe(text: string): MediaProbe | undefined {
  const container = /^Input #0, (.+), from '/m.exec(text)?.[1]
  if (container === undefined) return undefined
  const duration = /^ {2}Duration: (\d+):(\d\d):(\d\d\.\d+)/m.exec(text)
  const start = /^ {2}Duration: [^,]+, start: (-?[\d.]+)/m.exec(text)
  const streams = [...text.matchAll(/^ {2,}Stream #0:(\d+)\S*: (\w+): (.+)$/gm)]
  return {
    container,
    durationMs: duration ? Math.round((Number(duration[1]) * 3600 + Number(duration[2]) * 60 + Number(duration[3])) * 1000) : null,
    startMs: start ? Math.round(Number(start[1]) * 1000) : 0,
    streams: streams.map((match) => toStream(Number(match[1]), match[2] ?? '', match[3] ?? '')),
  }
}

const layouts: Record<string, number> = { mono: 1, stereo: 2, '2.1': 3, quad: 4, '5.0': 5, '5.1': 6, '7.1': 8 }

function toStream(index: number, kind: string, description: string): MediaStream {
  const codec = /^\w+/.exec(description)?.[0] ?? 'unknown'
  // The cover of a song is no moving picture.
  if (kind === 'Video' && !description.endsWith('(attached pic)')) {
    const size = /, (\d+)x(\d+)[ ,]/.exec(`${description},`)
    const rate = /, ([\d.]+)(k?) fps/.exec(description)
    const framesPerSecond = rate ? Number(rate[1]) * (rate[2] === 'k' ? 1000 : 1) : null
    return { kind: 'video', index, codec, width: Number(size?.[1] ?? 0), height: Number(size?.[2] ?? 0), framesPerSecond }
  }
  if (kind === 'Audio') {
    const layout = /, \d+ Hz, ([^,]+)/.exec(description)?.[1] ?? ''
    const counted = /^(\d+) channels/.exec(layout)?.[1]
    const channels = counted === undefined ? (layouts[layout.replace(/\(.*\)$/, '')] ?? 0) : Number(counted)
    return { kind: 'audio', index, codec, sampleRate: Number(/, (\d+) Hz/.exec(description)?.[1] ?? 0), channels }
  }
  return { kind: 'other', index, codec }
}

import type { ImportedRecording } from '../model/imported-recording.ts'
import type { Ffmpeg } from './ffmpeg.ts'
import { type MediaProbe, MediaUnreadableError, parseMediaProbe } from './probe-media.ts'
import { runProgram } from './run-program.ts'

/** Containers that old recordings come in. None of them names other files: a playlist could make ffmpeg read the disk or call an address. */
const containers = [
  ...['mov', 'mp4', 'm4a', '3gp', 'matroska', 'webm', 'avi', 'mpegts', 'mpeg', 'asf', 'flv', 'ogg', 'mxf', 'gxf', 'dv', 'rm', 'wtv'],
  ...['wav', 'w64', 'aiff', 'caf', 'mp3', 'aac', 'ac3', 'flac', 'amr', 'ape', 'wv', 'mpegvideo', 'm4v', 'h264'],
]

/** ffmpeg's options before an input that a stranger may have made. */
export const hostileInput: readonly string[] = ['-protocol_whitelist', 'file', '-format_whitelist', containers.join(',')]

/** What an old recording holds, and what it says of itself. */
export interface BroughtFile {
  probe: MediaProbe
  container: ImportedRecording['container']
}

const dateTags =
  /^\s{2,}((?:com\.apple\.quicktime\.)?creation_?(?:time|date)|date|date_recorded|DATE[A-Z_]*|timecode|WM\/EncodingTime)\s*: (.+)$/gm

/**
 * Looks into a file that somebody brought. A file that ends too early is read as far as it goes; one whose index was at its lost end is not.
 * @throws MediaUnreadableError it holds neither sound nor picture, or nothing that can be read
 */
export async function examineBroughtFile(ffmpeg: Ffmpeg, path: string): Promise<BroughtFile> {
  const args = ['-nostdin', '-hide_banner', ...hostileInput, '-i', `file:${path}`]
  const { stderr, stderrTail } = await runProgram(ffmpeg.path, args, { timeoutMs: 60_000, acceptedCodes: [0, 1] })
  const probe = parseMediaProbe(stderr)
  const held = probe?.streams.filter((stream) =>
    stream.kind === 'audio' ? stream.sampleRate > 0 : stream.kind === 'video' && stream.width > 0,
  )
  if (probe === undefined || !held?.length) throw new MediaUnreadableError(`the file cannot be read as sound or picture: ${stderrTail}`)
  return { probe, container: { format: formatOf(probe), durationMs: probe.durationMs, ownDates: ownDatesOf(stderr) } }
}

/** `mov,mp4,m4a,3gp,3g2,mj2: h264, aac` */
function formatOf({ container, streams }: MediaProbe): string {
  const codecs = streams.filter((one) => one.kind !== 'other').map((one) => one.codec)
  return `${container}: ${codecs.join(', ')}`.slice(0, 255)
}

function ownDatesOf(text: string): ImportedRecording['container']['ownDates'] {
  const found = new Map([...text.matchAll(dateTags)].map((match) => [`${match[1]}=${match[2]}`, match] as const))
  return [...found.values()].slice(0, 8).map((match) => ({ name: match[1] ?? '', value: (match[2] ?? '').trim().slice(0, 255) }))
}

import type { Ffmpeg } from '../storage/programs/ffmpeg.ts'
import type { MediaProbe } from '../storage/programs/probe-media.ts'
import { runProgram } from '../storage/programs/run-program.ts'
import { type PacketList, parsePacketList } from './packet-list.ts'
import { lastJpeg, look } from './picture-look.ts'
import { type SoundLevels, soundLevels } from './sound-levels.ts'

/** What a written file turned out to hold, on its own line from 0, ms. */
export interface Examined {
  /** Decoded up to here: to the end of the sound, or without sound to that of the last key picture. */
  endMs: number
  packets: PacketList
  /** Where `sound` begins. */
  soundFromMs: number
  sound: SoundLevels | undefined
  /** Key pictures, grey and small (picture-look.ts), as many as `packets.video.keyMs` or one less when the last is torn. */
  grey: Uint8Array
  /** The last key picture as a small JPEG, when it was asked for. */
  preview: Uint8Array | undefined
}

export interface ExamineOptions {
  preview: boolean
  signal?: AbortSignal
}

/** How wide the preview is; its height follows the picture. */
const previewWidth = 320

/**
 * Decodes what lies on the disk, closed or still being written, in a process of its own: nothing that fails here can stop the capture.
 * Of the pictures only the key ones are decoded: a tenth of the work.
 * @param held what the file holds (probe-media.ts)
 * @throws ProgramError it does not decode
 */
export async function examineWritten(ffmpeg: Ffmpeg, path: string, held: MediaProbe, options: ExamineOptions): Promise<Examined> {
  const audio = held.streams.find((stream) => stream.kind === 'audio')
  const hasVideo = held.streams.some((stream) => stream.kind === 'video')
  const preview = hasVideo && options.preview
  const args = examineArguments(path, { audio, hasVideo, preview })
  const { stdout, extra } = await runProgram(ffmpeg.path, args, {
    ...{ timeoutMs: 20_000, extraOutputs: 3, maxOutputBytes: 512 * 1024 * 1024 },
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  })
  const [listed, grey, jpeg] = extra
  const packets = parsePacketList(new TextDecoder().decode(listed))
  const sound = audio === undefined ? undefined : soundLevels(stdout, audio.channels, audio.sampleRate)
  const pictures = Math.floor((grey?.byteLength ?? 0) / (look.width * look.height))
  const lastKeyMs = packets.video.keyMs[pictures - 1] ?? 0
  return {
    endMs: Math.round(sound !== undefined && sound.durationMs > 0 ? packets.audio.fromMs + sound.durationMs : lastKeyMs),
    ...{
      packets,
      soundFromMs: packets.audio.fromMs,
      sound,
      grey: grey ?? new Uint8Array(),
      preview: preview ? lastJpeg(jpeg ?? new Uint8Array()) : undefined,
    },
  }
}

interface Wanted {
  audio: { channels: number; sampleRate: number } | undefined
  hasVideo: boolean
  preview: boolean
}

/** Sound as samples on stdout, the list of packets on 3, small grey key pictures on 4, the preview on 5. */
export function examineArguments(path: string, { audio, hasVideo, preview }: Wanted): string[] {
  return [
    ...['-nostdin', '-hide_banner', '-nostats', '-loglevel', 'error', ...(hasVideo ? ['-skip_frame', 'nokey'] : []), '-i', `file:${path}`],
    ...(audio ? ['-map', '0:a:0', '-ac', String(audio.channels), '-ar', String(audio.sampleRate), '-f', 's16le', 'pipe:1'] : []),
    ...['-map', '0:v:0?', '-map', '0:a:0?', '-c', 'copy', '-f', 'framecrc', 'pipe:3'],
    ...(hasVideo ? ['-map', '0:v:0', '-vsync', '0', '-vf', greyFilter, '-f', 'rawvideo', 'pipe:4'] : []),
    ...(preview ? ['-map', '0:v:0', '-vsync', '0', '-vf', previewFilter, '-q:v', '7', '-c:v', 'mjpeg', '-f', 'image2pipe', 'pipe:5'] : []),
  ]
}

export const greyFilter = `scale=${look.width}:${look.height}:flags=neighbor,format=gray`
export const previewFilter = `scale=${previewWidth}:-2,format=yuvj420p`

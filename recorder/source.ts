import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { hostileInput } from '../storage/programs/brought-file.ts'
import type { Ffmpeg, FfmpegFeatures } from '../storage/programs/ffmpeg.ts'
import { type MediaProbe, parseMediaProbe, probeMedia } from '../storage/programs/probe-media.ts'
import { runProgram } from '../storage/programs/run-program.ts'

/**
 * Where sound and picture come from. `speed` paces a file: 1 is real time. `brought`: somebody brought the file; it is read as fast as it
 * goes, and as what may be hostile.
 * `alsa`: a sound card or mixer, `device` as ALSA names it; `mixChannels` those that carry the desk's own mix, else all are mixed here.
 * `v4l2`: a USB camera or capture card. `screen`: what a screen shows (X11). `listen`: an encoder that pushes SRT or RTMP to us.
 */
export type Source =
  | { kind: 'file'; path: string; speed: number; brought?: true }
  | { kind: 'rtsp'; url: string }
  | { kind: 'test-picture'; speed: number }
  | { kind: 'alsa'; device: string; channels: number; microphones: boolean; mixChannels?: readonly number[] }
  | { kind: 'v4l2'; device: string; width: number; height: number; framesPerSecond: number }
  | { kind: 'screen'; display: string; width: number; height: number; framesPerSecond: number }
  | { kind: 'listen'; url: string }

/** The source does not answer or holds nothing that can be recorded. */
export class SourceUnreadableError extends Error {
  override readonly name = 'SourceUnreadableError'
}

/**
 * Reads what a person wrote: `rtsp://…`, `srt://…` and `rtmp://…` (listened on), `alsa:DEVICE?channels=8`, `v4l2:/dev/video0`,
 * `screen::0.0`, `test:` (test picture and tone), or the path of a file.
 * @throws SourceUnreadableError another scheme, or a number that makes no sense
 */
export function parseSource(text: string, options: { speed?: number } = {}): Source {
  const speed = options.speed ?? 1
  if (!Number.isFinite(speed) || speed < 0.1 || speed > 64) throw new SourceUnreadableError(`speed ${speed}: expected 0.1 to 64`)
  if (text === 'test:') return { kind: 'test-picture', speed: 1 }
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(text)?.[1]?.toLowerCase()
  const [rest = '', query = ''] = text.slice((scheme?.length ?? 0) + 1).split('?')
  const number = numbersOf(text, new URLSearchParams(query))
  switch (scheme) {
    case undefined:
      return { kind: 'file', path: resolve(text), speed }
    case 'file':
      return { kind: 'file', path: decodeURIComponent(new URL(text).pathname), speed }
    case 'rtsp':
    case 'rtsps':
      return { kind: 'rtsp', url: text }
    case 'srt':
    case 'rtmp':
      return { kind: 'listen', url: text }
    case 'alsa': {
      const channels = number('channels', 2, 1, 32)
      return { kind: 'alsa', device: rest || 'default', channels, microphones: number('microphones', channels > 2 ? 1 : 0, 0, 1) === 1 }
    }
    case 'v4l2':
    case 'screen': {
      const size = {
        width: number('width', 1280, 160, 4096),
        height: number('height', 720, 90, 2160),
        framesPerSecond: number('fps', 25, 1, 60),
      }
      return scheme === 'v4l2'
        ? { kind: scheme, device: rest || '/dev/video0', ...size }
        : { kind: scheme, display: rest || ':0.0', ...size }
    }
    default:
      throw new SourceUnreadableError(
        `source «${hideSecrets(text)}»: expected rtsp://…, srt://…, rtmp://…, alsa:…, v4l2:…, screen:…, test: or the path of a file`,
      )
  }
}

function numbersOf(text: string, query: URLSearchParams) {
  return (name: string, fallback: number, from: number, to: number): number => {
    const value = Number(query.get(name) ?? fallback)
    if (!Number.isInteger(value) || value < from || value > to) {
      throw new SourceUnreadableError(`source «${hideSecrets(text)}»: ${name} must be a whole number from ${from} to ${to}`)
    }
    return value
  }
}

export function speedOf(source: Source): number {
  return source.kind === 'file' || source.kind === 'test-picture' ? source.speed : 1
}

/** Whether ffmpeg can pace the source itself; an old build cannot play a file faster than real time (paced-pipe.ts does). */
export function needsPacedPipe(source: Source, features: FfmpegFeatures): boolean {
  return source.kind === 'file' && source.brought === undefined && source.speed !== 1 && !features.readrate
}

/**
 * ffmpeg's arguments up to and with `-i`.
 * @param fromMs place in a file to begin at: a file stands in for a live source, so what a gap missed is gone
 */
export function inputArguments(source: Source, features: FfmpegFeatures, fromMs = 0): string[] {
  switch (source.kind) {
    case 'rtsp':
      // TCP: a lost UDP packet is a torn picture for ever. The wait is in microseconds. Short analysis: it is the gap of a restart.
      return [
        ...['-rtsp_transport', 'tcp', `-${features.rtspTimeoutFlag}`, '5000000'],
        ...['-analyzeduration', '500000', '-probesize', '200000', '-i', source.url],
      ]
    case 'file': {
      if (source.brought) return [...hostileInput, '-i', `file:${source.path}`]
      const seek = fromMs > 0 ? ['-ss', (fromMs / 1000).toFixed(3)] : []
      const pace = source.speed === 1 ? ['-re'] : ['-readrate', String(source.speed)]
      return [...pace, ...seek, '-i', `file:${source.path}`]
    }
    case 'alsa':
      // Without a roomy queue a busy moment of the machine loses samples.
      return [
        ...['-thread_queue_size', '4096', '-f', 'alsa', '-sample_rate', '48000', '-channels', String(source.channels)],
        ...['-i', source.device],
      ]
    case 'v4l2':
      return ['-thread_queue_size', '512', '-f', 'v4l2', ...sizeOf(source), '-i', source.device]
    case 'screen':
      return ['-thread_queue_size', '512', '-f', 'x11grab', '-draw_mouse', '0', ...sizeOf(source), '-i', source.display]
    case 'listen':
      return source.url.startsWith('srt:')
        ? ['-i', `${source.url}${source.url.includes('?') ? '&' : '?'}mode=listener&transtype=live`]
        : ['-f', 'flv', '-listen', '1', '-i', source.url]
    case 'test-picture':
      return [
        ...['-re', '-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=25'],
        ...['-re', '-f', 'lavfi', '-i', 'sine=frequency=440:beep_factor=4:sample_rate=48000'],
      ]
  }
}

function sizeOf(of: { width: number; height: number; framesPerSecond: number }): string[] {
  return ['-framerate', String(of.framesPerSecond), '-video_size', `${of.width}x${of.height}`]
}

/** The source as ffmpeg can reach it: host names resolved, since the bundled build dies on them. @throws SourceUnreadableError no such host */
export async function resolveSource(source: Source, features: FfmpegFeatures): Promise<Source> {
  if (source.kind !== 'rtsp' || features.resolvesNames) return source
  const url = new URL(source.url)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0) return source
  try {
    const { address, family } = await lookup(host, { verbatim: false })
    url.hostname = family === 6 ? `[${address}]` : address
    return { kind: 'rtsp', url: url.href }
  } catch (cause) {
    throw new SourceUnreadableError(`source ${hideSecrets(source.url)}: no address for the host ${host}`, { cause })
  }
}

/**
 * Opens the source once and tells what it holds.
 * @throws SourceUnreadableError, MediaUnreadableError
 */
export async function probeSource(ffmpeg: Ffmpeg, source: Source): Promise<MediaProbe> {
  if (source.kind === 'file') return probeMedia(ffmpeg, source.path)
  const known = knownProbe(source)
  if (known !== undefined) return known
  // A source that is not there ends with code 1, as does the lack of an output; some builds say 0 when the server hangs up.
  const args = ['-nostdin', '-hide_banner', ...inputArguments(await resolveSource(source, ffmpeg.features), ffmpeg.features)]
  const { stderr, stderrTail } = await runProgram(ffmpeg.path, args, { timeoutMs: 20_000, acceptedCodes: [0, 1] })
  const probe = parseMediaProbe(stderr)
  if (probe?.streams.some((one) => one.kind !== 'other')) {
    return source.kind === 'test-picture' ? withTone(probe) : probe
  }
  const name = source.kind === 'rtsp' ? hideSecrets(source.url) : source.kind
  throw new SourceUnreadableError(`source ${name} does not answer with sound or picture: ${hideSecrets(stderrTail)}`)
}

/** What a device gives by its own settings, and an encoder that pushes by custom: asking it first would cost its first try. */
function knownProbe(source: Source): MediaProbe | undefined {
  const of = (...streams: MediaProbe['streams']): MediaProbe => ({ durationMs: null, startMs: 0, container: source.kind, streams })
  switch (source.kind) {
    case 'alsa':
      return of({ kind: 'audio', index: 0, codec: 'pcm_s16le', sampleRate: 48_000, channels: source.channels })
    case 'v4l2':
    case 'screen': {
      const { width, height, framesPerSecond } = source
      return of({ kind: 'video', index: 0, codec: 'rawvideo', width, height, framesPerSecond })
    }
    case 'listen':
      return of(
        { kind: 'video', index: 0, codec: 'h264', width: 0, height: 0, framesPerSecond: null },
        { kind: 'audio', index: 1, codec: 'aac', sampleRate: 48_000, channels: 2 },
      )
    default:
      return undefined
  }
}

/** The test picture's tone is a second input, which the reader of input 0 leaves aside. */
function withTone(probe: MediaProbe): MediaProbe {
  return { ...probe, streams: [...probe.streams, { kind: 'audio', index: 1, codec: 'pcm_s16le', sampleRate: 48_000, channels: 1 }] }
}

/** User and password of an address never reach a log or a screen. */
export function hideSecrets(text: string): string {
  return text.replace(/(\w+:\/\/)[^/@\s]+@/g, '$1***@')
}

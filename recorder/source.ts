import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import type { Ffmpeg, FfmpegFeatures } from '../storage/programs/ffmpeg.ts'
import { type MediaProbe, parseMediaProbe, probeMedia } from '../storage/programs/probe-media.ts'
import { runProgram } from '../storage/programs/run-program.ts'

/** Where sound and picture come from. `speed` paces a file: 1 is real time. */
export type Source = { kind: 'file'; path: string; speed: number } | { kind: 'rtsp'; url: string } | { kind: 'test-picture'; speed: number }

/** The source does not answer or holds nothing that can be recorded. */
export class SourceUnreadableError extends Error {
  override readonly name = 'SourceUnreadableError'
}

/**
 * Reads what a person wrote: `rtsp://…`, `test:` (test picture and tone), or the path of a file.
 * @throws SourceUnreadableError another scheme, or a speed that makes no sense
 */
export function parseSource(text: string, options: { speed?: number } = {}): Source {
  const speed = options.speed ?? 1
  if (!Number.isFinite(speed) || speed < 0.1 || speed > 64) throw new SourceUnreadableError(`speed ${speed}: expected 0.1 to 64`)
  if (text === 'test:') return { kind: 'test-picture', speed: 1 }
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(text)?.[1]?.toLowerCase()
  if (scheme === 'rtsp' || scheme === 'rtsps') return { kind: 'rtsp', url: text }
  if (scheme === 'file') return { kind: 'file', path: decodeURIComponent(new URL(text).pathname), speed }
  if (scheme !== undefined) {
    throw new SourceUnreadableError(`source «${hideSecrets(text)}»: expected rtsp://…, test: or the path of a file`)
  }
  return { kind: 'file', path: resolve(text), speed }
}

export function speedOf(source: Source): number {
  return source.kind === 'rtsp' ? 1 : source.speed
}

/** Whether ffmpeg can pace the source itself; an old build cannot play a file faster than real time (paced-pipe.ts does). */
export function needsPacedPipe(source: Source, features: FfmpegFeatures): boolean {
  return source.kind === 'file' && source.speed !== 1 && !features.readrate
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
      const seek = fromMs > 0 ? ['-ss', (fromMs / 1000).toFixed(3)] : []
      const pace = source.speed === 1 ? ['-re'] : ['-readrate', String(source.speed)]
      return [...pace, ...seek, '-i', `file:${source.path}`]
    }
    case 'test-picture':
      return [
        ...['-re', '-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=25'],
        ...['-re', '-f', 'lavfi', '-i', 'sine=frequency=440:beep_factor=4:sample_rate=48000'],
      ]
  }
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

/** The test picture's tone is a second input, which the reader of input 0 leaves aside. */
function withTone(probe: MediaProbe): MediaProbe {
  return { ...probe, streams: [...probe.streams, { kind: 'audio', index: 1, codec: 'pcm_s16le', sampleRate: 48_000, channels: 1 }] }
}

/** User and password of an address never reach a log or a screen. */
export function hideSecrets(text: string): string {
  return text.replace(/(\w+:\/\/)[^/@\s]+@/g, '$1***@')
}

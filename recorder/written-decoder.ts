import type { Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import type { Ffmpeg } from '../storage/programs/ffmpeg.ts'
import type { MediaProbe } from '../storage/programs/probe-media.ts'
import { type RunningProgram, startProgram } from '../storage/programs/run-program.ts'
import { type Examined, greyFilter, previewFilter } from './examine-written.ts'
import { PacketTimes } from './packet-times.ts'
import { lastJpeg, look } from './picture-look.ts'
import { soundLevels } from './sound-levels.ts'

/** Nothing came out for so long after the last byte went in: all of it is decoded that can be. */
const settledMs = 50
const settleWithinMs = 1000
/** A decoder that takes no bytes for so long hangs. */
const stuckMs = 5000
const pictureBytes = look.width * look.height

/**
 * One ffmpeg that decodes the segments of a part as they are written, one after another through a pipe: starting a program for each look
 * cost five times what the decoding costs. Of the pictures only the key ones are decoded. Times are on a line from 0, the first byte fed.
 */
export class WrittenDecoder implements AsyncDisposable {
  readonly #program: RunningProgram
  readonly #audio: { channels: number; sampleRate: number } | undefined
  readonly #times = new PacketTimes()
  #samples: Buffer[] = []
  #grey: Buffer[] = []
  #preview: Buffer[] = []
  /** Bytes that came out in all, of every kind. */
  #came = 0
  #endMs = 0
  #gone = false

  private constructor(program: RunningProgram, held: MediaProbe) {
    this.#program = program
    this.#audio = held.streams.find((stream) => stream.kind === 'audio')
    void program.exited.then(() => {
      this.#gone = true
    })
    // A write to a decoder that is gone: `feed` tells.
    program.stdin?.on('error', () => {
      this.#gone = true
    })
    const [video, audio, grey, preview] = program.extra
    this.#listen(program.stdout, (bytes) => this.#samples.push(bytes))
    this.#listen(video, (bytes) => this.#times.read('video', bytes))
    this.#listen(audio, (bytes) => this.#times.read('audio', bytes))
    this.#listen(grey, (bytes) => this.#grey.push(bytes))
    this.#listen(preview, (bytes) => this.#preview.push(bytes))
  }

  /** @param held what the segments hold (probe-media.ts) @throws ProgramError it could not be started */
  static async start(ffmpeg: Ffmpeg, held: MediaProbe): Promise<WrittenDecoder> {
    const has = (kind: 'audio' | 'video') => held.streams.some((stream) => stream.kind === kind)
    const args = decoderArguments({ audio: has('audio'), video: has('video') })
    return new WrittenDecoder(await startProgram(ffmpeg.path, args, { stdin: 'pipe', stdout: 'pipe', extraOutputs: 4 }), held)
  }

  /** Hands on what was written. @returns false when the decoder is gone or hangs: it must be replaced */
  async feed(bytes: Uint8Array): Promise<boolean> {
    const { stdin } = this.#program
    if (this.#gone || stdin === undefined) return false
    const { promise, resolve } = Promise.withResolvers<boolean>()
    stdin.write(bytes, (error) => resolve(error === null || error === undefined))
    const fed = await Promise.race([promise, wait(stuckMs, false, { ref: false })])
    return fed && !this.#gone
  }

  /** Waits until what was fed is decoded. */
  async settle(signal: AbortSignal): Promise<void> {
    for (let waited = 0, before = -1; waited < settleWithinMs && before !== this.#came && !signal.aborted; waited += settledMs) {
      before = this.#came
      await wait(settledMs)
    }
  }

  /** No more will come: what the decoder still holds back comes out. */
  async finish(): Promise<void> {
    this.#program.stdin?.end()
    await Promise.race([this.#program.exited, wait(stuckMs, undefined, { ref: false })])
  }

  /** What was decoded since this was asked before; undefined when nothing was. */
  take(): Examined | undefined {
    const grey = this.#whole(this.#grey, pictureBytes)
    const packets = this.#times.take(grey.byteLength / pictureBytes)
    const jpeg = lastJpeg(this.#whole(this.#preview, 1))
    const sound =
      this.#audio && soundLevels(this.#whole(this.#samples, this.#audio.channels * 2), this.#audio.channels, this.#audio.sampleRate)
    const heardMs = sound?.durationMs ?? 0
    if (heardMs === 0 && packets.video.packets === 0 && grey.byteLength === 0) return undefined
    this.#endMs = Math.max(this.#endMs, Math.round(heardMs > 0 ? packets.audio.endMs : (packets.video.keyMs.at(-1) ?? 0)))
    return {
      ...{ endMs: this.#endMs, packets, sound, grey, preview: jpeg },
      soundFromMs: Math.max(0, packets.audio.endMs - heardMs),
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program.stop([{ signal: 'SIGKILL', waitMs: 2000 }])
  }

  #listen(output: Readable | undefined, onBytes: (bytes: Buffer) => void): void {
    output?.on('error', () => undefined)
    output?.on('data', (bytes: Buffer) => {
      this.#came += bytes.byteLength
      onBytes(bytes)
    })
  }

  /** All bytes of a list up to a multiple of `unit`; the rest stays in it. */
  #whole(list: Buffer[], unit: number): Buffer {
    const all = Buffer.concat(list)
    const whole = all.byteLength - (all.byteLength % unit)
    list.length = 0
    if (whole < all.byteLength) list.push(all.subarray(whole))
    return all.subarray(0, whole)
  }
}

/**
 * Sound as samples on stdout; the packets of picture and sound on 3 and 4, each a list of its own, since in one list those of the one
 * wait for those of the other; small grey key pictures on 5, previews on 6.
 */
export function decoderArguments(has: { audio: boolean; video: boolean }): string[] {
  const flushed = ['-flush_packets', '1']
  const list = (kind: 'a' | 'v', pipe: number) => ['-map', `0:${kind}:0`, '-c', 'copy', ...flushed, '-f', 'framecrc', `pipe:${pipe}`]
  const pictures = (filter: string, coding: readonly string[], pipe: number) => [
    ...[
      '-map',
      '0:v:0',
      '-vsync',
      '0',
      '-vf',
      filter,
      '-threads',
      '1',
      ...coding,
      ...flushed,
      ...['-f'],
      pipe === 5 ? 'rawvideo' : 'image2pipe',
    ],
    `pipe:${pipe}`,
  ]
  return [
    ...[
      '-hide_banner',
      '-nostats',
      '-loglevel',
      'error',
      '-threads',
      '1',
      ...(has.video ? ['-skip_frame', 'nokey', '-flags', 'low_delay'] : []),
    ],
    // One line from the first byte to the last, whatever holes the source left.
    ...['-dts_delta_threshold', '1000000', '-probesize', '1000000', '-analyzeduration', '1000000', '-fpsprobesize', '0'],
    ...['-f', 'mpegts', '-i', 'pipe:0'],
    ...(has.audio ? ['-map', '0:a:0', ...flushed, '-f', 's16le', 'pipe:1', ...list('a', 4)] : []),
    ...(has.video ? [...list('v', 3), ...pictures(greyFilter, [], 5), ...pictures(previewFilter, ['-q:v', '7', '-c:v', 'mjpeg'], 6)] : []),
  ]
}

/** ffmpeg's output was not the WAV stream it was asked for. */
export class WavStreamError extends Error {
  override readonly name = 'WavStreamError'
}

/** Samples as they come: 16 bits, little-endian, interleaved, whole frames only. */
export interface PcmPiece {
  channels: number
  bytes: Buffer
}

/** An ordinary header has 44 bytes; with more than two channels ffmpeg writes the extensible one (68), never more than this. */
const longestHeader = 4096

/**
 * Reads a WAV stream of unknown length: the header tells how many channels there are, then whole frames of samples pass through.
 * @throws WavStreamError
 */
export async function* readWavStream(source: AsyncIterable<Uint8Array>): AsyncGenerator<PcmPiece> {
  let rest: Buffer = Buffer.alloc(0)
  let channels: number | undefined
  for await (const piece of source) {
    rest = rest.length === 0 ? Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength) : Buffer.concat([rest, piece])
    if (channels === undefined) {
      const header = parseHeader(rest)
      if (header === undefined) continue
      channels = header.channels
      rest = rest.subarray(header.bytes)
    }
    const whole = rest.length - (rest.length % (channels * 2))
    if (whole > 0) yield { channels, bytes: rest.subarray(0, whole) }
    rest = rest.subarray(whole)
  }
}

/** Channels and length of the header; undefined while it is not all there. */
function parseHeader(bytes: Buffer): { channels: number; bytes: number } | undefined {
  if (bytes.length >= 12 && bytes.toString('latin1', 0, 4) !== 'RIFF') throw new WavStreamError('the stream does not begin with RIFF')
  let channels: number | undefined
  for (let at = 12; at + 8 <= bytes.length; at += 8 + bytes.readUInt32LE(at + 4)) {
    const name = bytes.toString('latin1', at, at + 4)
    if (name === 'fmt ' && at + 12 <= bytes.length) channels = bytes.readUInt16LE(at + 10)
    if (name !== 'data') continue
    if (!channels) throw new WavStreamError('the stream names no channels')
    return { channels, bytes: at + 8 }
  }
  if (bytes.length > longestHeader) throw new WavStreamError(`no samples within ${longestHeader} bytes`)
  return undefined
}

/** One channel of interleaved samples. @param channel from 0 */
export function channelOf(piece: PcmPiece, channel: number): Buffer {
  const frames = piece.bytes.length / 2 / piece.channels
  const out = Buffer.allocUnsafe(frames * 2)
  for (let i = 0, at = channel * 2; i < frames; i++, at += piece.channels * 2) out.writeInt16LE(piece.bytes.readInt16LE(at), i * 2)
  return out
}

/**
 * All channels as one. Two are averaged; of more, each the microphone of one seat, seldom more than one speaks: their sum is lowered by
 * the root of their number only, so that a single voice stays well above the noise, and clipped.
 */
export function mixOf(piece: PcmPiece): Buffer {
  const { channels, bytes } = piece
  const scale = channels <= 2 ? 1 / channels : 1 / Math.sqrt(channels)
  const frames = bytes.length / 2 / channels
  const out = Buffer.allocUnsafe(frames * 2)
  for (let i = 0, at = 0; i < frames; i++) {
    let sum = 0
    for (let channel = 0; channel < channels; channel++, at += 2) sum += bytes.readInt16LE(at)
    out.writeInt16LE(Math.max(-32_768, Math.min(32_767, Math.round(sum * scale))), i * 2)
  }
  return out
}

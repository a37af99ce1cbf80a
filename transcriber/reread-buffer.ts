import { open } from 'node:fs/promises'

/** A whole number of the detector's windows. */
const pieceBytes = 65_536

/**
 * Bytes of a file from `start` up to, not including, `end`, all read into one buffer: a piece is over when the next is asked for, and who
 * wants to keep of it copies. A stream takes fresh memory for each piece, outside the heap, which the collector sees late.
 */
export async function* rereadBuffer(path: string, start: number, end: number): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(Math.max(0, Math.min(pieceBytes, end - start)))
  await using file = await open(path)
  for (let at = start; at < end; ) {
    const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, end - at), at)
    if (bytesRead === 0) return
    at += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}

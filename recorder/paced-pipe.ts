import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'

const packetBytes = 188
const clockRate = 90_000
/** How far bytes may run ahead of the clock, and how often the clock is looked at. */
const sliceMs = 40

/**
 * Hands an MPEG-TS stream on no faster than `speed` times its own clock (PCR, ISO/IEC 13818-1 §2.4.3.4): for ffmpeg builds that
 * cannot pace a file faster than real time themselves. Ends `into` when `from` ends.
 */
export async function pipePaced(from: Readable, into: Writable, speed: number): Promise<void> {
  const startMs = performance.now()
  let first: number | undefined
  let rest: Buffer = Buffer.alloc(0)
  try {
    for await (const piece of from as AsyncIterable<Buffer>) {
      rest = Buffer.concat([rest, piece])
      let whole = 0
      for (; whole + packetBytes <= rest.length; whole += packetBytes) {
        const clock = programClock(rest.subarray(whole, whole + packetBytes))
        if (clock === undefined) continue
        first ??= clock
        const dueMs = startMs + ((clock - first) / clockRate / speed) * 1000
        if (dueMs - performance.now() < sliceMs) continue
        await hand(into, rest.subarray(0, whole))
        rest = rest.subarray(whole)
        whole = 0
        await wait(Math.max(0, dueMs - performance.now()))
      }
      await hand(into, rest.subarray(0, whole))
      rest = rest.subarray(whole)
    }
  } finally {
    into.end()
  }
}

async function hand(into: Writable, bytes: Buffer): Promise<void> {
  if (bytes.length > 0 && !into.write(bytes)) await once(into, 'drain')
}

/** The 33-bit PCR base of a packet, in 90 kHz ticks; undefined when it carries none. */
export function programClock(packet: Uint8Array): number | undefined {
  if (packet[0] !== 0x47) return undefined
  const hasAdaptation = ((packet[3] ?? 0) & 0x20) !== 0
  if (!hasAdaptation || (packet[4] ?? 0) < 7 || ((packet[5] ?? 0) & 0x10) === 0) return undefined
  const [a = 0, b = 0, c = 0, d = 0, e = 0] = packet.subarray(6, 11)
  return (a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d) * 2 + (e >> 7)
}

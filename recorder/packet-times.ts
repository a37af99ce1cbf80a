import type { PacketList } from './packet-list.ts'

/** How far back holes in the sound are looked for. */
const soundWithinMs = 4000

/**
 * The packets of a stream that goes on, as ffmpeg's framecrc lists them (packet-list.ts), read as they come. Of the sound it tells the last
 * four seconds, in which a hole shows; of the picture what came since it was asked before.
 */
export class PacketTimes {
  readonly #rest = { audio: '', video: '' }
  readonly #unitMs = { audio: 0, video: 0 }
  #sound: { fromMs: number; lengthMs: number }[] = []
  /** Key pictures that were listed and have not come out of the decoder yet. */
  #keysMs: number[] = []
  #video = { packets: 0, endMs: 0 }

  read(kind: 'audio' | 'video', bytes: Uint8Array): void {
    const lines = (this.#rest[kind] + new TextDecoder().decode(bytes)).split('\n')
    this.#rest[kind] = lines.pop() ?? ''
    for (const line of lines) {
      const base = /^#tb \d+: (\d+)\/(\d+)/.exec(line)
      if (base !== null) this.#unitMs[kind] = (Number(base[1]) / Number(base[2])) * 1000
      const packet = /^\d+,\s*-?\d+,\s*(-?\d+),\s*(\d+),\s*\d+, 0x[0-9a-f]+(, F=0x0)?/.exec(line)
      if (packet === null) continue
      const [fromMs, lengthMs] = [Number(packet[1]) * this.#unitMs[kind], Number(packet[2]) * this.#unitMs[kind]]
      if (kind === 'audio') this.#sound.push({ fromMs, lengthMs })
      else {
        this.#video = { packets: this.#video.packets + 1, endMs: Math.max(this.#video.endMs, fromMs + lengthMs) }
        if (packet[3] === undefined) this.#keysMs.push(fromMs)
      }
    }
  }

  /** @param pictures key pictures that came out of the decoder since this was asked before */
  take(pictures: number): PacketList {
    // A key picture that does not decode never comes; one at most is still inside.
    const keysMs = this.#keysMs.slice(Math.max(0, this.#keysMs.length - pictures - 1))
    const keyMs = keysMs.slice(0, pictures)
    this.#keysMs = keysMs.slice(pictures)
    const video = { ...this.#video, keyMs }
    this.#video = { packets: 0, endMs: this.#video.endMs }
    const endMs = this.#sound.reduce((most, one) => Math.max(most, one.fromMs + one.lengthMs), 0)
    this.#sound = this.#sound.filter((one) => one.fromMs >= endMs - soundWithinMs)
    const coveredMs = this.#sound.reduce((sum, one) => sum + one.lengthMs, 0)
    return { video, audio: { packets: this.#sound.length, fromMs: this.#sound[0]?.fromMs ?? 0, endMs, coveredMs } }
  }
}

/** Packets of a written file, as ffmpeg's framecrc lists them without decoding. Times are on the file's own line from 0. */
export interface PacketList {
  video: { packets: number; endMs: number; keyMs: number[] }
  /** `coveredMs`: length of all packets together; less than the span when some are missing. */
  audio: { packets: number; fromMs: number; endMs: number; coveredMs: number }
}

/** Reads `stream, dts, pts, duration, size, crc` a line; a packet that is no key picture carries `F=0x0`. */
export function parsePacketList(text: string): PacketList {
  const bases = new Map<string, number>()
  const kinds = new Map<string, string>()
  const video: PacketList['video'] = { packets: 0, endMs: 0, keyMs: [] }
  const audio: PacketList['audio'] = { packets: 0, fromMs: Number.POSITIVE_INFINITY, endMs: 0, coveredMs: 0 }
  for (const line of text.split('\n')) {
    const base = /^#tb (\d+): (\d+)\/(\d+)/.exec(line)
    if (base?.[1] !== undefined) bases.set(base[1], (Number(base[2]) / Number(base[3])) * 1000)
    const kind = /^#media_type (\d+): (\w+)/.exec(line)
    if (kind?.[1] !== undefined && kind[2] !== undefined) kinds.set(kind[1], kind[2])
    const packet = /^(\d+),\s*-?\d+,\s*(-?\d+),\s*(\d+),\s*\d+, 0x[0-9a-f]+(, F=0x0)?/.exec(line)
    if (packet?.[1] === undefined) continue
    const unit = bases.get(packet[1]) ?? 0
    const fromMs = Number(packet[2]) * unit
    const lengthMs = Number(packet[3]) * unit
    if (kinds.get(packet[1]) === 'video') {
      video.packets++
      video.endMs = Math.max(video.endMs, fromMs + lengthMs)
      if (packet[4] === undefined) video.keyMs.push(fromMs)
    } else {
      audio.packets++
      audio.fromMs = Math.min(audio.fromMs, fromMs)
      audio.endMs = Math.max(audio.endMs, fromMs + lengthMs)
      audio.coveredMs += lengthMs
    }
  }
  if (audio.packets === 0) audio.fromMs = 0
  return { video, audio }
}

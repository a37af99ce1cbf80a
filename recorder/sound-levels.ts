/** Levels of one channel in one window of sound. */
export interface Level {
  /** Loudest sample, dBFS, never below -120. */
  peakDb: number
  /** Power, dBFS, never below -120. */
  rmsDb: number
  /** Samples at full scale. */
  clipped: number
}

export interface SoundLevels {
  /** One list of channels a window; windows follow each other from the start of the sound. The last may be shorter. */
  windows: Level[][]
  /** Length of all sound, ms. */
  durationMs: number
}

export const windowMs = 250
/** A sample this near to full scale has been cut off, or will be in the next step. */
const fullScale = 32_700

/** Measures decoded sound. @param pcm samples s16le, channels interleaved */
export function soundLevels(pcm: Uint8Array, channels: number, sampleRate: number): SoundLevels {
  const samples = new Int16Array(pcm.byteLength >> 1)
  const view = new DataView(pcm.buffer, pcm.byteOffset, pcm.byteLength)
  for (let at = 0; at < samples.length; at++) samples[at] = view.getInt16(at * 2, true)
  const frames = Math.floor(samples.length / channels)
  const size = Math.round((sampleRate * windowMs) / 1000)
  const windows: Level[][] = []
  for (let from = 0; from < frames; from += size) {
    const to = Math.min(frames, from + size)
    windows.push(Array.from({ length: channels }, (_, channel) => levelOf(samples, channels, channel, from, to)))
  }
  return { windows, durationMs: (frames * 1000) / sampleRate }
}

function levelOf(samples: Int16Array, channels: number, channel: number, from: number, to: number): Level {
  let [peak, power, clipped] = [0, 0, 0]
  for (let at = from; at < to; at++) {
    const value = Math.abs(samples[at * channels + channel] ?? 0)
    if (value > peak) peak = value
    if (value >= fullScale) clipped++
    power += value * value
  }
  return { peakDb: toDb(peak), rmsDb: toDb(Math.sqrt(power / Math.max(1, to - from))), clipped }
}

function toDb(amplitude: number): number {
  return amplitude === 0 ? -120 : Math.max(-120, Math.round(200 * Math.log10(amplitude / 32_768)) / 10)
}

import type { Examined } from './examine-written.ts'
import { lookAtPictures } from './picture-look.ts'
import { type Level, windowMs } from './sound-levels.ts'

/** Faults of sound and picture that show in what was written. */
export type WrittenFault =
  | 'no-sound'
  | 'microphone-silent'
  | 'clipping'
  | 'sound-missing'
  | 'no-picture'
  | 'black-picture'
  | 'frozen-picture'

/** A fault that stands now, since a place on the line of the part, ms. `channel` counts from 0. */
export interface StandingFault {
  code: WrittenFault
  sinceMs: number
  channel?: number
}

export interface Expected {
  sound: boolean
  picture: boolean
  /** The picture comes from a live camera, whose noise never stands still; a slide or a file may. */
  moving: boolean
  /** Channels that are one open microphone each and never fall silent by themselves. */
  openChannels?: readonly number[]
}

/** A peak below it is no sound of a room: an open microphone's own noise lies above. */
const quietDb = -70
const quietMs = 3000
const levelsForMs = 2000
/** Share of windows with cut samples, and how far back is looked. */
const clipping = { samples: 4, windows: 4, withinMs: 5000 } as const
const blackLit = 0.005
/** Mean change of a point; ffmpeg's freezedetect calls the same frozen (-60 dB, 0.001 of 255). */
const frozenChange = 0.25
/** Between key pictures 2 s apart one pair must be enough, or the alarm comes too late. */
const stillMs = 1900
const missingShare = 0.05

/** Remembers what the looks at one part saw, and tells which faults stand. Pure: places on the part's line, no clock. */
export class FaultWatch {
  readonly #expected: Expected
  #firstMs: number | undefined
  #endMs = 0
  #soundMs = 0
  #loudMs: number[] = []
  #clipped: number[] = []
  #holed: number | undefined
  #pictureMs: number | undefined
  #lastPicture: { bytes: Uint8Array; atMs: number } | undefined
  #stillSince: number | undefined
  #blackSince: number | undefined
  #levels: Level[] = []

  constructor(expected: Expected) {
    this.#expected = expected
  }

  /** @param fromMs where the examined file begins on the part's line */
  see(fromMs: number, examined: Examined): void {
    this.#firstMs ??= fromMs
    this.#endMs = Math.max(this.#endMs, fromMs + examined.endMs)
    if (examined.sound !== undefined) this.#hear(fromMs + examined.soundFromMs, examined.sound.windows)
    this.#count(fromMs, examined)
    this.#watch(fromMs, examined)
  }

  /** Newest level of each channel, the loudest of the last half second; none when no sound came for two. */
  get levels(): readonly Level[] {
    return this.#endMs - this.#soundMs > levelsForMs ? [] : this.#levels
  }

  /** Pictures come, and one was decoded. */
  get hasPicture(): boolean {
    return this.#lastPicture !== undefined && this.#endMs - (this.#pictureMs ?? 0) < quietMs
  }

  get standing(): StandingFault[] {
    return [...this.#soundFaults(), ...this.#pictureFaults()]
  }

  #hear(fromMs: number, windows: readonly Level[][]): void {
    windows.forEach((channels, at) => {
      const endMs = fromMs + (at + 1) * windowMs
      channels.forEach((level, channel) => {
        if (level.peakDb < quietDb) return
        this.#loudMs[channel] = Math.max(this.#loudMs[channel] ?? 0, endMs)
      })
      const isCut = channels.some((level) => level.clipped >= clipping.samples)
      if (isCut && endMs > (this.#clipped.at(-1) ?? -1)) this.#clipped.push(endMs)
    })
    this.#clipped = this.#clipped.filter((atMs) => atMs > this.#endMs - clipping.withinMs)
    if (windows.length === 0) return
    this.#soundMs = fromMs + windows.length * windowMs
    const recent = windows.slice(-2)
    this.#levels = (recent.at(-1) ?? []).map((level, channel) =>
      recent.map((one) => one[channel] ?? level).reduce((a, b) => (b.peakDb > a.peakDb ? b : a)),
    )
  }

  #count(fromMs: number, { packets }: Examined): void {
    const { audio, video } = packets
    const spanMs = audio.endMs - audio.fromMs
    if (spanMs >= 1500) this.#holed = audio.coveredMs < spanMs * (1 - missingShare) ? (this.#holed ?? fromMs + audio.fromMs) : undefined
    if (video.packets > 0) this.#pictureMs = Math.max(this.#pictureMs ?? 0, fromMs + video.endMs)
  }

  #watch(fromMs: number, { grey, packets }: Examined): void {
    const { looks } = lookAtPictures(grey)
    looks.forEach((_, at) => {
      const atMs = fromMs + (packets.video.keyMs[at] ?? 0)
      // The open file is looked at again and again: what was seen is not seen twice.
      if (this.#lastPicture !== undefined && atMs <= this.#lastPicture.atMs) return
      const bytes = grey.slice(at * (grey.byteLength / looks.length), (at + 1) * (grey.byteLength / looks.length))
      const { looks: seen } = lookAtPictures(bytes, this.#lastPicture?.bytes)
      const { lit, change } = seen[0] ?? { lit: 1, change: undefined }
      this.#stillSince = change !== undefined && change < frozenChange ? (this.#stillSince ?? this.#lastPicture?.atMs ?? atMs) : undefined
      this.#blackSince = lit < blackLit ? (this.#blackSince ?? atMs) : undefined
      this.#lastPicture = { bytes, atMs }
    })
  }

  #soundFaults(): StandingFault[] {
    if (!this.#expected.sound) return []
    const heardMs = (channel: number) => Math.max(this.#loudMs[channel] ?? 0, this.#firstMs ?? 0)
    const channels = Array.from({ length: Math.max(1, this.#levels.length) }, (_, channel) => channel)
    const lastHeard = Math.max(...channels.map(heardMs))
    if (this.#endMs - lastHeard >= quietMs || (this.#pictureMs ?? 0) - lastHeard >= quietMs * 2)
      return [{ code: 'no-sound', sinceMs: lastHeard }]
    const dead = (this.#expected.openChannels ?? []).filter((channel) => this.#endMs - heardMs(channel) >= quietMs)
    const firstCut = this.#clipped[0]
    return [
      ...dead.map((channel) => ({ code: 'microphone-silent' as const, sinceMs: heardMs(channel), channel })),
      ...(firstCut !== undefined && this.#clipped.length >= clipping.windows ? [{ code: 'clipping' as const, sinceMs: firstCut }] : []),
      ...(this.#holed === undefined ? [] : [{ code: 'sound-missing' as const, sinceMs: this.#holed }]),
    ]
  }

  #pictureFaults(): StandingFault[] {
    if (!this.#expected.picture) return []
    const lastMs = this.#pictureMs ?? this.#firstMs ?? 0
    if (this.#endMs - lastMs >= quietMs) return [{ code: 'no-picture', sinceMs: lastMs }]
    if (this.#blackSince !== undefined && this.#endMs - this.#blackSince >= 1500)
      return [{ code: 'black-picture', sinceMs: this.#blackSince }]
    const still = this.#stillSince !== undefined && (this.#lastPicture?.atMs ?? 0) - this.#stillSince >= stillMs
    return still && this.#expected.moving ? [{ code: 'frozen-picture', sinceMs: this.#stillSince ?? 0 }] : []
  }
}

/**
 * Ways to the store, the first served first. A slow line carries sound and a low picture live and the master later: at 1 Mbit/s a master
 * of five hours takes more than fifteen (study-recorder.md §3.3). Events need no lane: they go over the link, beside all of these.
 */
export const lanes = ['audio', 'proxy', 'master'] as const
export type Lane = (typeof lanes)[number]

/** The lane of a track by its name: `mix` and each `mic-…` are sound alone, `proxy` the low picture, anything else is a master. */
export function laneOf(track: string): Lane {
  if (track === 'mix' || track.startsWith('mic-')) return 'audio'
  return track === 'proxy' ? 'proxy' : 'master'
}

/**
 * Lets so many bytes a second through, a burst of at most half a second's worth. Without a rate everything passes at once.
 * One bucket for all that a recorder sends, whatever session it is of.
 */
export class TokenBucket {
  readonly #bytesPerSecond: number | undefined
  readonly #now: () => number
  #tokens: number
  #atMs: number

  constructor(bytesPerSecond: number | undefined, now: () => number = () => performance.now()) {
    this.#bytesPerSecond = bytesPerSecond
    this.#now = now
    this.#tokens = (bytesPerSecond ?? 0) / 2
    this.#atMs = now()
  }

  get bytesPerSecond(): number | undefined {
    return this.#bytesPerSecond
  }

  /** Takes the bytes and tells how long to wait before they may be sent, ms. */
  take(bytes: number): number {
    const rate = this.#bytesPerSecond
    if (rate === undefined) return 0
    const nowMs = this.#now()
    this.#tokens = Math.min(rate / 2, this.#tokens + ((nowMs - this.#atMs) / 1000) * rate) - bytes
    this.#atMs = nowMs
    return this.#tokens >= 0 ? 0 : Math.ceil((-this.#tokens / rate) * 1000)
  }
}

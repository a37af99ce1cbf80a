interface Span {
  fromMs: number
  toMs: number
}

/** A share of a run that a detector hears by itself: `fromMs` to `toMs` counts, the sound around it is heard beforehand and after. */
export interface Stretch extends Span {
  heardFromMs: number
  heardToMs: number
}

/**
 * Changed lengths are another result (voiceActivityBuild). A detector that begins in the middle of speech has heard three seconds before it
 * counts; the one before it hears a second further, so that a pause at the seam is a pause to both.
 */
export const stretchSettings = { longestMs: 600_000, wholeUpToMs: 60_000, beforeMs: 3008, afterMs: 1000 } as const

/** What the detector hears at once: 512 samples. */
const windowMs = 32

/**
 * A run in about equal shares, cut between two windows of the detector, so that each hears the very windows that one who heard all of it would
 * (a session is heard whole while it runs: session-drafts.ts): two at least, that two cores have work, and none much longer than ten minutes. Depends on nothing but its length: the same
 * regions are found on a machine with more cores.
 */
export function stretchesOf(run: Span): Stretch[] {
  const { longestMs, wholeUpToMs, beforeMs, afterMs } = stretchSettings
  const length = run.toMs - run.fromMs
  const count = length <= wholeUpToMs ? 1 : Math.max(2, Math.ceil(length / longestMs))
  const seam = (i: number) => (i === count ? run.toMs : run.fromMs + Math.round((length * i) / count / windowMs) * windowMs)
  return Array.from({ length: count }, (_, i) => ({
    fromMs: seam(i),
    toMs: seam(i + 1),
    heardFromMs: Math.max(run.fromMs, seam(i) - beforeMs),
    heardToMs: Math.min(run.toMs, seam(i + 1) + afterMs),
  }))
}

/** Regions as each stretch found them, cut to what counts of it; what goes on over a seam is one region again. */
export function joinStretches(found: readonly { stretch: Stretch; regions: readonly Span[] }[]): Span[] {
  const joined: Span[] = []
  for (const { stretch, regions } of found) {
    for (const region of regions) {
      const [fromMs, toMs] = [Math.max(region.fromMs, stretch.fromMs), Math.min(region.toMs, stretch.toMs)]
      const last = joined.at(-1)
      if (toMs <= fromMs) continue
      if (last && last.toMs === stretch.fromMs && fromMs === stretch.fromMs) last.toMs = toMs
      else joined.push({ fromMs, toMs })
    }
  }
  return joined
}

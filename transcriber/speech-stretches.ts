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
 * Changed lengths are another result (voiceActivityBuild); each is a whole number of the detector's windows. A detector that begins in the
 * middle of speech has heard three seconds before it counts; the one before it hears a second further, so that a pause at the seam is a pause
 * to both.
 */
export const stretchSettings = { everyMs: 60_000, beforeMs: 3008, afterMs: 1024 } as const

/**
 * A run in shares of a minute from where it begins, whatever its length and the machine: who hears it while it is being recorded begins and
 * ends at the very places of who hears it whole afterwards. What a detector remembers lasts longer than what it heard before a seam: cut
 * elsewhere, the edge of a region may be a window (32 ms) further, and what was recognised of it would have another name (chunk-key.ts).
 */
export function stretchesOf(run: Span): Stretch[] {
  return Array.from({ length: Math.max(1, Math.ceil((run.toMs - run.fromMs) / stretchSettings.everyMs)) }, (_, i) => stretchAt(run, i))
}

/** The stretch of that number, from 0; of a run that is still being recorded `toMs` is Infinity. */
export function stretchAt(run: Span, i: number): Stretch {
  const { everyMs, beforeMs, afterMs } = stretchSettings
  const [fromMs, toMs] = [run.fromMs + i * everyMs, Math.min(run.toMs, run.fromMs + (i + 1) * everyMs)]
  return { fromMs, toMs, heardFromMs: Math.max(run.fromMs, fromMs - beforeMs), heardToMs: Math.min(run.toMs, toMs + afterMs) }
}

/** Regions as each stretch found them, cut to what counts of it; what goes on over a seam is one region again. */
export function joinStretches(found: readonly { stretch: Stretch; regions: readonly Span[] }[]): Span[] {
  const joined: Span[] = []
  for (const { stretch, regions } of found) for (const region of regions) joinRegion(joined, stretch, region)
  return joined
}

/** The same for one region more, in their order. */
export function joinRegion(joined: Span[], stretch: Span, region: Span): void {
  const [fromMs, toMs] = [Math.max(region.fromMs, stretch.fromMs), Math.min(region.toMs, stretch.toMs)]
  const last = joined.at(-1)
  if (toMs <= fromMs) return
  if (last && last.toMs === stretch.fromMs && fromMs === stretch.fromMs) last.toMs = toMs
  else joined.push({ fromMs, toMs })
}

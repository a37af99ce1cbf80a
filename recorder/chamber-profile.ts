import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { shurePort } from './shure-strings.ts'
import { parseSource, type Source } from './source.ts'
import { type SourcePlan, solePlan } from './track-plan.ts'

/** The chamber profile cannot be read or contradicts itself; the message says where. */
export class ChamberProfileError extends Error {
  override readonly name = 'ChamberProfileError'
}

const microphone = z.strictObject({
  /** As the alarm calls it: «presidencia». */
  name: z.string().min(1).max(60),
  /** Always open: its silence is a fault. A microphone with a button may be silent. */
  open: z.boolean().default(false),
})

const chamberSource = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/),
  name: z.string().min(1).max(60),
  /** As `escano record --source` takes it (source.ts). */
  from: z.string().min(1).max(1000),
  /** Channels of a sound card, in order. */
  microphones: z.array(microphone).max(32).optional(),
  /** Channels, counted from 1, that carry the desk's own mix; without them all are mixed. */
  mix: z.array(z.int().min(1).max(32)).min(1).max(32).optional(),
})

/** The conference system, by its address in the chamber's own network. So far Shure Microflex Complete Wireless (shure-strings.ts). */
const conferenceSystem = z.strictObject({
  system: z.literal('shure-mxcw'),
  host: z.string().min(1).max(255),
  port: z.int().min(1).max(65_535).default(shurePort),
  /** Seat of the council by the number of the unit, where the two differ: `{"12": 3}`. */
  seats: z.record(z.string().regex(/^[1-9]\d{0,4}$/), z.int().min(1).max(65_535)).default({}),
})

/** What a chamber has: one file, written once by whoever sets it up. */
export const chamberProfile = z.strictObject({
  v: z.literal(1),
  name: z.string().min(1).max(100),
  sources: z.array(chamberSource).min(1).max(8),
  microphones: conferenceSystem.optional(),
})
export type ChamberProfile = z.infer<typeof chamberProfile>

/** @throws ChamberProfileError */
export async function readChamberProfile(path: string): Promise<ChamberProfile> {
  try {
    const profile = chamberProfile.parse(JSON.parse(await readFile(path, 'utf8')))
    plansOf(profile)
    return profile
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : cause instanceof Error ? cause.message : String(cause)
    throw new ChamberProfileError(`chamber profile ${path}: ${why}`, { cause })
  }
}

/**
 * What becomes of each source: the first with pictures is `master`, further ones `camera-02`…; a sound card is `mix`, and in a chamber
 * without camera `master`. Microphones are numbered through.
 * @throws ChamberProfileError two sources of one id, two sound cards, more microphones than there are names of tracks
 */
export function plansOf(profile: ChamberProfile, options: { speed?: number } = {}): [SourcePlan, ...SourcePlan[]] {
  const parsed = profile.sources.map((of) => ({ of, source: parseSource(of.from, options) }))
  if (new Set(profile.sources.map((one) => one.id)).size < parsed.length) throw new ChamberProfileError('two sources have the same id')
  if (parsed.filter(({ source }) => source.kind === 'alsa').length > 1) {
    throw new ChamberProfileError('two sound cards: join them to one ALSA device, so that they share a clock')
  }
  const hasPicture = parsed.some(({ source }) => source.kind !== 'alsa')
  // What is replayed comes first.
  const ordered = parsed.toSorted((a, b) => Number(a.source.kind === 'alsa') - Number(b.source.kind === 'alsa'))
  let cameras = 0
  const plans = ordered.map(({ of, source }): SourcePlan => {
    if (source.kind === 'alsa') return soundPlan(of, source, hasPicture ? 'mix' : 'master')
    const lead = ++cameras === 1 ? 'master' : `camera-${String(cameras).padStart(2, '0')}`
    return { id: of.id, name: of.name, source, lead, ...(parsed.length === 1 ? { soundOnlyTrack: 'mix' } : {}) }
  })
  return plans as [SourcePlan, ...SourcePlan[]]
}

/** What is recorded of one source as a person wrote it, or of a chamber. @throws SourceUnreadableError, ChamberProfileError */
export function plansFrom(source: string | ChamberProfile, speed: number): [SourcePlan, ...SourcePlan[]] {
  return typeof source === 'string' ? [solePlan(parseSource(source, { speed }))] : plansOf(source, { speed })
}

type SoundCard = Extract<Source, { kind: 'alsa' }>

function soundPlan(of: ChamberProfile['sources'][number], source: SoundCard, lead: string): SourcePlan {
  const names = of.microphones ?? []
  if (names.length > source.channels) {
    throw new ChamberProfileError(`${of.id}: ${names.length} microphones, but ${source.channels} channels; write ?channels=${names.length}`)
  }
  const beyond = of.mix?.find((channel) => channel > source.channels)
  if (beyond !== undefined) throw new ChamberProfileError(`${of.id}: mix names channel ${beyond} of ${source.channels}`)
  const mix = of.mix === undefined ? {} : { mixChannels: of.mix.map((channel) => channel - 1) }
  return {
    ...{ id: of.id, name: of.name, lead, source: { ...source, ...mix, microphones: source.microphones || names.length > 0 } },
    microphones: names.map((one) => one.name),
    openMicrophones: names.flatMap((one, channel) => (one.open ? [channel] : [])),
  }
}

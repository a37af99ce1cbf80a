import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { shurePort } from './shure-strings.ts'
import { parseSource, type Source, SourceUnreadableError } from './source.ts'
import { type SourcePlan, solePlan } from './track-plan.ts'

/** The chamber profile cannot be read or contradicts itself; the message says where. */
export class ChamberProfileError extends Error {
  override readonly name = 'ChamberProfileError'
}

/** What a field should be, as the sentence about it says. */
function shouldBe(what: string): { error: (issue: { input?: unknown }) => string } {
  return { error: ({ input }) => (input === undefined ? `is missing; it should be ${what}` : `should be ${what}`) }
}

function text(most: number) {
  return z.string(shouldBe('a text')).min(1, 'is empty').max(most, `is longer than ${most} characters`)
}

function wholeNumber(from: number, to: number) {
  const range = `a whole number from ${from} to ${to}`
  return z.int(shouldBe(range)).min(from, `should be ${range}`).max(to, `should be ${range}`)
}

const microphone = z.strictObject({
  /** As the alarm calls it: «presidencia». */
  name: text(60),
  /** Always open: its silence is a fault. A microphone with a button may be silent. */
  open: z.boolean(shouldBe('true or false')).default(false),
})

const chamberSource = z.strictObject({
  id: z
    .string(shouldBe('a text'))
    .regex(/^[a-z][a-z0-9-]{0,30}$/, 'must begin with a small letter and have only small letters, digits and hyphens, 31 at most'),
  name: text(60),
  /** As `escano record --source` takes it (source.ts). */
  from: text(1000),
  /** Channels of a sound card, in order. */
  microphones: z.array(microphone, shouldBe('a list')).max(32, 'more than 32 microphones').optional(),
  /** Channels, counted from 1, that carry the desk's own mix; without them all are mixed. */
  mix: z.array(wholeNumber(1, 32), shouldBe('a list')).min(1, 'names no channel').max(32, 'more than 32 channels').optional(),
})

/** The conference system, by its address in the chamber's own network. So far Shure Microflex Complete Wireless (shure-strings.ts). */
const conferenceSystem = z.strictObject({
  system: z.literal('shure-mxcw', shouldBe('"shure-mxcw", the only system known so far')),
  host: text(255),
  port: wholeNumber(1, 65_535).default(shurePort),
  /** Seat of the council by the number of the unit, where the two differ: `{"12": 3}`. */
  seats: z
    .record(z.string().regex(/^[1-9]\d{0,4}$/, 'the number of a unit'), wholeNumber(1, 65_535), shouldBe('numbers by unit'))
    .default({}),
})

/** What a chamber has: one file, written once by whoever sets it up. */
export const chamberProfile = z.strictObject({
  v: z.literal(1, shouldBe('1')),
  name: text(100),
  sources: z.array(chamberSource, shouldBe('a list')).min(1, 'names no source').max(8, 'more than 8 sources'),
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
    throw new ChamberProfileError(`chamber profile ${path}: ${whatIsWrong(cause)}`, { cause })
  }
}

function whatIsWrong(cause: unknown): string {
  if (cause instanceof z.ZodError) return cause.issues.map(sentenceOf).join('; ')
  if (cause instanceof SyntaxError) return `this is not JSON: ${cause.message}`
  return cause instanceof Error ? cause.message : String(cause)
}

/** «sources[0].id must begin with…»: the field as the file has it, then what is wrong with it. */
function sentenceOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => `${fieldOf([...issue.path, key])} is not a field of a chamber profile`).join('; ')
  return `${issue.path.length === 0 ? 'the file' : fieldOf(issue.path)} ${issue.message}`
}

function fieldOf(path: readonly PropertyKey[]): string {
  return path.map((step, at) => (typeof step === 'number' ? `[${step}]` : `${at === 0 ? '' : '.'}${String(step)}`)).join('')
}

/**
 * What becomes of each source: the first with pictures is `master`, further ones `camera-02`…; a sound card is `mix`, and in a chamber
 * without camera `master`. Microphones are numbered through.
 * @throws ChamberProfileError two sources of one id, two sound cards, more microphones than there are names of tracks
 */
export function plansOf(profile: ChamberProfile, options: { speed?: number } = {}): [SourcePlan, ...SourcePlan[]] {
  const parsed = profile.sources.map((of, at) => ({ of, source: sourceAt(at, of.from, options) }))
  const [twice] = profile.sources.filter(({ id }, at) => profile.sources.findIndex((one) => one.id === id) < at)
  if (twice !== undefined) throw new ChamberProfileError(`two sources have the same id «${twice.id}»`)
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

/** @throws ChamberProfileError the field that says where it comes from makes no sense */
function sourceAt(at: number, from: string, options: { speed?: number }): Source {
  try {
    return parseSource(from, options)
  } catch (cause) {
    if (!(cause instanceof SourceUnreadableError)) throw cause
    throw new ChamberProfileError(`sources[${at}].from: ${cause.message}`, { cause })
  }
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

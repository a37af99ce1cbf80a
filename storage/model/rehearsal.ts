import { z } from 'zod'

/** What a rehearsal can find, and how grave it is: `bad` must be mended before the session, `look` is for a person to judge. */
export const rehearsalGrades = {
  'source-recorded': 'good',
  'source-failed': 'bad',
  'source-broken': 'bad',
  'picture-seen': 'good',
  'no-picture': 'bad',
  'black-picture': 'bad',
  'frozen-picture': 'bad',
  'key-pictures-far': 'look',
  'sound-heard': 'good',
  'sound-low': 'look',
  clipping: 'look',
  'no-sound': 'bad',
  'microphone-silent': 'bad',
  'disk-ample': 'good',
  'disk-short': 'look',
  'disk-full': 'bad',
  'clock-held': 'good',
  'clock-free': 'look',
  'clock-unknown': 'look',
  'clock-apart': 'look',
  'store-good': 'good',
  'store-unlocked': 'look',
  'store-failed': 'bad',
  'not-enrolled': 'look',
} as const
export type RehearsalCode = keyof typeof rehearsalGrades

const codes = Object.keys(rehearsalGrades) as [RehearsalCode, ...RehearsalCode[]]

export const rehearsalFinding = z.object({
  code: z.enum(codes),
  /** Source or microphone as people call it. */
  name: z.string().min(1).max(100).optional(),
  /** Seconds, dBFS or hours, as the code has them. */
  value: z.number().optional(),
  /** What a program said, for who mends it. */
  detail: z.string().max(500).optional(),
})
export type RehearsalFinding = z.infer<typeof rehearsalFinding>

/** A rehearsal of a chamber: every source was opened, recorded for a while and decoded back; disk, clock and store were tried. */
export const rehearsal = z.object({
  v: z.literal(1),
  atMs: z.int().nonnegative(),
  /** How long was recorded. */
  seconds: z.number().nonnegative(),
  findings: z.array(rehearsalFinding).max(200),
})
export type Rehearsal = z.infer<typeof rehearsal>

export function gradeOf(finding: RehearsalFinding): 'good' | 'look' | 'bad' {
  return rehearsalGrades[finding.code]
}

/** Nothing stands in the way of recording. */
export function isReady(of: Rehearsal): boolean {
  return of.findings.every((one) => gradeOf(one) !== 'bad')
}

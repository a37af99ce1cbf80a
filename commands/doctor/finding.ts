/** `needed`: without it Escano does not work; `wanted`: it works, and something is worse or missing. */
export type Weight = 'needed' | 'wanted'

/** One thing the doctor looked at. `code` is stable; `detail` is what was found, `advice` what to do about it. */
export interface Finding {
  code: FindingCode
  ok: boolean
  weight: Weight
  detail: string
  advice?: string
}

export const findingCodes = [
  'settings',
  'node',
  'ffmpeg',
  'postgresql',
  'engine',
  'models',
  'disk',
  'data-folder',
  'keys-folder',
  'port',
  'clock',
  'network-time',
] as const
export type FindingCode = (typeof findingCodes)[number]

export function fine(code: FindingCode, detail: string): Finding {
  return { code, ok: true, weight: 'needed', detail }
}

export function bad(code: FindingCode, weight: Weight, detail: string, advice: string): Finding {
  return { code, ok: false, weight, detail, advice }
}

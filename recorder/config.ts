import { z } from 'zod'

/** The environment does not describe a recorder; all mistakes are in the message. */
export class RecorderConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** Variables of the recorder; `.env.example` lists them. */
export const recorderEnvironment = z.object({
  ESCANO_RECORDER_ENROLMENT: z.string().min(1).default('./keys/recorder.json'),
  ESCANO_RECORDER_KEY: z.string().min(1).default('./keys/recorder.key'),
  ESCANO_RECORDER_SPOOL: z.string().min(1).default('./data/spool'),
  ESCANO_RECORDER_SOURCE: z.string().min(1).optional(),
  ESCANO_RECORDER_CHAMBER: z.string().min(1).optional(),
  ESCANO_RECORDER_SPEED: z.coerce.number().min(0.1).max(64).default(1),
  ESCANO_RECORDER_PAGE_HOST: z.string().min(1).default('0.0.0.0'),
  ESCANO_RECORDER_PAGE_PORT: z.coerce.number().int().min(0).max(65_535).default(8443),
  ESCANO_RECORDER_UPLOAD_BYTES_PER_SECOND: z.coerce.number().int().min(8_000).optional(),
})

export interface RecorderConfig {
  /** File with the enrolment (control-protocol.ts). */
  enrolmentFile: string
  /** PKCS#8 in PEM, Ed25519, mode 0600. */
  keyFile: string
  /** Folder of the spool; one agent a folder. */
  spool: string
  /** What to record when the command names no source. */
  source?: string
  /** File with the chamber's sources and microphones (chamber-profile.ts); goes before `source`. */
  chamberFile?: string
  /** Media seconds per second of a file. */
  speed: number
  /** Where the chamber page is served in the council's network; port 0: it is not. */
  page: { host: string; port: number }
  /** Most that segments take of the line; without it all there is. */
  uploadBytesPerSecond?: number
}

/** @throws RecorderConfigError */
export function recorderConfig(env: Record<string, string | undefined>): RecorderConfig {
  // An empty variable, as compose files write it, is one that is not set.
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = recorderEnvironment.safeParse(set)
  if (!parsed.success) throw new RecorderConfigError(z.prettifyError(parsed.error), { cause: parsed.error })
  const { data } = parsed
  return {
    enrolmentFile: data.ESCANO_RECORDER_ENROLMENT,
    keyFile: data.ESCANO_RECORDER_KEY,
    spool: data.ESCANO_RECORDER_SPOOL,
    speed: data.ESCANO_RECORDER_SPEED,
    page: { host: data.ESCANO_RECORDER_PAGE_HOST, port: data.ESCANO_RECORDER_PAGE_PORT },
    ...(data.ESCANO_RECORDER_UPLOAD_BYTES_PER_SECOND === undefined
      ? {}
      : { uploadBytesPerSecond: data.ESCANO_RECORDER_UPLOAD_BYTES_PER_SECOND }),
    ...(data.ESCANO_RECORDER_CHAMBER === undefined ? {} : { chamberFile: data.ESCANO_RECORDER_CHAMBER }),
    ...(data.ESCANO_RECORDER_SOURCE === undefined ? {} : { source: data.ESCANO_RECORDER_SOURCE }),
  }
}

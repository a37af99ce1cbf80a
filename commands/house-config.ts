import { resolve } from 'node:path'
import { z } from 'zod'
import type { KeysConfig } from './installation-keys.ts'

/** Parts of an installation that a process may run; on one machine, all of them. A conductor runs none: it plays the demo on the others. */
export const housePart = z.enum(['web', 'minutes', 'transcriber', 'recorder', 'conductor'])
export type HousePart = z.infer<typeof housePart>

/** The variables that say what this process is; `.env.example` lists them with those of each folder. */
export const houseEnvironment = z.object({
  ESCANO_PARTS: z
    .string()
    .default('web,minutes,transcriber,recorder')
    .transform((list) => list.split(',').map((name) => name.trim()))
    .pipe(z.array(housePart).min(1)),
  ESCANO_DATA: z.string().min(1).default('./data'),
  /** Private keys and anchors; never inside the data folder. */
  ESCANO_KEYS: z.string().min(1).default('./keys'),
  /** RFC 3161 authority of a council that is no demo. */
  ESCANO_TSA_URL: z.url().optional(),
  ESCANO_TSA_USER: z.string().min(1).optional(),
  ESCANO_TSA_PASSWORD: z.string().min(1).optional(),
})

export interface HouseConfig {
  parts: HousePart[]
  keys: KeysConfig
}

/** @throws ZodError naming every wrong variable */
export function houseConfig(env: Record<string, string | undefined>): HouseConfig {
  const given = Object.fromEntries(Object.keys(houseEnvironment.shape).map((name) => [name, env[name] === '' ? undefined : env[name]]))
  const read = houseEnvironment.parse(given)
  const { ESCANO_TSA_URL: url, ESCANO_TSA_USER: user, ESCANO_TSA_PASSWORD: password } = read
  const authentication =
    user !== undefined && password !== undefined ? ({ kind: 'basic', user, password } as const) : ({ kind: 'none' } as const)
  return {
    parts: read.ESCANO_PARTS,
    keys: {
      folder: resolve(read.ESCANO_KEYS),
      data: resolve(read.ESCANO_DATA),
      ...(url === undefined ? {} : { timeStamps: { url, authentication } }),
    },
  }
}

import { resolve } from 'node:path'
import { z } from 'zod'
import { databaseUrl } from './records/connection.ts'

/** The settings of storage cannot be used; the message lists every mistake. */
export class StorageConfigError extends Error {
  override readonly name = 'StorageConfigError'
}

const text = z.string().trim().min(1)

const disk = z.object({ kind: z.literal('disk') })
const s3 = z.object({
  kind: z.literal('s3'),
  /** Absent for AWS itself. */
  endpoint: z.url().optional(),
  /** Where recorders outside reach the same store; upload tickets name it. */
  publicEndpoint: z.url().optional(),
  bucket: text,
  region: text,
  accessKey: text,
  secretKey: text,
})

const database = z.union([
  z.object({ kind: z.literal('embedded') }),
  /** `owner` is given to the process that migrates. */
  z.object({ kind: z.literal('outside'), app: databaseUrl, owner: databaseUrl.optional() }),
])

export const storageSettings = z.object({
  /** Folder of everything this installation keeps on this machine. Absolute. */
  data: text.transform((path) => resolve(path)),
  database,
  objects: z.discriminatedUnion('kind', [disk, s3]),
  /** Where agents and citizens reach us, without a slash at the end; the disk store's upload tickets name it. */
  publicUrl: z.url().transform((url) => url.replace(/\/+$/, '')),
  /** Signs the disk store's tickets; made and kept in the data folder when absent. Processes that share a store share it. */
  ticketSecret: z.string().min(32).optional(),
})
export type StorageConfig = z.output<typeof storageSettings>
export type S3Config = z.output<typeof s3>

/** The environment variables of storage; `.env.example` lists them all. */
export const storageVariables = [
  'ESCANO_DATA',
  'ESCANO_DATABASE_URL',
  'ESCANO_DATABASE_OWNER_URL',
  'ESCANO_OBJECTS',
  'ESCANO_S3_ENDPOINT',
  'ESCANO_S3_PUBLIC_ENDPOINT',
  'ESCANO_S3_BUCKET',
  'ESCANO_S3_REGION',
  'ESCANO_S3_ACCESS_KEY',
  'ESCANO_S3_SECRET_KEY',
  'ESCANO_PUBLIC_URL',
  'ESCANO_TICKET_SECRET',
] as const

/**
 * Settings from the environment. With nothing set: everything under ./data, an embedded PostgreSQL, objects on disk.
 * @throws StorageConfigError
 */
export function storageConfig(env: Record<string, string | undefined>): StorageConfig {
  const given = (name: (typeof storageVariables)[number]) => (env[name]?.trim() ? env[name].trim() : undefined)
  const url = given('ESCANO_DATABASE_URL')
  const parsed = storageSettings.safeParse({
    data: given('ESCANO_DATA') ?? './data',
    database: url === undefined ? { kind: 'embedded' } : { kind: 'outside', app: url, owner: given('ESCANO_DATABASE_OWNER_URL') },
    objects: {
      kind: given('ESCANO_OBJECTS') ?? 'disk',
      endpoint: given('ESCANO_S3_ENDPOINT'),
      publicEndpoint: given('ESCANO_S3_PUBLIC_ENDPOINT'),
      bucket: given('ESCANO_S3_BUCKET'),
      region: given('ESCANO_S3_REGION') ?? 'us-east-1',
      accessKey: given('ESCANO_S3_ACCESS_KEY'),
      secretKey: given('ESCANO_S3_SECRET_KEY'),
    },
    publicUrl: given('ESCANO_PUBLIC_URL') ?? 'http://localhost:4680',
    ticketSecret: given('ESCANO_TICKET_SECRET'),
  })
  if (parsed.success) return parsed.data
  const mistakes = parsed.error.issues.map((issue) => `${variableOf(issue.path.join('.'))}: ${issue.message}`)
  throw new StorageConfigError(`the settings of storage cannot be used. ${mistakes.join('; ')}`, { cause: parsed.error })
}

/** Which variable a mistake is in. No value is named: some are secrets. */
function variableOf(path: string): string {
  const names: Record<string, string> = {
    data: 'ESCANO_DATA',
    database: 'ESCANO_DATABASE_URL or ESCANO_DATABASE_OWNER_URL',
    'objects.kind': 'ESCANO_OBJECTS',
    'objects.endpoint': 'ESCANO_S3_ENDPOINT',
    'objects.publicEndpoint': 'ESCANO_S3_PUBLIC_ENDPOINT',
    'objects.bucket': 'ESCANO_S3_BUCKET',
    'objects.region': 'ESCANO_S3_REGION',
    'objects.accessKey': 'ESCANO_S3_ACCESS_KEY',
    'objects.secretKey': 'ESCANO_S3_SECRET_KEY',
    publicUrl: 'ESCANO_PUBLIC_URL',
    ticketSecret: 'ESCANO_TICKET_SECRET',
  }
  return names[path] ?? names[path.split('.')[0] ?? ''] ?? path
}

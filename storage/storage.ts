import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { StorageConfig } from './config.ts'
import { DiskObjectStore } from './objects/disk-object-store.ts'
import { openTicketSecret } from './objects/disk-tickets.ts'
import type { ObjectStore } from './objects/object-store.ts'
import { S3ObjectStore } from './objects/s3-object-store.ts'
import type { Connection } from './records/connection.ts'
import { Database } from './records/database.ts'
import { attachToEmbedded, EmbeddedPostgres } from './records/embedded/embedded-postgres.ts'
import { Jobs } from './records/jobs.ts'
import { expectSchema, prepareDatabase } from './records/migrate.ts'

/** All that is kept: bytes under write-once keys, records of each council, and the work that waits. */
export interface Storage extends AsyncDisposable {
  readonly objects: ObjectStore
  readonly database: Database
  readonly jobs: Jobs
}

export interface OpenOptions {
  /** Joins the embedded database that another process runs on the same data folder, instead of running one. */
  attach?: boolean
  /** Told of failed attempts of jobs and of trouble with the database. */
  report?: (error: Error) => void
}

/**
 * Opens all of it, in the order it needs: database, schema, jobs, objects; disposing closes it the other way round.
 * @throws DataInUseError DataFolderRightsError DatabaseVersionError DatabaseUnavailableError DatabaseSchemaError DatabaseRoleError
 * @throws StoreUnavailableError
 */
export async function openStorage(config: StorageConfig, options: OpenOptions = {}): Promise<Storage> {
  await using opened = new AsyncDisposableStack()
  const { app, owner } = await openRoles(config, options, opened)
  if (owner === undefined) {
    await expectSchema(app)
  } else {
    await prepareDatabase(owner, app)
  }
  const database = opened.use(await Database.open(app))
  const objects = opened.use(await openObjects(config))
  const jobs = opened.use(await Jobs.open(app, options.report ?? (() => undefined)))
  const kept = opened.move()
  return { objects, database, jobs, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}

async function openRoles(
  config: StorageConfig,
  options: OpenOptions,
  opened: AsyncDisposableStack,
): Promise<{ app: Connection; owner?: Connection }> {
  const { database, data } = config
  if (database.kind === 'outside') return { app: database.app, ...(database.owner === undefined ? {} : { owner: database.owner }) }
  if (options.attach) return { app: (await attachToEmbedded(data)).app }
  const { roles } = opened.use(await EmbeddedPostgres.start(data, serverCache(data)))
  return { app: roles.app, owner: roles.owner }
}

/** The server's programs are copied there when its user cannot reach them in the packages; as root that user has no way into our folders. */
function serverCache(data: string): string {
  return process.getuid?.() === 0 ? '/var/cache/escano' : join(data, 'programs')
}

async function openObjects(config: StorageConfig): Promise<ObjectStore> {
  if (config.objects.kind === 's3') return await S3ObjectStore.open(config.objects)
  await mkdir(config.data, { recursive: true, mode: 0o700 })
  const secret = config.ticketSecret ?? (await openTicketSecret(config.data))
  return new DiskObjectStore(join(config.data, 'objects'), { publicUrl: config.publicUrl, secret })
}

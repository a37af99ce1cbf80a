import { fromKysely, type Job, type JobWithMetadata, PgBoss, type QueueOptions } from 'pg-boss'
import { type Connection, clientConfig, withClient } from './connection.ts'
import type { Tx } from './database.ts'
import { type JobKind, type JobPayload, jobKey, jobKinds, jobPayloads } from './job-kinds.ts'

/** Where pg-boss keeps its tables. */
const schema = 'jobs'
/** Holds the jobs that failed for good, until somebody has looked. */
const deadQueue = 'failed'

/** A worker that says nothing for `heartbeatSeconds` is taken for dead and its job given to another. */
const queueOptions: QueueOptions = {
  heartbeatSeconds: 10,
  expireInSeconds: 6 * 3600,
  retryLimit: 8,
  retryDelay: 1,
  retryBackoff: true,
  retryDelayMax: 60,
}

/** New jobs wake a worker at once; looking by itself is for retries and for the jobs of dead workers. */
const workOptions = { batchSize: 1, pollingIntervalSeconds: 2, notifyPollingIntervalSeconds: 2 } as const

const stopWithinMs = 10_000

export type JobHandler<K extends JobKind> = (payload: JobPayload<K>, signal: AbortSignal) => Promise<void>

export interface SendOptions {
  /** The job exists only if this transaction is kept. */
  tx?: Tx
  startAfterMs?: number
  /** Higher goes first; 0 when not said. */
  priority?: number
}

/** A job that was tried to its last retry. */
export interface FailedJob {
  kind: string
  payload: unknown
  /** Message of the last error. */
  cause: string
  atMs: number
}

/** Work that one part asks of another, kept in the database until it is done, by whichever process does it. */
export class Jobs implements AsyncDisposable {
  readonly #boss: PgBoss
  readonly #stopping = new AbortController()
  readonly #report: (error: Error) => void

  private constructor(boss: PgBoss, report: (error: Error) => void) {
    this.#boss = boss
    this.#report = report
  }

  /** @param report is told of failed attempts and of trouble with the database; nothing is thrown at it */
  static async open(app: Connection, report: (error: Error) => void): Promise<Jobs> {
    const boss = new PgBoss({
      ...settings(app),
      max: 4,
      migrate: false,
      createSchema: false,
      schedule: false,
      reindex: false,
      superviseIntervalSeconds: 5,
      monitorIntervalSeconds: 5,
      useListenNotify: true,
    })
    const jobs = new Jobs(boss, report)
    // Connections that end while we stop are no trouble.
    boss.on('error', (error) => jobs.#stopping.signal.aborted || report(error))
    try {
      await boss.start()
      return jobs
    } catch (error) {
      await boss.stop({ graceful: false, close: true })
      throw error
    }
  }

  /** Asks for work. The same work that already waits or runs is not asked for again. */
  async send<K extends JobKind>(kind: K, payload: JobPayload<K>, options: SendOptions = {}): Promise<void> {
    const known: JobPayload<JobKind> = jobPayloads[kind].parse(payload)
    await this.#boss.send(kind, known, {
      singletonKey: jobKey(known),
      ...(options.tx === undefined ? {} : { db: fromKysely(options.tx) }),
      ...(options.priority === undefined ? {} : { priority: options.priority }),
      ...(options.startAfterMs === undefined ? {} : { startAfter: Math.ceil(options.startAfterMs / 1000) }),
    })
  }

  /**
   * Does the work of a kind, `concurrency` at a time, until stopped. A handler that throws is called again later, up to eight times;
   * its signal aborts when the work was given to another or this process stops.
   */
  async work<K extends JobKind>(kind: K, options: { concurrency: number }, handler: JobHandler<K>): Promise<void> {
    for (let place = 0; place < options.concurrency; place++) await this.#addWorker(kind, handler)
  }

  async #addWorker<K extends JobKind>(kind: K, handler: JobHandler<K>): Promise<void> {
    const worker = await this.#boss.work(kind, workOptions, async ([job]: Job[]) => {
      if (job === undefined) return
      const signal = AbortSignal.any([job.signal, this.#stopping.signal])
      try {
        await handler(jobPayloads[kind].parse(job.data) as JobPayload<K>, signal)
      } catch (error) {
        if (!signal.aborted) this.#report(new Error(`job ${kind} failed, attempt ${job.retryCount + 1}`, { cause: error }))
        throw storableFailure(error)
      } finally {
        // A worker is woken by new jobs only; what already waits behind this one would wait for its next look.
        this.#boss.notifyWorker(worker)
      }
    })
  }

  /** Jobs that failed for good, the latest first. */
  async listFailed(limit = 50): Promise<FailedJob[]> {
    const jobs = await this.#boss.findJobs<object>(deadQueue, {})
    const newest = jobs.sort((a, b) => b.createdOn.getTime() - a.createdOn.getTime()).slice(0, limit)
    return await Promise.all(newest.map((job) => this.#toFailed(job)))
  }

  async #toFailed({ sourceName, sourceId, data, createdOn }: JobWithMetadata<object>): Promise<FailedJob> {
    const [source] = sourceName !== null && sourceId !== null ? await this.#boss.findJobs(sourceName, { id: sourceId }) : []
    return { kind: sourceName ?? 'unknown', payload: data, cause: causeOf(source?.output), atMs: createdOn.getTime() }
  }

  /** Tells the handlers to end, waits for them up to ten seconds; what is not done then is done by the next process. */
  async stop(): Promise<void> {
    if (this.#stopping.signal.aborted) return
    this.#stopping.abort(new Error('Escano is stopping'))
    await this.#boss.stop({ graceful: true, timeout: stopWithinMs, close: true })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }
}

/** Makes or updates pg-boss's tables and the queues, as the owner, and lets the product's role work with them. Twice is once. */
export async function installJobs(owner: Connection, app: Connection): Promise<void> {
  const boss = new PgBoss({ ...settings(owner), max: 2, supervise: false, schedule: false, reindex: false })
  boss.on('error', () => undefined)
  await boss.start()
  try {
    await createQueue(boss, deadQueue, {})
    for (const kind of jobKinds)
      await createQueue(boss, kind, { ...queueOptions, policy: 'exclusive', deadLetter: deadQueue, notify: true })
  } finally {
    await boss.stop({ graceful: false, close: true })
  }
  await withClient(owner, async (client) => {
    const role = client.escapeIdentifier(app.user)
    await client.query(`grant usage on schema ${schema} to ${role}`)
    await client.query(`grant select, insert, update, delete on all tables in schema ${schema} to ${role}`)
    await client.query(`grant usage, select on all sequences in schema ${schema} to ${role}`)
    await client.query(`grant execute on all functions in schema ${schema} to ${role}`)
  })
}

async function createQueue(boss: PgBoss, name: string, options: Parameters<PgBoss['createQueue']>[1]): Promise<void> {
  if ((await boss.getQueue(name)) === null) await boss.createQueue(name, options)
}

function settings(of: Connection) {
  const { host, port, database, user, password } = of
  return { host, port, database, user, password, ssl: clientConfig(of).ssl, schema, application_name: 'escano jobs' }
}

/** What the queue keeps of an error: its words. A NUL or half a surrogate pair in them, or in a stack, would not be taken (jsonb). */
function storableFailure(error: unknown): Error {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  const failure = new Error(message.toWellFormed().replaceAll('\0', '\ufffd'))
  failure.stack = failure.message
  return failure
}

function causeOf(output: unknown): string {
  if (typeof output === 'object' && output !== null && 'message' in output) return String(output.message)
  return 'unknown'
}

import pg from 'pg'
import { z } from 'zod'

/** How to reach a database as one role. `host` may be the folder of a unix socket. */
export interface Connection {
  host: string
  port: number
  database: string
  user: string
  password: string
  tls: boolean
}

/** The database cannot be reached or does not let us in. */
export class DatabaseUnavailableError extends Error {
  override readonly name = 'DatabaseUnavailableError'
}

const address = z
  .url({ protocol: /^postgres(ql)?$/ })
  .transform((text) => new URL(text))
  .refine((url) => url.username !== '' && url.pathname.length > 1, 'expected postgres://role:password@host/database')

/** Reads `postgres://role:password@host:port/database?sslmode=require`. TLS, when asked for, is verified against the system's authorities. */
export const databaseUrl = address.transform(
  (url): Connection => ({
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? 5432 : Number(url.port),
    database: decodeURIComponent(url.pathname.slice(1)),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    tls: ['require', 'verify-ca', 'verify-full'].includes(url.searchParams.get('sslmode') ?? ''),
  }),
)

/** Whole numbers of 64 bits are ids of rows, sizes and milliseconds here: all below 2^53. */
const typeParsers = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    return oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format as 'text')
  },
} as pg.CustomTypesConfig

/** Settings of `pg` for a connection. */
export function clientConfig(of: Connection): pg.ClientConfig {
  return {
    host: of.host,
    port: of.port,
    database: of.database,
    user: of.user,
    password: of.password,
    ssl: of.tls ? { rejectUnauthorized: true } : false,
    types: typeParsers,
    application_name: 'escano',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  }
}

/** A pool whose idle connections may break: the next query says so. */
export function openPool(of: Connection, max: number): pg.Pool {
  const pool = new pg.Pool({ ...clientConfig(of), max })
  // Without a listener a connection that breaks while idle would end the process.
  pool.on('error', () => undefined)
  // The same for one that breaks between two queries of a transaction.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/** Runs `work` on one connection that is closed afterwards. @throws DatabaseUnavailableError */
export async function withClient<T>(of: Connection, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(clientConfig(of))
  client.on('error', () => undefined)
  try {
    await client.connect()
  } catch (error) {
    throw new DatabaseUnavailableError(
      `PostgreSQL at ${of.host}:${of.port}, database ${of.database}, role ${of.user}, did not let us in: ${reason(error)}`,
      { cause: error },
    )
  }
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** Whether an error tells that the server is not there, as the system, PostgreSQL (classes 08 and 57P) or the driver says it. */
export function isLostConnection(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? String(error.code) : ''
  if (/^(08...|57P0[123]|ECONNREFUSED|ECONNRESET|ENOENT|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT)$/.test(code)) return true
  return /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/.test(error.message)
}

function reason(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reason).join('; ')
  return error instanceof Error ? error.message || error.name : String(error)
}

import { Kysely, PostgresDialect, sql } from 'kysely'
import type pg from 'pg'
import { type Connection, DatabaseUnavailableError, openPool, withClient } from './connection.ts'
import { installJobs } from './jobs.ts'
import { councilsAndSessions } from './migrations/001-councils-and-sessions.ts'
import { recordings } from './migrations/002-recordings.ts'
import { transcriptsAndActas } from './migrations/003-transcripts-and-actas.ts'
import { logAndBook } from './migrations/004-log-and-book.ts'
import { screenLinks } from './migrations/005-screen-links.ts'
import { deliveryOfRecordings } from './migrations/006-delivery-of-recordings.ts'
import { preparation } from './migrations/007-preparation.ts'
import { transcriptQualities } from './migrations/008-transcript-quality.ts'
import { closedMarks } from './migrations/009-closed-marks.ts'
import { microphones } from './migrations/010-microphones.ts'
import { rehearsals } from './migrations/011-rehearsals.ts'
import { importedRecordings } from './migrations/012-imported-recordings.ts'
import { access } from './migrations/013-access.ts'
import { recordersGivenUp } from './migrations/014-recorders-given-up.ts'
import { spoolReports } from './migrations/015-spool-reports.ts'
import { chamberPages } from './migrations/016-chamber-page.ts'
import { draftTranscripts } from './migrations/017-draft-transcripts.ts'
import { withdrawnSessions } from './migrations/018-withdrawn-sessions.ts'
import type { Migration } from './migrations/council-table.ts'
import { changeableTables } from './tables.ts'

/** The database's schema is not the one this version of Escano works with. */
export class DatabaseSchemaError extends Error {
  override readonly name = 'DatabaseSchemaError'
}

const migrations: readonly Migration[] = [
  councilsAndSessions,
  recordings,
  transcriptsAndActas,
  logAndBook,
  screenLinks,
  deliveryOfRecordings,
  preparation,
  transcriptQualities,
  closedMarks,
  microphones,
  rehearsals,
  importedRecordings,
  access,
  recordersGivenUp,
  spoolReports,
  chamberPages,
  draftTranscripts,
  withdrawnSessions,
]

/** One number for all who migrate at once, on whatever machine: the second waits and finds nothing left to do. */
const migrationLock = 4_717_001

/**
 * Brings a database to this version, as its owner: the product's role, the schema, the tables of the jobs. Twice is once.
 * @throws DatabaseSchemaError the database is of a newer Escano
 * @throws DatabaseUnavailableError it cannot be reached, or the owner may not make the role
 */
export async function prepareDatabase(owner: Connection, app: Connection): Promise<void> {
  await withClient(owner, async (client) => {
    await client.query('select pg_advisory_lock($1)', [migrationLock])
    await ensureRole(client, owner, app)
    await migrate(owner, app)
    await installJobs(owner, app)
  })
}

/** All steps that are missing, in one transaction. */
async function migrate(owner: Connection, app: Connection): Promise<void> {
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: openPool(owner, 1) }) })
  try {
    await db.transaction().execute(async (tx) => {
      await sql`create schema if not exists escano`.execute(tx)
      await sql`create schema if not exists escano_setup`.execute(tx)
      await sql`create table if not exists escano_setup.migrations (name text primary key, at timestamptz not null default now())`.execute(
        tx,
      )
      const applied = (await sql<{ name: string }>`select name from escano_setup.migrations order by name`.execute(tx)).rows
      expectKnown(applied.map((row) => row.name))
      for (const migration of migrations.slice(applied.length)) {
        await migration.up(tx)
        await sql`insert into escano_setup.migrations (name) values (${migration.name})`.execute(tx)
      }
      await grantRights(tx, app.user)
    })
  } finally {
    await db.destroy()
  }
}

/** Says whether the schema is this version's, as the product's role sees it. @throws DatabaseSchemaError */
export async function expectSchema(app: Connection): Promise<void> {
  await withClient(app, async (client) => {
    const found = await client.query<{ name: string }>('select name from escano_setup.migrations order by name').catch((cause: unknown) => {
      throw new DatabaseSchemaError(
        `database ${app.database} at ${app.host} holds no Escano schema that role ${app.user} may read; set ESCANO_DATABASE_OWNER_URL once to make it`,
        { cause },
      )
    })
    const applied = found.rows.map((row) => row.name)
    expectKnown(applied)
    const missing = migrations[applied.length]
    if (missing !== undefined) {
      throw new DatabaseSchemaError(
        `database ${app.database} lacks step ${missing.name} of the schema; set ESCANO_DATABASE_OWNER_URL to migrate it`,
      )
    }
  })
}

function expectKnown(applied: string[]): void {
  const foreign = applied.find((name, at) => migrations[at]?.name !== name)
  if (foreign === undefined) return
  throw new DatabaseSchemaError(
    `the database has step ${foreign} of its schema, which this Escano does not know; use the newer Escano that made it`,
  )
}

/** An outside database may know the product's role only by its address. */
async function ensureRole(client: pg.Client, owner: Connection, app: Connection): Promise<void> {
  const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [app.user])
  if (rowCount !== 0) return
  const role = client.escapeIdentifier(app.user)
  const password = client.escapeLiteral(app.password)
  await client
    .query(`create role ${role} login nosuperuser nobypassrls nocreatedb nocreaterole password ${password}`)
    .catch((cause: unknown) => {
      const message = `role ${app.user} does not exist and role ${owner.user} may not make it: create role ${role} login nosuperuser nobypassrls`
      throw new DatabaseUnavailableError(message, { cause })
    })
}

/** Only what is listed may be changed or removed; the rest of the tables only grow. */
async function grantRights(owner: Kysely<unknown>, appRole: string): Promise<void> {
  const app = sql.id(appRole)
  const statements = [
    sql`grant usage on schema escano, escano_setup to ${app}`,
    sql`grant select on escano_setup.migrations to ${app}`,
    sql`revoke all on all tables in schema escano from ${app}`,
    sql`grant select, insert on all tables in schema escano to ${app}`,
    sql`grant execute on function escano.directory() to ${app}`,
    ...Object.entries(changeableTables).map(
      ([name, rights]) => sql`grant ${sql.raw(rights.join(', '))} on ${sql.id('escano', name)} to ${app}`,
    ),
  ]
  for (const statement of statements) await statement.execute(owner)
}

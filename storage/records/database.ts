import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely'
import { z } from 'zod'
import { dir3 } from '../model/council.ts'
import { type CouncilId, councilId } from '../model/ids.ts'
import { type Connection, DatabaseUnavailableError, isLostConnection, openPool, withClient } from './connection.ts'
import type { Tables } from './tables.ts'

/** A transaction that sees the rows of one council; every function of records/ takes it first. */
export type Tx = Transaction<Tables>

/** The role the product works as could see or change what it must not. */
export class DatabaseRoleError extends Error {
  override readonly name = 'DatabaseRoleError'
}

const directoryEntry = z.object({ id: councilId, name: z.string(), dir3, slug: z.string(), demo: z.boolean() })
/** A council this installation serves, as anybody may know it. */
export type DirectoryEntry = z.infer<typeof directoryEntry>

/** The records of all councils, each council's seen only from inside its own transactions. */
export class Database implements AsyncDisposable {
  readonly #db: Kysely<Tables>

  private constructor(db: Kysely<Tables>) {
    this.#db = db
  }

  /**
   * @param app the product's role, which owns nothing
   * @throws DatabaseUnavailableError DatabaseRoleError
   */
  static async open(app: Connection): Promise<Database> {
    await expectWeakRole(app)
    return new Database(new Kysely<Tables>({ dialect: new PostgresDialect({ pool: openPool(app, 10) }) }).withSchema('escano'))
  }

  /**
   * Runs `work` in one transaction of one council: all of it is kept, or nothing when it throws.
   * @throws DatabaseUnavailableError the database is gone; what `work` throws
   */
  async inCouncil<T>(council: CouncilId, work: (tx: Tx) => Promise<T>): Promise<T> {
    const transaction = this.#db.transaction().execute(async (tx) => {
      await sql`select set_config('escano.council', ${council}, true)`.execute(tx)
      return await work(tx)
    })
    return await transaction.catch((error: unknown) => {
      throw isLostConnection(error) ? new DatabaseUnavailableError('the database is gone or stopping; try again', { cause: error }) : error
    })
  }

  /** Every council served here: the only thing that is read across councils. */
  async directory(): Promise<DirectoryEntry[]> {
    const { rows } = await sql`select * from escano.directory()`.execute(this.#db)
    return z.array(directoryEntry).parse(rows)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#db.destroy()
  }
}

/** Row-level security binds neither a superuser nor BYPASSRLS, and an owner could switch it off. */
async function expectWeakRole(app: Connection): Promise<void> {
  const strengths = await withClient(app, async (client) => {
    const { rows } = await client.query<{ strength: string }>(
      `select 'is a superuser' as strength from pg_roles where rolname = current_user and rolsuper
       union all select 'bypasses row-level security' from pg_roles where rolname = current_user and rolbypassrls
       union all select 'owns ' || nspname || '.' || relname from pg_class join pg_namespace n on n.oid = relnamespace
         where nspname in ('escano', 'escano_setup') and pg_has_role(current_user, relowner, 'usage')`,
    )
    return rows.map((row) => row.strength)
  })
  if (strengths.length > 0) {
    throw new DatabaseRoleError(
      `role ${app.user} of database ${app.database} ${strengths.slice(0, 3).join(', ')}; Escano works only as a role that can do neither. ` +
        'Set ESCANO_DATABASE_URL to a plain role and ESCANO_DATABASE_OWNER_URL to this one',
    )
  }
}

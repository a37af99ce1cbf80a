import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../../storage/model/ids.ts'
import { clientConfig, DatabaseUnavailableError, withClient } from '../../../storage/records/connection.ts'
import { putCouncil, readCouncil } from '../../../storage/records/councils.ts'
import { Database, DatabaseRoleError } from '../../../storage/records/database.ts'
import { attachToEmbedded } from '../../../storage/records/embedded/embedded-postgres.ts'
import type { EmbeddedRoles } from '../../../storage/records/embedded/provision.ts'
import { listSessions, putSession, readSession } from '../../../storage/records/sessions.ts'
import { openTestStorage, type TestStorage, testCouncil, testSession } from '../../servers/test-storage.ts'

describe('each council sees its own rows only', () => {
  let storage: TestStorage
  let roles: EmbeddedRoles
  let app: pg.Client
  let owner: pg.Client
  const other = testCouncil({ name: 'Concello Alleo' })

  beforeAll(async () => {
    storage = await openTestStorage()
    await storage.database.inCouncil(other.id, (tx) => putCouncil(tx, other, 'alleo'))
    roles = await attachToEmbedded(storage.config.data)
    app = new pg.Client(clientConfig(roles.app))
    owner = new pg.Client(clientConfig(roles.owner))
    await app.connect()
    await owner.connect()
  })
  afterAll(async () => {
    await app?.end()
    await owner?.end()
    await storage?.[Symbol.asyncDispose]()
  })

  test('every table has row-level security forced, a council in each row, and an owner that is not the product', async () => {
    const { rows } = await owner.query(
      `select relname, relrowsecurity, relforcerowsecurity, pg_get_userbyid(relowner) as owner,
              (select attnotnull and format_type(atttypid, null) = 'uuid' from pg_attribute where attrelid = c.oid and attname = 'council_id') as council,
              (select count(*)::int from pg_policy where polrelid = c.oid and polname = 'own_council') as policies
       from pg_class c where relnamespace = 'escano'::regnamespace and relkind in ('r', 'p', 'f', 'm')`,
    )
    expect(rows.length).toBeGreaterThanOrEqual(24)
    for (const row of rows) {
      expect(row).toMatchObject({ relrowsecurity: true, relforcerowsecurity: true, owner: 'escano_owner', council: true, policies: 1 })
    }
    const views = await owner.query(`select relname from pg_class where relnamespace = 'escano'::regnamespace and relkind = 'v'`)
    expect(views.rows).toEqual([])
  })

  test('neither the product nor the owner is a superuser or passes row-level security by', async () => {
    const { rows } = await owner.query(
      `select rolname, rolsuper, rolbypassrls, rolcreaterole from pg_roles where rolname like 'escano%' order by 1`,
    )
    expect(rows).toEqual([
      { rolname: 'escano_app', rolsuper: false, rolbypassrls: false, rolcreaterole: false },
      { rolname: 'escano_owner', rolsuper: false, rolbypassrls: false, rolcreaterole: false },
    ])
  })

  test('what only grows cannot be changed or removed by the product', async () => {
    const { rows } = await owner.query(
      `select relname, has_table_privilege('escano_app', c.oid, 'update, delete, truncate, references, trigger') as changeable
       from pg_class c where relnamespace = 'escano'::regnamespace and relkind = 'r'`,
    )
    const changeable = rows.filter((row) => row.changeable).map((row) => row.relname)
    for (const name of [
      'session_events',
      'journal',
      'receipts',
      'heads',
      'head_tokens',
      'given_up_journals',
      'council_log',
      'checkpoints',
      'book',
      'audit',
      'documents',
    ]) {
      expect(rows.map((row) => row.relname)).toContain(name)
      expect(changeable).not.toContain(name)
    }
    await app.query('begin')
    await app.query(`select set_config('escano.council', $1, true)`, [storage.council.id])
    await expect(app.query('delete from escano.journal')).rejects.toThrow(/permission denied/)
    await app.query('rollback')
  })

  test('without a council nothing is read and nothing written', async () => {
    const fresh = new pg.Client(clientConfig(roles.app))
    await fresh.connect()
    await expect(fresh.query('select * from escano.sessions')).rejects.toThrow(/unrecognized configuration parameter "escano.council"/)
    await fresh.end()
    await expect(app.query(`insert into escano.audit (at_ms, by, action, object, result) values (0, '', '', '', '')`)).rejects.toThrow()
    // The setting of an ended transaction leaves an empty text behind in its connection.
    await app.query('begin')
    await app.query(`select set_config('escano.council', $1, true)`, [storage.council.id])
    await app.query('commit')
    await expect(app.query('select * from escano.sessions')).rejects.toThrow(/invalid input syntax for type uuid/)
  })

  test('another council’s rows are neither seen, changed nor added to', async () => {
    await storage.database.inCouncil(other.id, async (tx) => {
      expect(await readCouncil(tx)).toMatchObject({ name: 'Concello Alleo' })
      expect(await listSessions(tx)).toEqual([])
      expect(await readSession(tx, storage.session.id)).toBeUndefined()
      expect((await tx.selectFrom('councils').selectAll().execute()).map((row) => row.slug)).toEqual(['alleo'])
      const changed = await tx.updateTable('sessions').set({ stage: 'published' }).where('id', '=', storage.session.id).executeTakeFirst()
      expect(changed.numUpdatedRows).toBe(0n)
    })
    const forged = testSession(storage.council, { slug: 'forxada' })
    const insertAs = (council: string) =>
      storage.database.inCouncil(other.id, (tx) =>
        tx
          .insertInto('sessions')
          .values({ council_id: council, id: forged.id, slug: forged.slug, stage: 'prepared', published_at_ms: null, document: '{}' })
          .execute(),
      )
    await expect(insertAs(storage.council.id)).rejects.toThrow(/row-level security/)
    await expect(storage.database.inCouncil(other.id, (tx) => putCouncil(tx, storage.council, 'roubado'))).rejects.toThrow(
      /row-level security/,
    )
    await expect(insertAs(newId())).rejects.toThrow(/row-level security/)
  })

  test('a session’s id of another council can be used again without touching it', async () => {
    const twin = { ...testSession(other), id: storage.session.id }
    await storage.database.inCouncil(other.id, (tx) => putSession(tx, twin))
    const kept = await storage.database.inCouncil(storage.council.id, (tx) => readSession(tx, storage.session.id))
    expect(kept?.council).toBe(storage.council.id)
  })

  test('two councils at once over the same connections never mix', async () => {
    const seen = await Promise.all(
      Array.from({ length: 60 }, (_, index) => {
        const council = index % 2 === 0 ? storage.council : other
        return storage.database.inCouncil(council.id, async (tx) => (await readCouncil(tx))?.id === council.id)
      }),
    )
    expect(seen.every((right) => right)).toBe(true)
  })

  test('what a transaction began is gone when it fails', async () => {
    const lost = testSession(storage.council, { slug: 'perdida' })
    const failing = storage.database.inCouncil(storage.council.id, async (tx) => {
      await putSession(tx, lost)
      throw new Error('power cut')
    })
    await expect(failing).rejects.toThrow('power cut')
    expect(await storage.database.inCouncil(storage.council.id, (tx) => readSession(tx, lost.id))).toBeUndefined()
  })

  test('a connection that breaks in the middle is told, ends nothing, and the next one works', async () => {
    const broken = storage.database.inCouncil(storage.council.id, async (tx) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx)
      await withClient(roles.superuser, async (client) => void (await client.query('select pg_terminate_backend($1)', [rows[0]?.pid])))
      await wait(200)
      return await readCouncil(tx)
    })
    await expect(broken).rejects.toThrow(DatabaseUnavailableError)
    expect(await storage.database.inCouncil(storage.council.id, readCouncil)).toMatchObject({ id: storage.council.id })
  })

  test('the directory names every council and nothing else of it', async () => {
    expect(await storage.database.directory()).toEqual([
      { id: other.id, name: 'Concello Alleo', dir3: other.dir3, slug: 'alleo', demo: true },
      { id: storage.council.id, name: 'Concello de Proba', dir3: storage.council.dir3, slug: 'proba', demo: true },
    ])
  })

  test('the product refuses to work as a role that could see all', async () => {
    await expect(Database.open({ ...roles.superuser, database: 'escano' })).rejects.toThrow(DatabaseRoleError)
    await expect(Database.open(roles.owner)).rejects.toThrow(/owns escano/)
  })
})

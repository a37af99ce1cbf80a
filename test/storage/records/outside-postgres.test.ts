import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { storageConfig } from '../../../storage/config.ts'
import { DatabaseUnavailableError, databaseUrl, withClient } from '../../../storage/records/connection.ts'
import { putCouncil, readCouncil } from '../../../storage/records/councils.ts'
import { DatabaseRoleError } from '../../../storage/records/database.ts'
import { DatabaseSchemaError } from '../../../storage/records/migrate.ts'
import { openStorage } from '../../../storage/storage.ts'
import { freePort } from '../../servers/free-port.ts'
import { type OutsidePostgres, startOutsidePostgres } from '../../servers/outside-postgres.ts'
import { testCouncil } from '../../servers/test-storage.ts'

let server: OutsidePostgres
let folder: string
const config = (app: string, owner?: string) =>
  storageConfig({ ESCANO_DATA: folder, ESCANO_DATABASE_URL: app, ...(owner === undefined ? {} : { ESCANO_DATABASE_OWNER_URL: owner }) })

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'escano-outside-test-'))
  server = await startOutsidePostgres()
})
afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

test('an outside database without our schema is told, and what to set', async () => {
  await expect(openStorage(config(server.ownerUrl))).rejects.toThrow(/ESCANO_DATABASE_OWNER_URL/)
  await expect(openStorage(config(server.ownerUrl))).rejects.toThrow(DatabaseSchemaError)
})

test('processes that start at once on an outside database make one schema and share it', async () => {
  const starts = await Promise.all([1, 2, 3].map(() => openStorage(config(server.appUrl, server.ownerUrl))))
  try {
    const council = testCouncil()
    await starts[0]?.database.inCouncil(council.id, (tx) => putCouncil(tx, council, 'fora'))
    expect(await starts[2]?.database.inCouncil(council.id, readCouncil)).toEqual(council)
  } finally {
    for (const one of starts) await one[Symbol.asyncDispose]()
  }
  await using later = await openStorage(config(server.appUrl))
  expect((await later.database.directory()).map((one) => one.slug)).toEqual(['fora'])
})

test('a role that could pass row-level security by is refused', async () => {
  await expect(openStorage(config(server.ownerUrl))).rejects.toThrow(DatabaseRoleError)
})

test('a database of a newer Escano is left alone', async () => {
  const owner = databaseUrl.parse(server.ownerUrl)
  await withClient(
    owner,
    async (client) => void (await client.query(`insert into escano_setup.migrations (name) values ('999-of-tomorrow')`)),
  )
  await expect(openStorage(config(server.appUrl))).rejects.toThrow(/999-of-tomorrow/)
  await expect(openStorage(config(server.appUrl, server.ownerUrl))).rejects.toThrow(DatabaseSchemaError)
  await withClient(owner, async (client) => void (await client.query(`delete from escano_setup.migrations where name = '999-of-tomorrow'`)))
})

test('a database that does not answer, or does not let us in, is told without its password', async () => {
  const wrong = server.appUrl.replace(/:[^:@]+@/, ':not-the-password@')
  const nowhere = `postgres://escano_app:not-the-password@127.0.0.1:${await freePort()}/escano`
  for (const url of [wrong, nowhere]) {
    const error: unknown = await openStorage(config(url)).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(DatabaseUnavailableError)
    expect(String(error)).not.toContain('not-the-password')
  }
})

import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningProgram, startProgram } from '../../../storage/programs/run-program.ts'
import { clientConfig, withClient } from '../../../storage/records/connection.ts'
import { DataFolderRightsError, DataInUseError } from '../../../storage/records/embedded/data-folder.ts'
import { DatabaseSecretsError } from '../../../storage/records/embedded/database-secrets.ts'
import { attachToEmbedded, EmbeddedPostgres } from '../../../storage/records/embedded/embedded-postgres.ts'
import {
  choosePostgres,
  DatabaseVersionError,
  findPostgres,
  PostgresMissingError,
} from '../../../storage/records/embedded/postgres-binaries.ts'
import { parsePasswd } from '../../../storage/records/embedded/server-user.ts'

const root = process.getuid?.() === 0
const repository = join(import.meta.dirname, '../../..')

describe('the embedded PostgreSQL', () => {
  let folder: string
  let data: string
  let cache: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'escano-embedded-'))
    // Closed to all others, as a clone under /root is: the server’s own user has no way through it.
    await chmod(folder, 0o700)
    data = join(folder, 'data')
    cache = root ? '/var/cache/escano' : join(folder, 'programs')
  })
  afterAll(async () => await rm(folder, { recursive: true, force: true }))

  const query = async (server: EmbeddedPostgres, text: string): Promise<unknown[]> =>
    await withClient(server.roles.app, async (client) => (await client.query({ text, rowMode: 'array' })).rows.flat())

  test('is made in an empty folder, answers on a unix socket alone, and keeps what is committed', async () => {
    await using server = await EmbeddedPostgres.start(data, cache)
    expect(join(server.roles.app.host, '.s.PGSQL.5432').length).toBeLessThanOrEqual(107)
    expect((await stat(server.roles.app.host)).mode & 0o077).toBe(0)
    const settings = ['listen_addresses', 'fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums', 'server_encoding']
    expect(await query(server, settings.map((name) => `select current_setting('${name}')`).join(' union all '))).toEqual([
      '',
      'on',
      'on',
      'on',
      'on',
      'UTF8',
    ])
    expect(await openTcpSockets(server.pid)).toEqual([])
    expect(await readFile(join(data, 'postgres', 'PG_VERSION'), 'utf8')).toMatch(/^\d+\n$/)
    await withClient(server.roles.owner, async (client) => void (await client.query('create table kept as select 1 as one')))
  })

  test('lets nobody in without its password', async () => {
    await using server = await EmbeddedPostgres.start(data, cache)
    const client = new pg.Client({ ...clientConfig(server.roles.app), password: 'wrong' })
    await expect(client.connect()).rejects.toThrow(/password authentication failed/)
    const secrets = await stat(join(data, 'database-secrets.json'))
    expect(secrets.mode & 0o077).toBe(0)
  })

  test('stops cleanly, leaves no socket, and starts again on the same data with nothing to recover', async () => {
    const before = await EmbeddedPostgres.start(data, cache)
    await before[Symbol.asyncDispose]()
    await expect(stat(before.roles.app.host)).rejects.toThrow(/ENOENT/)
    expect(await readdir(data)).not.toContain('.lock')
    await using server = await EmbeddedPostgres.start(data, cache)
    expect(await withClient(server.roles.owner, async (client) => (await client.query('select one from kept')).rows)).toEqual([{ one: 1 }])
    expect(await readFile(join(data, 'postgres.log'), 'utf8')).not.toMatch(/not properly shut down/)
  })

  test('refuses a second one on its folder, saying who has it', async () => {
    await using _server = await EmbeddedPostgres.start(data, cache)
    const second = await EmbeddedPostgres.start(data, cache).catch((error: unknown) => error)
    expect(second).toBeInstanceOf(DataInUseError)
    expect(String(second)).toContain(`another Escano already runs on ${data}, pid ${process.pid}`)
    // Being refused must not have hurt the first.
    expect(await withClient((await attachToEmbedded(data)).app, async (client) => (await client.query('select 1 as one')).rows)).toEqual([
      { one: 1 },
    ])
  })

  test('comes back after kill -9 of its Escano: the orphaned server is ended, nothing committed is lost', async () => {
    const child = await startEscano(data, cache)
    await expect(EmbeddedPostgres.start(data, cache)).rejects.toThrow(DataInUseError)
    await withClient((await attachToEmbedded(data)).owner, async (client) => void (await client.query('insert into kept values (2)')))
    const left = (await attachToEmbedded(data)).app.host
    process.kill(child.pid, 'SIGKILL')
    await child.exited
    await using server = await EmbeddedPostgres.start(data, cache)
    await expect(stat(left)).rejects.toThrow(/ENOENT/)
    expect(await withClient(server.roles.owner, async (client) => (await client.query('select one from kept order by 1')).rows)).toEqual([
      { one: 1 },
      { one: 2 },
    ])
  })

  test('comes back after kill -9 of all of it at once', async () => {
    const child = await startEscano(data, cache)
    const server = Number((await readFile(join(data, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0])
    await withClient((await attachToEmbedded(data)).owner, async (client) => void (await client.query('insert into kept values (3)')))
    process.kill(child.pid, 'SIGKILL')
    process.kill(server, 'SIGKILL')
    await child.exited
    await using again = await EmbeddedPostgres.start(data, cache)
    expect(await withClient(again.roles.owner, async (client) => (await client.query('select max(one) as last from kept')).rows)).toEqual([
      { last: 3 },
    ])
  })

  test('begins anew what a power cut left half made', async () => {
    const half = join(folder, 'half')
    await mkdir(join(half, 'postgres.new', 'base'), { recursive: true })
    await writeFile(join(half, 'postgres.new', 'PG_VERSION'), '18\n')
    await using server = await EmbeddedPostgres.start(half, cache)
    expect(await query(server, 'select 1')).toEqual([1])
    expect(await readdir(half)).not.toContain('postgres.new')
  })

  test('says what is wrong when its passwords are gone, and touches nothing', async () => {
    await rename(join(data, 'database-secrets.json'), join(folder, 'secrets'))
    await expect(EmbeddedPostgres.start(data, cache)).rejects.toThrow(DatabaseSecretsError)
    await rename(join(folder, 'secrets'), join(data, 'database-secrets.json'))
    await using server = await EmbeddedPostgres.start(data, cache)
    expect(await query(server, 'select 1')).toEqual([1])
  })

  test('does not open a folder of another version, and says what to do', async () => {
    const old = join(folder, 'old')
    await mkdir(join(old, 'postgres'), { recursive: true })
    await writeFile(join(old, 'postgres', 'PG_VERSION'), '9\n')
    const error = await EmbeddedPostgres.start(old, cache).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(DatabaseVersionError)
    expect(String(error)).toMatch(/was made by PostgreSQL 9; this machine has .*Nothing was changed. Install PostgreSQL 9/)
    expect(await readdir(join(old, 'postgres'))).toEqual(['PG_VERSION'])
  })

  test.skipIf(root)(`says so when it may not write the data folder${root ? ' (skipped: root may write everywhere)' : ''}`, async () => {
    const closed = join(folder, 'closed')
    await mkdir(closed, { mode: 0o500 })
    await expect(EmbeddedPostgres.start(join(closed, 'data'), cache)).rejects.toThrow(DataFolderRightsError)
  })

  test('a data folder that is a file is told, not a stack trace', async () => {
    await writeFile(join(folder, 'file'), '')
    await expect(EmbeddedPostgres.start(join(folder, 'file'), cache)).rejects.toThrow(DataFolderRightsError)
  })
})

describe('the choice of a PostgreSQL', () => {
  const found = [18, 15].map((major) => ({ folder: `/programs/${major}`, major, origin: 'packages' as const }))

  test('takes the one a folder was made with, the best for a new folder, and none else', () => {
    expect(choosePostgres(found, 15, 'f').major).toBe(15)
    expect(choosePostgres(found, undefined, 'f').major).toBe(18)
    expect(() => choosePostgres(found, 17, 'f')).toThrow(DatabaseVersionError)
    expect(() => choosePostgres([], undefined, 'f')).toThrow(PostgresMissingError)
  })

  test('copies the programs, links and all, where another user can run them', async () => {
    const cache = await mkdtemp(join(tmpdir(), 'escano-cache-'))
    try {
      const [first] = await findPostgres({ asOtherUser: false, cache })
      expect(first?.origin).toBe('packages')
      expect(await readdir(cache)).toEqual([])
      const version = await startProgram(join(first?.folder ?? '', 'postgres'), ['--version'], { stdout: 'ignore' })
      expect((await version.exited).code).toBe(0)
    } finally {
      await rm(cache, { recursive: true, force: true })
    }
  })

  test('reads users that a process can become out of /etc/passwd', () => {
    const text = 'root:x:0:0::/root:/bin/sh\nnobody:*:-2:-2::/:/bin/false\npostgres:x:101:104::/var/lib/postgresql:/bin/sh\n\nbroken'
    expect(parsePasswd(text)).toEqual([{ name: 'postgres', uid: 101, gid: 104 }])
  })
})

/** A process of its own that holds the database until it is killed. */
async function startEscano(data: string, cache: string): Promise<RunningProgram> {
  const source = `
    const { EmbeddedPostgres } = await import('./storage/records/embedded/embedded-postgres.ts')
    await EmbeddedPostgres.start(process.argv[1], process.argv[2])
    console.log('ready')
    setInterval(() => undefined, 1000)`
  const child = await startProgram(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', source, data, cache], {
    cwd: repository,
    stdout: 'pipe',
    stderr: 'pipe',
  })
  let said = ''
  child.stderr?.on('data', (piece: Buffer) => {
    said += piece.toString()
  })
  const ready = new Promise<void>((resolve) => child.stdout?.once('data', () => resolve()))
  await Promise.race([ready, child.exited.then(() => Promise.reject(new Error(`the other Escano ended: ${said}`)))])
  return child
}

/** Inodes of TCP sockets that a process has open (proc(5)). */
async function openTcpSockets(pid: number): Promise<string[]> {
  const { readlink } = await import('node:fs/promises')
  const names = await readdir(`/proc/${pid}/fd`)
  const links = await Promise.all(names.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => '')))
  const inodes = links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? [])
  const tables = await Promise.all(['tcp', 'tcp6', 'udp', 'udp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')))
  const known = new Set(tables.flatMap((table) => table.split('\n').map((line) => line.trim().split(/\s+/)[9] ?? '')))
  return inodes.filter((inode) => known.has(inode))
}

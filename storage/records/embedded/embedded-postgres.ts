import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { syncFolder, writeDurably } from '../../programs/durable-file.ts'
import { type FolderLock, findFolderHolder } from '../../programs/folder-lock.ts'
import { type ProgramExit, type RunningProgram, type StopLadder, startProgram } from '../../programs/run-program.ts'
import { DatabaseUnavailableError, withClient } from '../connection.ts'
import { takeDataFolder } from './data-folder.ts'
import { openDatabaseSecrets } from './database-secrets.ts'
import { initdbArguments, serverArguments } from './postgres-arguments.ts'
import { choosePostgres, findPostgres, type PostgresBinaries } from './postgres-binaries.ts'
import { type EmbeddedRoles, embeddedRoles, provision } from './provision.ts'
import { clearAfterCrash, giveTo, readFolderMajor, serverUserFor } from './server-folder.ts'
import type { ServerUser } from './server-user.ts'

/** The embedded PostgreSQL did not come up; the message carries the last lines of its log. */
export class DatabaseStartError extends Error {
  override readonly name = 'DatabaseStartError'
}

/** SIGINT is PostgreSQL's fast shutdown, SIGQUIT its immediate one (recovery at the next start), documented in postgres(1). */
const shutdownLadder: StopLadder = [
  { signal: 'SIGINT', waitMs: 20_000 },
  { signal: 'SIGQUIT', waitMs: 10_000 },
  { signal: 'SIGKILL', waitMs: 2000 },
]

/** Tells other processes of this machine where the socket is. */
const socketFileName = 'database-socket'

/** Crash recovery after a power cut may take long on a slow disk. */
const startLimitMs = 120_000

/**
 * A private PostgreSQL on a unix socket over `<data>/postgres`, for as long as this process runs. One at a time on a folder.
 * It is started in a process group of its own: Ctrl-C in the terminal must not end it before those who still write to it.
 */
export class EmbeddedPostgres implements AsyncDisposable {
  readonly roles: EmbeddedRoles
  readonly #server: RunningProgram
  readonly #socketFolder: string
  readonly #lock: FolderLock
  readonly #stopAtExit: () => void

  private constructor(server: RunningProgram, roles: EmbeddedRoles, socketFolder: string, lock: FolderLock) {
    this.roles = roles
    this.#server = server
    this.#socketFolder = socketFolder
    this.#lock = lock
    this.#stopAtExit = () => signalServer(server.pid)
    process.once('exit', this.#stopAtExit)
  }

  /**
   * @param data the data folder; made when missing
   * @param cache where the programs are copied when the server's user cannot reach them in the packages
   * @throws DataInUseError DataFolderRightsError DatabaseVersionError PostgresMissingError NoServerUserError DatabaseStartError
   */
  static async start(data: string, cache: string): Promise<EmbeddedPostgres> {
    const lock = await takeDataFolder(data)
    try {
      return await EmbeddedPostgres.#startLocked(data, cache, lock)
    } catch (error) {
      await lock[Symbol.asyncDispose]()
      throw error
    }
  }

  static async #startLocked(data: string, cache: string, lock: FolderLock): Promise<EmbeddedPostgres> {
    const folder = join(data, 'postgres')
    const major = await readFolderMajor(folder)
    const user = await serverUserFor(folder)
    const found = await findPostgres({ asOtherUser: user !== undefined, cache })
    const binaries = choosePostgres(found, major, folder)
    await clearAfterCrash(folder)
    await removeOldSocketFolder(data)
    const secrets = await openDatabaseSecrets(data, major !== undefined)
    const socketFolder = await makeSocketFolder(user)
    try {
      if (major === undefined) await initialise({ data, folder, binaries, user, socketFolder, password: secrets.superuser })
      const server = await startServer({ data, folder, binaries, user, socketFolder })
      const roles = embeddedRoles(socketFolder, secrets)
      try {
        await untilReady(server, roles, join(data, 'postgres.log'))
        await provision(roles)
        await writeDurably(join(data, socketFileName), socketFolder, { mode: 0o600 })
      } catch (error) {
        await server.stop(shutdownLadder)
        throw error
      }
      return new EmbeddedPostgres(server, roles, socketFolder, lock)
    } catch (error) {
      await rm(socketFolder, { recursive: true, force: true })
      throw error
    }
  }

  get pid(): number {
    return this.#server.pid
  }

  /** Settles when the server has ended, wanted or not. */
  get ended(): Promise<ProgramExit> {
    return this.#server.exited
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.stop(shutdownLadder)
    process.removeListener('exit', this.#stopAtExit)
    await rm(this.#socketFolder, { recursive: true, force: true })
    await this.#lock[Symbol.asyncDispose]()
  }
}

/** Roles of the server that another process runs on a data folder. @throws DatabaseUnavailableError none does */
export async function attachToEmbedded(data: string): Promise<EmbeddedRoles> {
  if ((await findFolderHolder(data)) === undefined) throw new DatabaseUnavailableError(`no Escano runs on ${data}; start it first`)
  const socketFolder = await readFile(join(data, socketFileName), 'utf8')
  return embeddedRoles(socketFolder, await openDatabaseSecrets(data, true))
}

interface Place {
  data: string
  folder: string
  binaries: PostgresBinaries
  user: ServerUser | undefined
  socketFolder: string
}

/** A socket's path holds at most 107 bytes (unix(7)); some temporary folders are longer than that. */
async function makeSocketFolder(user: ServerUser | undefined): Promise<string> {
  const base = join(tmpdir(), 'escano-XXXXXX', '.s.PGSQL.5432').length <= 107 ? tmpdir() : '/tmp'
  const folder = await mkdtemp(join(base, 'escano-'))
  await giveTo(user, folder)
  return folder
}

/** Takes away the socket's folder that a crash left; only one that we made, whatever the file says. */
async function removeOldSocketFolder(data: string): Promise<void> {
  const old = await readFile(join(data, socketFileName), 'utf8').catch(() => '')
  if (/\/escano-\w{6}$/.test(old)) await rm(old, { recursive: true, force: true })
}

/**
 * The folder as the server names it. Its user may have no way through the folders above (a clone under /root, a data folder closed to
 * others); the process is put into the folder before it becomes that user, and finds it there through /proc.
 */
function ownName(folder: string, user: ServerUser | undefined): string {
  return user !== undefined && process.platform === 'linux' ? '/proc/self/cwd' : folder
}

function asUser(user: ServerUser | undefined): { uid?: number; gid?: number } {
  return user === undefined ? {} : { uid: user.uid, gid: user.gid }
}

/** Made under another name and then renamed: a folder called `postgres` is always complete. */
async function initialise(at: Place & { password: string }): Promise<void> {
  const draft = `${at.folder}.new`
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { mode: 0o700 })
  await giveTo(at.user, draft)
  const passwordFile = join(at.socketFolder, 'password')
  await writeFile(passwordFile, at.password, { mode: 0o600 })
  await giveTo(at.user, passwordFile)
  const log = join(at.data, 'postgres.log')
  const args = initdbArguments({ folder: ownName(draft, at.user), major: at.binaries.major, passwordFile })
  const options = { cwd: draft, env: { LC_ALL: 'C' }, bareEnv: true, stdoutFile: log, stderrFile: log, ...asUser(at.user) }
  const program = await startProgram(join(at.binaries.folder, 'initdb'), args, options)
  const { code } = await program.exited
  await rm(passwordFile, { force: true })
  if (code !== 0) throw new DatabaseStartError(`initdb could not make ${at.folder}: ended with code ${code}; ${await lastLines(log)}`)
  await rename(draft, at.folder)
  await syncFolder(at.data)
}

async function startServer(at: Place): Promise<RunningProgram> {
  const log = join(at.data, 'postgres.log')
  const size = await stat(log).then(
    (found) => found.size,
    () => 0,
  )
  if (size > 8 * 1024 * 1024) await rename(log, `${log}.old`)
  const args = serverArguments({ folder: ownName(at.folder, at.user), socketFolder: at.socketFolder })
  const options = {
    cwd: at.folder,
    env: { LC_ALL: 'C' },
    bareEnv: true,
    stdoutFile: log,
    stderrFile: log,
    detached: true,
    ...asUser(at.user),
  }
  return await startProgram(join(at.binaries.folder, 'postgres'), args, options)
}

async function untilReady(server: RunningProgram, roles: EmbeddedRoles, log: string): Promise<void> {
  let exit: ProgramExit | undefined
  void server.exited.then((how) => {
    exit = how
  })
  for (const until = Date.now() + startLimitMs; ; await wait(15)) {
    try {
      return await withClient(roles.superuser, async (client) => void (await client.query('select 1')))
    } catch (error) {
      if (exit !== undefined)
        throw new DatabaseStartError(`PostgreSQL ended with code ${exit.code} while it started; ${await lastLines(log)}`)
      if (!isStarting(error)) throw error
      if (Date.now() > until)
        throw new DatabaseStartError(`PostgreSQL did not answer within ${startLimitMs} ms; ${await lastLines(log)}`, { cause: error })
    }
  }
}

/** No socket yet, nobody behind it yet, or 57P03 cannot_connect_now (PostgreSQL, appendix A). */
function isStarting(error: unknown): boolean {
  const cause = error instanceof DatabaseUnavailableError ? (error.cause as NodeJS.ErrnoException | undefined) : undefined
  return cause !== undefined && ['ENOENT', 'ECONNREFUSED', '57P03'].includes(cause.code ?? '')
}

function signalServer(pid: number): void {
  try {
    process.kill(pid, 'SIGINT')
  } catch {
    // It has already ended.
  }
}

async function lastLines(log: string): Promise<string> {
  const text = await readFile(log, 'utf8').catch(() => '')
  return `the last lines of ${log}: ${text.trim().split('\n').slice(-5).join(' | ')}`
}

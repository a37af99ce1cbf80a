import { chown, readdir, readFile, readlink, realpath, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { runProgram } from '../../programs/run-program.ts'
import { DataFolderRightsError } from './data-folder.ts'
import { findServerUser, type ServerUser } from './server-user.ts'

/** Major version of the PostgreSQL that made a folder; undefined when there is none yet. @throws DataFolderRightsError */
export async function readFolderMajor(folder: string): Promise<number | undefined> {
  try {
    return Number.parseInt(await readFile(join(folder, 'PG_VERSION'), 'utf8'), 10)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new DataFolderRightsError(
      `${folder} belongs to another user, so its database cannot be opened. Start Escano as the user that made it, or set ESCANO_DATA to another folder`,
      { cause },
    )
  }
}

/** Who runs the server on a folder: as root the folder's owner, or for a new one an unprivileged user; else we ourselves (undefined). */
export async function serverUserFor(folder: string): Promise<ServerUser | undefined> {
  const user = await findServerUser()
  const owner = user === undefined ? undefined : await stat(folder).catch(() => undefined)
  return owner !== undefined && owner.uid !== 0 ? { name: `user ${owner.uid}`, uid: owner.uid, gid: owner.gid } : user
}

/** Gives a folder to the server's user, closed to all others. */
export async function giveTo(user: ServerUser | undefined, path: string): Promise<void> {
  if (user !== undefined) await chown(path, user.uid, user.gid)
}

/**
 * Clears what a crash left in a server's folder; the caller holds the lock of the data folder. A server that outlived its Escano
 * (kill -9) is ended: it would refuse a second one. A `postmaster.pid` of a server that is gone is removed once no process works in
 * the folder: PostgreSQL takes a zombie, or a number that another program got, for a running server.
 */
export async function clearAfterCrash(folder: string): Promise<void> {
  const pidFile = join(folder, 'postmaster.pid')
  const pid = Number.parseInt(await readFile(pidFile, 'utf8').catch(() => ''), 10)
  if (!Number.isInteger(pid)) return
  if (await servesFolder(pid, folder)) await endServer(pid, folder)
  if (process.platform !== 'linux') return
  // Backends notice that their server is gone and end by themselves; until then they may still write.
  for (const until = Date.now() + 20_000; Date.now() < until; await wait(50)) {
    if (await isDeserted(folder)) return await rm(pidFile, { force: true })
  }
}

async function endServer(pid: number, folder: string): Promise<void> {
  for (const [signal, waitMs] of [
    ['SIGINT', 20_000],
    ['SIGQUIT', 10_000],
  ] as const) {
    try {
      process.kill(pid, signal)
    } catch (error) {
      // It ended by itself meanwhile.
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
    }
    for (const until = Date.now() + waitMs; Date.now() < until; await wait(20)) {
      if (!(await servesFolder(pid, folder))) return
    }
  }
}

/** Whether a process is the server of a folder: it works there; where /proc is missing, its command line names it. */
async function servesFolder(pid: number, folder: string): Promise<boolean> {
  if (process.platform === 'linux') return (await workingFolder(String(pid))) === (await realpath(folder))
  const { stdout } = await runProgram('ps', ['-o', 'command=', '-p', String(pid)], { acceptedCodes: [0, 1], timeoutMs: 5000 })
  const command = new TextDecoder().decode(stdout)
  return command.includes('postgres') && command.includes(folder)
}

/** Every process of PostgreSQL works in its data folder; those of other users are not seen, but could not have opened it either. */
async function isDeserted(folder: string): Promise<boolean> {
  const path = await realpath(folder)
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  return !(await Promise.all(pids.map(workingFolder))).includes(path)
}

async function workingFolder(pid: string): Promise<string | undefined> {
  return await readlink(`/proc/${pid}/cwd`).catch(() => undefined)
}

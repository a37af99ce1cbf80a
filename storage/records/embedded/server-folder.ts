import { chown, readFile, readlink, realpath, stat } from 'node:fs/promises'
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

/** Ends a server that outlived its Escano (kill -9): it would refuse a second one in its folder. The caller holds the folder's lock. */
export async function stopOrphan(folder: string): Promise<void> {
  const pid = Number.parseInt(await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => ''), 10)
  if (!Number.isInteger(pid) || !(await servesFolder(pid, folder))) return
  for (const [signal, waitMs] of [
    ['SIGINT', 20_000],
    ['SIGQUIT', 10_000],
  ] as const) {
    process.kill(pid, signal)
    for (const until = Date.now() + waitMs; Date.now() < until; ) {
      if (!(await servesFolder(pid, folder))) return
      await wait(20)
    }
  }
}

/** Whether a process is the server of a folder: it works there; where /proc is missing, its command line names it. */
async function servesFolder(pid: number, folder: string): Promise<boolean> {
  if (process.platform === 'linux') {
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => undefined)
    return cwd !== undefined && cwd === (await realpath(folder))
  }
  const { stdout } = await runProgram('ps', ['-o', 'command=', '-p', String(pid)], { acceptedCodes: [0, 1], timeoutMs: 5000 })
  const command = new TextDecoder().decode(stdout)
  return command.includes('postgres') && command.includes(folder)
}

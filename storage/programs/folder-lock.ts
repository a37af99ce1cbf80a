import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { isRunning, readProcessIdentity } from './process-identity.ts'

/** Another running process holds the folder. */
export class FolderInUseError extends Error {
  override readonly name = 'FolderInUseError'
  readonly pid: number
  constructor(message: string, pid: number) {
    super(message)
    this.pid = pid
  }
}

const lockFile = z.object({ pid: z.int().positive(), startTime: z.string().min(1), who: z.string() })

/** One process a folder. The lock of a process that is gone, or whose number another program got, is taken over. */
export class FolderLock implements AsyncDisposable {
  readonly #path: string
  private constructor(path: string) {
    this.#path = path
  }

  /**
   * @param folder made when missing; the lock is its file `.lock`
   * @param who what holds it, for the sentence that refuses the second one
   * @throws FolderInUseError
   */
  static async take(folder: string, who: string): Promise<FolderLock> {
    await mkdir(folder, { recursive: true })
    const path = join(folder, '.lock')
    const self = await readProcessIdentity(process.pid)
    if (self === undefined) throw new Error(`process ${process.pid} cannot see itself`)
    const mine = `${path}.${self.pid}`
    await rm(mine, { force: true })
    const file = await open(mine, 'wx', 0o600)
    await file.writeFile(JSON.stringify({ ...self, who }))
    await file.close()
    try {
      for (let attempt = 0; attempt < 5; attempt++) {
        // link() gives the name to one of two that try at once, with its content already there.
        if (await succeeds(link(mine, path), 'EEXIST')) return new FolderLock(path)
        await refuseOrClear(path, folder)
      }
    } finally {
      await rm(mine, { force: true })
    }
    throw new FolderInUseError(`${folder} is being taken by several processes at once; try again`, 0)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#path, { force: true })
  }
}

/** Number of the running process that holds a folder; undefined when none does. */
export async function findFolderHolder(folder: string): Promise<number | undefined> {
  const text = await readFile(join(folder, '.lock'), 'utf8').catch(() => '')
  const holder = lockFile.safeParse(parseOrNull(text))
  return holder.success && (await isRunning(holder.data)) ? holder.data.pid : undefined
}

async function refuseOrClear(path: string, folder: string): Promise<void> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return
    throw error
  }
  const holder = lockFile.safeParse(parseOrNull(text))
  if (holder.success && (await isRunning(holder.data))) {
    throw new FolderInUseError(`${folder} is in use by ${holder.data.who} (process ${holder.data.pid})`, holder.data.pid)
  }
  // Moved aside first, so that of two that clear at once only one succeeds and none removes the other's new lock.
  const aside = `${path}.stale.${process.pid}`
  if (await succeeds(rename(path, aside), 'ENOENT')) await rm(aside, { force: true })
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Cut short by a crash: nobody holds it.
    return null
  }
}

async function succeeds(step: Promise<void>, expected: string): Promise<boolean> {
  try {
    await step
    return true
  } catch (error) {
    if (hasCode(error, expected)) return false
    throw error
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

import { createHash } from 'node:crypto'
import { appendFileSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { root, say } from './root.mjs'

/** Outside the clone, so that it survives `npm ci` and never shows in git; one for each clone and user. */
const place = join(tmpdir(), `escano-setup-${userInfo().uid}-${createHash('sha256').update(root).digest('hex').slice(0, 16)}`)

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** Whether the set-up that made the lock, or the npm that it started, still runs. */
function isHeld() {
  try {
    return readFileSync(join(place, 'pids'), 'utf8')
      .trim()
      .split('\n')
      .some((pid) => isAlive(Number(pid)))
  } catch {
    // Not written yet: its maker is between two lines, unless it died there.
    const born = statSync(place, { throwIfNoEntry: false })?.mtimeMs
    return born !== undefined && Date.now() - born < 5_000
  }
}

/**
 * Runs one set-up of this clone at a time; a second one waits for the first. A lock whose processes are dead is taken over.
 * @param work is given a function that notes a further process which must end before the lock is free
 */
export async function withSetupLock(work) {
  for (let told = false; ; ) {
    try {
      mkdirSync(place)
      break
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    if (!isHeld()) rmSync(place, { recursive: true, force: true })
    else {
      if (!told) say('escano: another set-up of this folder is at work; waiting for it…')
      told = true
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
  }
  try {
    const note = (pid) => appendFileSync(join(place, 'pids'), `${pid}\n`)
    note(process.pid)
    return await work(note)
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}

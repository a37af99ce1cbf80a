import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
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

function holder() {
  try {
    return Number(readFileSync(join(place, 'pid'), 'utf8'))
  } catch {
    // Not written yet: its maker is between two lines, unless it died there.
    const born = statSync(place, { throwIfNoEntry: false })?.mtimeMs
    return born === undefined || Date.now() - born < 5_000 ? process.ppid : 0
  }
}

/** Runs one set-up of this clone at a time; a second one waits for the first. A lock whose process is dead is taken over. */
export async function withSetupLock(work) {
  for (let told = false; ; ) {
    try {
      mkdirSync(place)
      break
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    if (!isAlive(holder())) rmSync(place, { recursive: true, force: true })
    else {
      if (!told) say('escano: another set-up of this folder is at work; waiting for it…')
      told = true
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
  }
  try {
    writeFileSync(join(place, 'pid'), String(process.pid))
    return await work()
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}

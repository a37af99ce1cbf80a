import { access, constants, stat, statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname } from 'node:path'
import { ProgramError, runProgram } from '../../storage/programs/run-program.ts'
import type { DoctorWords } from '../words/doctor-gl.ts'
import { bad, type Finding, fine } from './finding.ts'

/** An evening of video, sound and what is made of them: 3 h at 2.9 GB/h (study of costs), twice for the preserved copy. */
const wantedBytes = 20e9
const neededBytes = 2e9
/** This version is not older than this day; a clock that says so is wrong. */
const notBefore = Date.UTC(2026, 9, 1)

/** Deepest folder of a path that exists: what a new one would be made in. */
async function existing(path: string): Promise<string> {
  const there = await stat(path).then(
    () => true,
    () => false,
  )
  return there || path === dirname(path) ? path : existing(dirname(path))
}

export async function checkDisk(data: string, words: DoctorWords): Promise<Finding> {
  const { bavail, bsize } = await statfs(await existing(data))
  const free = bavail * bsize
  const detail = words.free((free / 1e9).toFixed(1), data)
  if (free >= wantedBytes) return fine('disk', detail)
  return bad('disk', free < neededBytes ? 'needed' : 'wanted', detail, words.makeRoom(wantedBytes / 1e9))
}

export async function checkDataFolder(data: string, words: DoctorWords): Promise<Finding> {
  const place = await existing(data)
  const writable = await access(place, constants.W_OK | constants.X_OK).then(
    () => (place === data ? stat(place).then((found) => found.isDirectory()) : true),
    () => false,
  )
  return writable ? fine('data-folder', data) : bad('data-folder', 'needed', data, words.giveRights(place))
}

/** Private keys: readable by their owner alone, outside the data folder that backups copy. */
export async function checkKeysFolder(of: { keys: string; data: string }, words: DoctorWords): Promise<Finding> {
  if (`${of.keys}/`.startsWith(`${of.data}/`)) return bad('keys-folder', 'needed', of.keys, words.keysInData)
  const found = await stat(of.keys).catch(() => undefined)
  if (found === undefined) return fine('keys-folder', words.notYet(of.keys))
  const exposed = (found.mode & 0o077) !== 0
  return exposed
    ? bad('keys-folder', 'needed', `${of.keys} ${(found.mode & 0o777).toString(8)}`, words.closeKeys(of.keys))
    : fine('keys-folder', of.keys)
}

/** Whether the address of the web can be taken; a running Escano holds it rightly. */
export async function checkPort(of: { host: string; port: number }, words: DoctorWords): Promise<Finding> {
  const code = await new Promise<string | undefined>((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    server.listen(of.port, of.host, () => server.close(() => resolve(undefined)))
  })
  const place = `${of.host}:${of.port}`
  return code === undefined ? fine('port', place) : bad('port', 'wanted', `${place} ${code}`, words.portTaken(place))
}

export function checkClock(words: DoctorWords, nowMs = Date.now()): Finding {
  const detail = new Date(nowMs).toISOString()
  return nowMs >= notBefore ? fine('clock', detail) : bad('clock', 'needed', detail, words.setClock)
}

/** Whether the system says that its clock follows network time: systemd's word, else chrony's. */
export async function checkNetworkTime(words: DoctorWords): Promise<Finding> {
  const ask = (program: string, args: string[]) =>
    runProgram(program, args, { timeoutMs: 5_000 }).then(
      ({ stdout }) => new TextDecoder().decode(stdout).trim(),
      (error: unknown) => {
        if (error instanceof ProgramError) return undefined
        throw error
      },
    )
  const systemd = await ask('timedatectl', ['show', '--property=NTPSynchronized', '--value'])
  if (systemd === 'yes') return fine('network-time', 'systemd')
  const chrony = await ask('chronyc', ['-n', 'tracking'])
  if (chrony !== undefined && /^Leap status\s*: Normal/m.test(chrony)) return fine('network-time', 'chrony')
  return bad(
    'network-time',
    'wanted',
    systemd === undefined && chrony === undefined ? words.nobodyKnows : words.notFollowing,
    words.useNetworkTime,
  )
}

import { randomBytes } from 'node:crypto'
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { startProgram } from '../../storage/programs/run-program.ts'
import { databaseUrl, withClient } from '../../storage/records/connection.ts'
import { choosePostgres, findPostgres } from '../../storage/records/embedded/postgres-binaries.ts'
import { findServerUser } from '../../storage/records/embedded/server-user.ts'
import { freePort } from './free-port.ts'

/** A PostgreSQL of its own on loopback TCP, as a cloud offers one: an owner who may make roles, and the product's role still to be made. */
export interface OutsidePostgres extends AsyncDisposable {
  ownerUrl: string
  appUrl: string
}

export async function startOutsidePostgres(): Promise<OutsidePostgres> {
  const user = await findServerUser()
  const cache = process.getuid?.() === 0 ? '/var/cache/escano' : join(tmpdir(), 'escano-postgres')
  const binaries = choosePostgres(await findPostgres({ asOtherUser: user !== undefined, cache }), undefined, 'a new folder')
  const folder = await mkdtemp(join(tmpdir(), 'escano-outside-'))
  const [owner, app, port] = [randomBytes(16).toString('hex'), randomBytes(16).toString('hex'), await freePort()]
  const [data, passwordFile, log] = [join(folder, 'data'), join(folder, 'password'), join(folder, 'log')]
  await writeFile(passwordFile, owner, { mode: 0o600 })
  if (user !== undefined) for (const path of [folder, passwordFile]) await chown(path, user.uid, user.gid)
  const options = { cwd: folder, stdoutFile: log, stderrFile: log, ...(user === undefined ? {} : { uid: user.uid, gid: user.gid }) }
  const made = await startProgram(
    join(binaries.folder, 'initdb'),
    ['-D', data, '-U', 'postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-sync'],
    options,
  )
  const { code } = await made.exited
  if (code !== 0) throw new Error(`initdb ended with code ${code}`)
  const settings = ['listen_addresses=127.0.0.1', `port=${port}`, `unix_socket_directories=${folder}`].flatMap((one) => ['-c', one])
  const server = await startProgram(join(binaries.folder, 'postgres'), ['-D', data, ...settings], options)
  const urlOf = (role: string, password: string) => `postgres://${role}:${password}@127.0.0.1:${port}/postgres`
  const ownerUrl = urlOf('postgres', owner)
  for (const until = Date.now() + 30_000; ; await wait(30)) {
    try {
      await withClient(databaseUrl.parse(ownerUrl), async (client) => void (await client.query('select 1')))
      break
    } catch (error) {
      if (Date.now() > until) throw error
    }
  }
  return {
    ownerUrl,
    appUrl: urlOf('escano_app', app),
    async [Symbol.asyncDispose]() {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { RunningProgram } from '../../storage/programs/run-program.ts'
import { missingCeph, startCeph } from '../servers/ceph.ts'
import { freePort } from '../servers/free-port.ts'
import { startOutsidePostgres } from '../servers/outside-postgres.ts'
import { escano, startEscano } from './escano.ts'

const missing = await missingCeph()
const reason = missing ? ` (skipped: no ${missing} on this machine)` : ''

/** The topology of docker-compose.yml: each service a process of its own, PostgreSQL and S3 elsewhere. */
test.skipIf(missing)(
  `web, two transcribers and a recorder as processes of their own walk the whole way on Ceph and an outside PostgreSQL${reason}`,
  async () => {
    await using stack = new AsyncDisposableStack()
    const folder = await mkdtemp(join(tmpdir(), 'escano-cloud-'))
    stack.defer(() => rm(folder, { recursive: true, force: true }))
    const ceph = stack.use(await startCeph())
    const postgres = stack.use(await startOutsidePostgres())
    const store = ceph.config('escano')
    const address = `http://127.0.0.1:${await freePort()}`
    const keys = join(folder, 'keys')
    const common = {
      ESCANO_KEYS: keys,
      ESCANO_PUBLIC_URL: address,
      ESCANO_WEB_PORT: new URL(address).port,
      ESCANO_DATABASE_URL: postgres.appUrl,
      ESCANO_OBJECTS: 's3',
      ESCANO_S3_ENDPOINT: store.endpoint ?? '',
      ESCANO_S3_BUCKET: store.bucket,
      ESCANO_S3_REGION: store.region,
      ESCANO_S3_ACCESS_KEY: store.accessKey,
      ESCANO_S3_SECRET_KEY: store.secretKey,
    }
    const services: RunningProgram[] = []
    const start = async (name: string, env: Record<string, string>) => {
      const service = await startEscano(['start'], { ...common, ESCANO_DATA: join(folder, name), ...env }, join(folder, `${name}.log`))
      services.push(service)
      stack.defer(async () => service.stop())
    }
    await start('web', { ESCANO_PARTS: 'web,minutes', ESCANO_DATABASE_OWNER_URL: postgres.ownerUrl })
    await untilAnswers(address)
    const sample = join(import.meta.dirname, '..', 'fixtures', 'sample-session', 'session.mp4')
    await start('transcriber-1', { ESCANO_PARTS: 'transcriber' })
    await start('transcriber-2', { ESCANO_PARTS: 'transcriber' })
    await start('recorder', {
      ESCANO_PARTS: 'recorder',
      ESCANO_RECORDER_ENROLMENT: join(keys, 'L01279990', 'recorder.json'),
      ESCANO_RECORDER_KEY: join(keys, 'L01279990', 'recorder.key'),
      ESCANO_RECORDER_SPOOL: join(folder, 'spool'),
      ESCANO_RECORDER_SOURCE: sample,
      ESCANO_RECORDER_SPEED: '4',
    })
    const out = join(folder, 'export')
    const done = await escano(['demo', '--out', out, '--json'], {
      ...common,
      ESCANO_DATA: join(folder, 'conductor'),
      ESCANO_SERVER_URL: address,
    })
    const logs = await Promise.all(
      ['web', 'transcriber-1', 'transcriber-2', 'recorder'].map((name) => readFile(join(folder, `${name}.log`), 'utf8')),
    )
    expect(done.exitCode, `${done.stderrTail}\n${logs.join('\n---\n')}`).toBe(0)
    expect(JSON.parse(new TextDecoder().decode(done.stdout))).toMatchObject({ verify: { authentic: true, trust: 'demo' } })
    for (const service of services.reverse()) await service.stop()
    expect((await Promise.all(services.map((service) => service.exited))).map((exit) => exit.code)).toEqual([0, 0, 0, 0])
  },
  400_000,
)

async function untilAnswers(address: string): Promise<void> {
  for (let tries = 0; tries < 240; tries++) {
    const answered = await fetch(address).then(
      () => true,
      () => false,
    )
    if (answered) return
    await wait(500)
  }
  throw new Error(`${address} did not answer in two minutes`)
}

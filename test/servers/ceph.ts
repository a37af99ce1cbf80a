import { randomUUID } from 'node:crypto'
import { access, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3'
import type { S3Config } from '../../storage/config.ts'
import { type RunningProgram, runProgram, type StopLadder, startProgram } from '../../storage/programs/run-program.ts'
import { freePort } from './free-port.ts'

const programs = ['ceph', 'ceph-mon', 'ceph-osd', 'radosgw', 'radosgw-admin', 'monmaptool']
const ladder: StopLadder = [
  { signal: 'SIGTERM', waitMs: 3000 },
  { signal: 'SIGKILL', waitMs: 2000 },
]

/** Which program of Ceph is not installed; undefined when all are. Debian: ceph-mon ceph-osd radosgw ceph-common. */
export async function missingCeph(): Promise<string | undefined> {
  const folders = (process.env.PATH ?? '').split(delimiter)
  for (const program of programs) {
    const found = await Promise.all(
      folders.map((folder) =>
        access(join(folder, program)).then(
          () => true,
          () => false,
        ),
      ),
    )
    if (!found.includes(true)) return program
  }
  return undefined
}

export interface CephUser {
  accessKey: string
  secretKey: string
}

/** A real Ceph of one monitor, one OSD in memory and one S3 gateway on loopback, without cephx (study-custody.md §5.1). */
export interface Ceph extends AsyncDisposable {
  /** Settings of a store in a bucket, as the gateway's first user. */
  config(bucket: string): S3Config
  endpoint: string
  /** Every version of every key, asked of the store itself: a second version is a second object, whatever bytes it has. */
  countVersions(bucket: string, prefix: string): Promise<number>
  /** Makes another user of the gateway. */
  addUser(id: string): Promise<CephUser>
  /** Pulls the plug of the gateway. */
  killGateway(): Promise<void>
  /** Starts it again, on the same port; returns when it answers. */
  startGateway(): Promise<void>
}

/** @param host where the gateway is reached; the rest stays on loopback */
export async function startCeph(host = '127.0.0.1'): Promise<Ceph> {
  const folder = await mkdtemp(join(tmpdir(), 'escano-ceph-'))
  const running: RunningProgram[] = []
  const stop = async () => {
    for (const program of running.reverse()) await program.stop(ladder)
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const [monPort, httpPort] = [await freePort(), await freePort()]
    const conf = join(folder, 'ceph.conf')
    const fsid = randomUUID()
    await writeFile(conf, cephConf({ folder, fsid, monPort, gateway: `${host}:${httpPort}` }))
    await mkdir(join(folder, 'mon'))
    await mkdir(join(folder, 'osd'))
    await writeFile(join(folder, 'keyring'), '')
    const run = (program: string, ...args: string[]) => runProgram(program, args, { timeoutMs: 60_000 })
    const serve = async (program: string, ...args: string[]) => {
      const started = await startProgram(program, ['-f', ...args, '-c', conf], { stderrFile: join(folder, `${program}.err`) })
      running.push(started)
      return started
    }
    await run('monmaptool', '--create', '--fsid', fsid, '--addv', 'a', `[v2:127.0.0.1:${monPort}/0]`, join(folder, 'monmap'))
    await run('ceph-mon', '--mkfs', '-i', 'a', '--monmap', join(folder, 'monmap'), '-c', conf)
    await serve('ceph-mon', '-i', 'a')
    const osd = randomUUID()
    await run('ceph', '-c', conf, 'osd', 'new', osd)
    await run('ceph-osd', '-i', '0', '--mkfs', '--osd-uuid', osd, '-c', conf)
    await serve('ceph-osd', '-i', '0')
    const addUser = async (id: string): Promise<CephUser> => {
      const user = { accessKey: `escano-${id}`, secretKey: randomUUID() }
      const keys = [`--access-key=${user.accessKey}`, `--secret-key=${user.secretKey}`]
      await run('radosgw-admin', '-c', conf, '-n', 'client.rgw.a', 'user', 'create', `--uid=${id}`, `--display-name=${id}`, ...keys)
      return user
    }
    const first = await addUser('dev')
    let gateway = await serve('radosgw', '-n', 'client.rgw.a')
    const endpoint = `http://${host}:${httpPort}`
    await untilItAnswers(endpoint)
    return {
      endpoint,
      addUser,
      killGateway: () => gateway.stop([{ signal: 'SIGKILL', waitMs: 5000 }]),
      startGateway: async () => {
        gateway = await serve('radosgw', '-n', 'client.rgw.a')
        await untilItAnswers(endpoint)
      },
      countVersions: async (bucket, prefix) => {
        const credentials = { accessKeyId: first.accessKey, secretAccessKey: first.secretKey }
        const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials })
        const page = await client.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix }))
        client.destroy()
        return page.Versions?.length ?? 0
      },
      config: (bucket) => ({ kind: 's3', endpoint, bucket, region: 'us-east-1', ...first }),
      [Symbol.asyncDispose]: stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function untilItAnswers(endpoint: string): Promise<void> {
  for (const until = Date.now() + 60_000; ; await wait(100)) {
    try {
      await fetch(endpoint)
      return
    } catch (error) {
      if (Date.now() > until) throw new Error(`radosgw at ${endpoint} did not answer within a minute`, { cause: error })
    }
  }
}

function cephConf(of: { folder: string; fsid: string; monPort: number; gateway: string }): string {
  const { folder } = of
  // radosgw forces secure mode, which cannot work without cephx: it would wait for ever.
  const crc = ['mon client', 'client', 'service', 'cluster', 'mon cluster', 'mon service'].map((mode) => `ms ${mode} mode = crc`)
  return `[global]
fsid = ${of.fsid}
mon host = [v2:127.0.0.1:${of.monPort}/0]
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind ipv6 = false
${crc.join('\n')}
auth cluster required = none
auth service required = none
auth client required = none
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pg autoscale mode = off
mon allow pool size one = true
mon max pg per osd = 1000
osd crush chooseleaf type = 0
osd objectstore = memstore
memstore device bytes = 4294967296
mon data avail warn = 1
run dir = ${folder}
admin socket = ${folder}/$name.asok
pid file = ${folder}/$name.pid
log file = ${folder}/$name.log
mon data = ${folder}/mon
osd data = ${folder}/osd
keyring = ${folder}/keyring
[client.rgw.a]
rgw frontends = beast endpoint=${of.gateway}
rgw enable apis = s3
rgw dynamic resharding = false
`
}

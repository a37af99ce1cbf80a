import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startMinutes } from '../minutes/main.ts'
import type { MinutesParts } from '../minutes/minutes-parts.ts'
import { recorderConfig } from '../recorder/config.ts'
import { startImporter } from '../recorder/import/import-recording.ts'
import { startRecorder } from '../recorder/main.ts'
import { storageConfig } from '../storage/config.ts'
import { logOrigin } from '../storage/custody/log.ts'
import type { Trust } from '../storage/custody/trust.ts'
import { expectSpace } from '../storage/programs/disk-space.ts'
import { findFfmpeg } from '../storage/programs/ffmpeg.ts'
import { reconcileDue } from '../storage/reconcile.ts'
import { listRecorders } from '../storage/records/recorders.ts'
import { openStorage, type Storage } from '../storage/storage.ts'
import { transcriberConfig } from '../transcriber/config.ts'
import { startTranscriber } from '../transcriber/main.ts'
import { webConfig } from '../web/config.ts'
import { startWeb } from '../web/main.ts'
import { type HousePart, houseConfig } from './house-config.ts'
import { type InstallationKeys, openKeys } from './installation-keys.ts'

export type Environment = Record<string, string | undefined>

/** An installation, or the parts of it that run in this process. */
export interface House extends AsyncDisposable {
  readonly parts: readonly HousePart[]
  readonly storage: Storage
  readonly keys: InstallationKeys
  readonly minutes: MinutesParts
  /** Where people and recorders reach the web, here or elsewhere. */
  readonly address: string
  /** Starts the recorder of a chamber from its two files. Its own part starts last: it dials the web. */
  startRecorder(files: { enrolmentPath: string; keyPath: string }, source?: { path: string; speed: number }): Promise<void>
}

/** Whom the house tells: that it builds its pages, which takes a moment, and what fails behind the scenes. */
export interface HouseVoice {
  onBuild(): void
  report(line: string): void
}

/**
 * Opens storage and starts the parts that this process runs, in the order they need one another; disposing stops them the other way
 * round, every child process included.
 * @throws the first part's own error, after the others were stopped
 */
export async function openHouse(env: Environment, { onBuild, report }: HouseVoice): Promise<House> {
  await using opened = new AsyncDisposableStack()
  const config = houseConfig(env)
  const settings = webConfig(env)
  const address = settings.publicUrl ?? `http://${settings.host}:${settings.port}`
  const attach = !config.parts.includes('web')
  const keys = openKeys(config.keys)
  await expectSpace(config.keys.data)
  const storage = opened.use(
    await openStorage({ ...storageConfig(env), publicUrl: address }, { attach, report: (error) => report(sentenceOf(error)) }),
  )
  const minutes = await minutesParts(storage, keys, address, env)
  await minutes.trust()
  if (config.parts.includes('web')) {
    opened.use(await startWeb({ storage, config: settings, minutes, say: onBuild }))
    const work = join(config.keys.data, 'imports')
    const own = `http://${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${settings.port}`
    await startImporter({ storage, ffmpeg: minutes.ffmpeg, uploads: settings.uploads, work, server: own })
  }
  if (config.parts.includes('minutes')) {
    await startMinutes(minutes)
    opened.use(reconcileDaily(storage, report))
  }
  if (config.parts.includes('transcriber'))
    opened.use(await startTranscriber(storage, transcriberConfig(env), env, (error) => report(sentenceOf(error))))
  const kept = opened.move()
  return {
    parts: config.parts,
    storage,
    keys,
    minutes,
    address,
    startRecorder: async ({ enrolmentPath, keyPath }, source) => {
      const own = recorderConfig(env)
      const of = source ? { source: source.path, speed: source.speed } : {}
      kept.use(await startRecorder({ ...own, ...of, enrolmentFile: enrolmentPath, keyFile: keyPath }, env, report))
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

/** Looks each hour whether a council's day is over; what does not agree is told here too, and stands on the page of its recorders. */
function reconcileDaily(storage: Storage, report: (line: string) => void): AsyncDisposable {
  let turn = Promise.resolve()
  const look = async () => {
    for (const { council, report: found } of await reconcileDue(storage)) {
      if (found.findingsTotal > 0) report(`${council}: escano reconcile: ${found.findingsTotal}`)
    }
  }
  const timer = setInterval(() => {
    turn = turn.then(look).catch((error: unknown) => report(error instanceof Error ? sentenceOf(error) : String(error)))
  }, 3_600_000)
  return {
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer)
      await turn
    },
  }
}

async function minutesParts(storage: Storage, keys: InstallationKeys, publicUrl: string, env: Environment): Promise<MinutesParts> {
  const { version } = JSON.parse(await readFile(join(import.meta.dirname, '..', 'package.json'), 'utf8')) as { version: string }
  return {
    storage,
    ffmpeg: await findFfmpeg(env),
    sealsOf: keys.sealsOf,
    trust: () => trustOf(storage, keys),
    publicUrl,
    product: `escano ${version}`,
  }
}

/** The installation's anchors with the keys of all recorders that were ever enrolled here, kept in `trust.json`. */
async function trustOf(storage: Storage, keys: InstallationKeys): Promise<Trust> {
  const recorders: Trust['recorders'] = []
  for (const { id, dir3 } of await storage.database.directory()) {
    for (const one of await storage.database.inCouncil(id, listRecorders))
      recorders.push({ origin: logOrigin(dir3), key: one.publicKeyBase64 })
  }
  return await keys.trustRecorders(recorders)
}

/** A failure behind the scenes in one line, with its cause. */
function sentenceOf(error: Error): string {
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}

import { join } from 'node:path'
import { type FfmpegMissingError, findFfmpeg } from '../../storage/programs/ffmpeg.ts'
import { runProgram } from '../../storage/programs/run-program.ts'
import { findPostgres } from '../../storage/records/embedded/postgres-binaries.ts'
import { findServerUser } from '../../storage/records/embedded/server-user.ts'
import type { TranscriberConfig } from '../../transcriber/config.ts'
import { inspectModel } from '../../transcriber/models/model-folder.ts'
import { readModelLock } from '../../transcriber/models/model-lock.ts'
import { prebuiltBinding } from '../../transcriber/recognizers/binding-recognizer.ts'
import { cachedEngine, whyNoBuild } from '../../transcriber/recognizers/engine-build.ts'
import { openModel } from '../../transcriber/whisper-file.ts'
import type { DoctorWords } from '../words/doctor-gl.ts'
import { bad, type Finding, fine } from './finding.ts'

const nodeMajor = 24

export function checkNode(words: DoctorWords): Finding {
  const found = `${process.version} ${process.platform}-${process.arch}`
  const good = Number(process.versions.node.split('.', 1)[0]) >= nodeMajor
  return good ? fine('node', found) : bad('node', 'needed', found, words.installNode(nodeMajor))
}

/** Finds ffmpeg and lets it encode and decode a second, as every start does. */
export async function checkFfmpeg(env: Record<string, string | undefined>, words: DoctorWords): Promise<Finding> {
  try {
    const { path, version, origin } = await findFfmpeg(env)
    if (origin === 'bundled') return bad('ffmpeg', 'wanted', `${version.text} ${path}`, words.bundledFfmpeg)
    return fine('ffmpeg', `${version.text} ${path}`)
  } catch (error) {
    return bad('ffmpeg', 'needed', (error as FfmpegMissingError).message, words.installFfmpeg)
  }
}

/** The embedded PostgreSQL and the user it runs as; with an outside one nothing of it is needed here. */
export async function checkPostgres(of: { outside: boolean; data: string }, words: DoctorWords): Promise<Finding> {
  if (of.outside) return fine('postgresql', words.outsidePostgres)
  try {
    const user = await findServerUser()
    const [best] = await findPostgres({ asOtherUser: false, cache: join(of.data, 'postgres-programs') })
    if (best === undefined) return bad('postgresql', 'needed', words.none, words.installPostgres)
    const { stdout } = await runProgram(join(best.folder, 'postgres'), ['--version'], { timeoutMs: 10_000 })
    return fine('postgresql', `${new TextDecoder().decode(stdout).trim()} ${best.folder}${user === undefined ? '' : ` (${user.name})`}`)
  } catch (error) {
    return bad('postgresql', 'needed', messageOf(error), words.installPostgres)
  }
}

/** What would hear: a server elsewhere, our built one, or the prebuilt binding. */
export async function checkEngine(config: TranscriberConfig, words: DoctorWords): Promise<Finding> {
  if ('url' in config.engine) return fine('engine', config.engine.url)
  const built = await cachedEngine({ folder: config.engines })
  if (built !== undefined) return fine('engine', built.build)
  const binding = prebuiltBinding()
  const why = await whyNoBuild()
  if (binding !== undefined) {
    const detail = `${binding.name} ${binding.version}`
    return why === undefined
      ? fine('engine', `${detail}; ${words.willBuild}`)
      : bad('engine', 'wanted', `${detail}; ${why}`, words.installCompiler)
  }
  if (why === undefined) return fine('engine', words.willBuild)
  return bad('engine', 'wanted', why, words.installCompiler)
}

/** The models that are set, read through; a session without them completes without text. */
export async function checkModels(config: TranscriberConfig, words: DoctorWords): Promise<Finding> {
  const lock = await readModelLock()
  const damaged: string[] = []
  for (const entry of lock) {
    const { state, path } = await inspectModel(entry, config.models)
    if (state === 'damaged' && path !== undefined) damaged.push(path)
  }
  if (damaged.length > 0) return bad('models', 'needed', words.damaged(damaged), words.reinstallModel)
  if (config.model === undefined) return bad('models', 'wanted', words.noModel, words.installModel)
  const entry = lock.find((one) => one.name === config.model)
  try {
    const place = entry === undefined ? config.model : (await inspectModel(entry, config.models)).path
    if (place === undefined) return bad('models', 'wanted', words.modelMissing(config.model), words.installModel)
    const { name, sha256 } = await openModel(place, entry?.sha256 ?? undefined)
    return fine('models', `${name} ${sha256.slice(0, 16)}…`)
  } catch (error) {
    return bad('models', 'wanted', messageOf(error), words.installModel)
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

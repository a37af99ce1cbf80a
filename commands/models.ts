import { transcriberConfig } from '../transcriber/config.ts'
import { inspectModel, type ModelState } from '../transcriber/models/model-folder.ts'
import { installModel } from '../transcriber/models/model-install.ts'
import { type ModelEntry, readModelLock } from '../transcriber/models/model-lock.ts'
import { ModelMissingError } from '../transcriber/whisper-file.ts'
import { parseArguments, UsageError } from './arguments.ts'
import type { CommandIo } from './command-io.ts'
import { modelsEs } from './words/models-es.ts'
import { type ModelsWords, modelsGl } from './words/models-gl.ts'

/** `escano models list | install NAME [--from FILE] | verify`. */
export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseArguments(args, {
    options: { from: { type: 'string' } },
    places: { required: ['list | install | verify'], optional: ['NAME'] },
  })
  const [verb, name] = positionals
  const words = io.language === 'es' ? modelsEs : modelsGl
  const folder = transcriberConfig(io.env).models
  const lock = await readModelLock()
  if (verb === 'install') {
    if (name === undefined) throw new UsageError((all) => all.usage.missing('NAME'))
    return install(entryCalled(name, lock), { folder, ...(values.from === undefined ? {} : { from: values.from }) }, io, words)
  }
  if (name !== undefined) throw new UsageError((all) => all.usage.superfluous(name))
  if (verb === 'list' || verb === 'verify') return list(lock, folder, verb, io, words)
  throw new UsageError((all) => all.usage.unknownVerb(`models ${verb}`))
}

function entryCalled(name: string, lock: ModelEntry[]): ModelEntry {
  const entry = lock.find((one) => one.name === name)
  if (entry === undefined) throw new ModelMissingError(`${name}; models.lock.json names ${lock.map((one) => one.name).join(', ')}`)
  return entry
}

/** `verify` fails on a file that is not what it should be; a model that is not installed is no fault. */
async function list(lock: ModelEntry[], folder: string, verb: 'list' | 'verify', io: CommandIo, words: ModelsWords): Promise<number> {
  const found: { entry: ModelEntry; state: ModelState; path?: string }[] = []
  for (const entry of lock) found.push({ entry, ...(await inspectModel(entry, folder)) })
  io.say(words.folder(folder))
  for (const { entry, state, path } of found) {
    io.say(words.model(entry.name, words.state[state], entry.bytes, entry.languages.join(', '), entry.licence, path))
  }
  io.answer({ folder, models: found.map(({ entry, state, path }) => ({ ...entry, state, path: path ?? null })) })
  return verb === 'verify' && found.some(({ state }) => state === 'damaged') ? 1 : 0
}

async function install(entry: ModelEntry, options: { folder: string; from?: string }, io: CommandIo, words: ModelsWords): Promise<number> {
  let tenth = 0
  const { path, already } = await installModel(entry, {
    ...options,
    signal: io.signal,
    onProgress: (done, total) => {
      const now = Math.floor((done / total) * 10)
      if (now > tenth) io.progress(words.downloading(entry.name, done, total))
      tenth = now
    },
  })
  io.say(already ? words.already(entry.name, path) : words.installed(entry.name, path))
  io.answer({ name: entry.name, path, sha256: entry.sha256, already })
  return 0
}

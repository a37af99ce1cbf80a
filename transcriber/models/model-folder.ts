import { stat } from 'node:fs/promises'
import { isAbsolute, join, resolve, sep } from 'node:path'
import { hashFile } from '../../storage/programs/durable-file.ts'
import { ModelMissingError, ModelRefusedError } from '../whisper-file.ts'
import { isKnown, type ModelEntry, readModelLock, repository } from './model-lock.ts'

/** What lies where a model should be. `damaged`: a file with another hash or length. `unknown`: no hash is known to hold it against. */
export type ModelState = 'present' | 'missing' | 'damaged' | 'unknown'

/** Places where a model may lie, the first that holds a file counts: the models folder, then the repository. */
export function modelPlaces(entry: ModelEntry, folder: string): string[] {
  return [join(folder, entry.file), ...(entry.carried === undefined ? [] : [join(repository, entry.carried)])]
}

/** Looks for a model and reads it through. @returns its state, and the path of the file that was looked at, if there is one */
export async function inspectModel(entry: ModelEntry, folder: string): Promise<{ state: ModelState; path?: string; found?: string }> {
  if (!isKnown(entry)) return { state: 'unknown' }
  for (const path of modelPlaces(entry, folder)) {
    if (!(await isFile(path))) continue
    const { sha256, sizeBytes } = await hashFile(path)
    return { state: sha256 === entry.sha256 && sizeBytes === entry.bytes ? 'present' : 'damaged', path, found: sha256 }
  }
  return { state: 'missing' }
}

export interface FoundModel {
  path: string
  name: string
  sha256: string
  window: ModelEntry['window']
  prompt: ModelEntry['prompt']
}

/** Why a model that is named cannot be installed or taken by its name. */
export function noHash(entry: ModelEntry): string {
  return `no hash is known of the model ${entry.name}, so its bytes could not be checked. ${entry.note ?? ''}`.trim()
}

/**
 * A model by its name in models.lock.json, its hash checked; or by a path, which is the operator's own word.
 * @param wanted.folder ESCANO_MODELS
 * @returns `sha256` of the bytes as they lie there now
 * @throws ModelMissingError, ModelRefusedError
 */
export async function findModel(nameOrPath: string, wanted: { folder: string; lock?: ModelEntry[] }): Promise<FoundModel> {
  const entry = (wanted.lock ?? (await readModelLock())).find((one) => one.name === nameOrPath)
  if (entry === undefined) return byPath(nameOrPath)
  if (!isKnown(entry)) throw new ModelMissingError(noHash(entry))
  const { state, path, found } = await inspectModel(entry, wanted.folder)
  if (path === undefined) {
    throw new ModelMissingError(`the model ${entry.name} is not in ${wanted.folder}; install it with "escano models install ${entry.name}"`)
  }
  if (state === 'damaged') {
    throw new ModelRefusedError(`${path} should be the model ${entry.name}: expected SHA-256 ${entry.sha256}, found ${found}`)
  }
  return { path, name: entry.name, sha256: entry.sha256, window: entry.window, prompt: entry.prompt }
}

async function byPath(path: string): Promise<FoundModel> {
  const looksLikePath = isAbsolute(path) || path.includes(sep) || /\.(bin|onnx|gguf)$/.test(path)
  if (!looksLikePath) throw new ModelMissingError(`no model is called ${path}; "escano models list" names those that are known`)
  const absolute = resolve(path)
  if (!(await isFile(absolute))) throw new ModelMissingError(`there is no model file ${absolute}`)
  return {
    path: absolute,
    name: absolute.slice(absolute.lastIndexOf(sep) + 1),
    sha256: (await hashFile(absolute)).sha256,
    window: 'full',
    prompt: true,
  }
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
}

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe } from 'vitest'
import { folderReader } from '../../../minutes/verify/folder-reader.ts'
import { readTrust } from '../../../minutes/verify/verify-path.ts'
import type { Trust } from '../../../storage/custody/trust.ts'
import { type Files, forgerySuite } from './forgeries.ts'

/** An export on disk that verifies, `ESCANO_TEST_EXPORT`, and its anchors, `ESCANO_TEST_TRUST`: the demo's, when somebody made one. */
const [folder, anchors] = [process.env.ESCANO_TEST_EXPORT, process.env.ESCANO_TEST_TRUST]
const missing = folder === undefined || anchors === undefined
const reason = missing ? ' (skipped: ESCANO_TEST_EXPORT and ESCANO_TEST_TRUST name no export)' : ''

let loaded: { files: Files; trust: Trust } | undefined

async function load() {
  if (folder === undefined || anchors === undefined) throw new Error('no export was named')
  loaded ??= { files: await readFiles(folder), trust: await readTrust(anchors) }
  return loaded
}

async function readFiles(root: string): Promise<Files> {
  const files: Files = new Map()
  for (const { path } of await folderReader(root).list()) files.set(path, new Uint8Array(await readFile(join(root, path))))
  return files
}

describe.skipIf(missing)(`On disk${reason}`, () => {
  forgerySuite('an export that was named', load)
})

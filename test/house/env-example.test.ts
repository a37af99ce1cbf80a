import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sourceFiles } from '../../setup/layers.mjs'

const repository = join(import.meta.dirname, '..', '..')
/** Set by set-up for its own children; nobody else sets them. */
const internal = new Set(['ESCANO_LEASH', 'ESCANO_TEST_REPORT'])
const spelt = /\b(?:ESCANO_[A-Z0-9_]+|FFMPEG_PATH)\b/g

async function variablesIn(files: string[]): Promise<Set<string>> {
  const found = new Set<string>()
  for (const file of files) for (const name of (await readFile(join(repository, file), 'utf8')).match(spelt) ?? []) found.add(name)
  return found
}

test('.env.example lists exactly the variables that the code and docker-compose.yml read', async () => {
  const setup = (await readdir(join(repository, 'setup'))).map((name) => `setup/${name}`)
  const product = sourceFiles(repository).filter((file) => !file.startsWith('test/'))
  const read = await variablesIn([...product, ...setup, 'docker-compose.yml'])
  const example = await readFile(join(repository, '.env.example'), 'utf8')
  const listed = example.split('\n').flatMap((line) => /^#?([A-Z0-9_]+)=/.exec(line)?.[1] ?? [])
  expect(listed.toSorted()).toEqual([...read].filter((name) => !internal.has(name)).toSorted())
})

import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkLicences } from '../../setup/licences.mjs'
import { checkLockFile } from '../../setup/lock-file.mjs'
import { checkSources } from '../../setup/source-rules.mjs'

const repository = join(import.meta.dirname, '..', '..')
let root: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'escano-checks-'))
})

afterEach(async () => {
  await rm(root, { recursive: true, force: true })
})

type LockFile = { packages: Record<string, Record<string, unknown>> }

/** A copy of our own lock file, changed. */
async function lockedWith(change: (lock: LockFile) => void): Promise<void> {
  for (const name of ['package.json', 'THIRD-PARTY.md']) await cp(join(repository, name), join(root, name))
  const lock = JSON.parse(await readFile(join(repository, 'package-lock.json'), 'utf8')) as LockFile
  change(lock)
  await writeFile(join(root, 'package-lock.json'), JSON.stringify(lock))
}

describe('the lock file', () => {
  test('of this repository fits every machine', () => {
    expect(checkLockFile(repository)).toEqual([])
  })

  test.each<[string, (lock: LockFile) => void, RegExp]>([
    [
      'an address of a registry',
      (lock) => Object.assign(lock.packages['node_modules/zod'] ?? {}, { resolved: 'https://example.org/zod.tgz' }),
      /zod: carries an address/,
    ],
    ['a package without its hash', (lock) => delete lock.packages['node_modules/zod']?.integrity, /zod: has no hash/],
    [
      'a platform that is not named',
      (lock) => delete lock.packages['node_modules/@biomejs/cli-darwin-arm64'],
      /cli-darwin-arm64 is missing/,
    ],
    [
      'a version that is not pinned',
      (lock) => Object.assign(lock.packages[''] ?? {}, { dependencies: {} }),
      /zod .* is not in the lock file/,
    ],
  ])('is refused with %s', async (_name, change, expected) => {
    await lockedWith(change)
    expect(checkLockFile(root).join('\n')).toMatch(expected)
  })
})

describe('the licences', () => {
  test('of all packages are on the list, and THIRD-PARTY.md names them', () => {
    expect(checkLicences(repository)).toEqual([])
  })

  test.each(['SSPL-1.0', 'UNLICENSED', undefined, 'AGPL-3.0'])('refuse a package under %s', async (license) => {
    await lockedWith((lock) => Object.assign(lock.packages, { 'node_modules/newcomer': { version: '1.0.0', integrity: 'x', license } }))
    const breaches = checkLicences(root)
    expect(breaches[0]).toContain('newcomer: licence')
    expect(breaches[1]).toContain('THIRD-PARTY.md does not list')
  })

  test('take one of several', async () => {
    await lockedWith((lock) => Object.assign(lock.packages, { 'node_modules/newcomer': { dev: true, license: '(GPL-3.0 OR MIT)' } }))
    expect(checkLicences(root)).toEqual([])
  })
})

describe('the house rules', () => {
  test('refuse a file of 301 lines and an environment read far from where parts are built', async () => {
    for (const folder of ['setup', 'web', 'storage/records']) await mkdir(join(root, folder), { recursive: true })
    await writeFile(join(root, '.dependency-cruiser.cjs'), '')
    await writeFile(join(root, 'web', 'long.ts'), '\n'.repeat(301))
    await writeFile(join(root, 'web', 'enough.ts'), '\n'.repeat(300))
    await writeFile(join(root, 'web', 'config.ts'), 'export const port = process.env.PORT\n')
    await writeFile(join(root, 'storage', 'records', 'sly.ts'), 'export const port = process.env.PORT\n')
    expect(checkSources(root)).toEqual([
      'storage/records/sly.ts: reads process.env; take it from config.ts',
      'web/long.ts: 301 lines, at most 300',
    ])
  })
})

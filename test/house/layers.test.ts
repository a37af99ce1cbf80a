import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkLayers } from '../../setup/layers.mjs'

const repository = join(import.meta.dirname, '..', '..')

/** A house in which every import is allowed, with a file of each kind that the rules speak of. */
const sound: Record<string, string> = {
  'escano.ts': "import './commands/start.ts'",
  'commands/start.ts': "import '../web/app.ts'\nimport '../transcriber/work.ts'\nimport '../recorder/record.ts'",
  'web/app.ts':
    "import 'express'\nimport 'socket.io'\nimport 'node:fs'\nimport '../minutes/draft.ts'\nimport '../recorder/control-protocol.ts'",
  'web/control/page/tablet-page.ts': "import 'preact'\nimport 'socket.io-client'\nimport '../../../storage/model/session.ts'",
  'minutes/draft.ts': "import '../storage/records/sessions.ts'",
  'transcriber/work.ts': "import '../storage/programs/run-program.ts'",
  'recorder/record.ts': "import './control-link.ts'\nimport './control-protocol.ts'",
  'recorder/control-protocol.ts': "import 'zod'\nimport '../storage/model/session.ts'",
  'recorder/control-link.ts': "import 'socket.io-client'",
  'storage/model/session.ts': "import 'zod'",
  'storage/custody/cms.ts': "import 'pkijs'\nimport 'asn1js'\nimport '../model/session.ts'",
  'storage/objects/s3-object-store.ts': "import '@aws-sdk/client-s3'",
  'storage/records/sessions.ts': "import 'pg'\nimport 'kysely'\nimport 'pg-boss'",
  'storage/programs/run-program.ts': "import 'execa'\nimport 'node:child_process'",
  'test/a.test.ts': "import 'vitest'\nimport '../transcriber/work.ts'\nimport '../escano.ts'",
}

/** One breach a line: the file that is changed, what it then imports, the rule that says no. */
const breaches: [rule: string, file: string, imported: string][] = [
  ['no-circle', 'storage/model/session.ts', './SELF.ts'],
  ['workers-meet-in-storage', 'recorder/record.ts', '../minutes/draft.ts'],
  ['workers-meet-in-storage', 'minutes/draft.ts', '../recorder/control-protocol.ts'],
  ['workers-meet-in-storage', 'transcriber/work.ts', '../minutes/draft.ts'],
  ['workers-know-no-floor-above', 'minutes/draft.ts', '../web/app.ts'],
  ['storage-is-the-ground', 'storage/records/sessions.ts', '../../recorder/control-protocol.ts'],
  ['storage-is-the-ground', 'storage/objects/s3-object-store.ts', '../../web/app.ts'],
  ['model-and-custody-are-pure', 'storage/model/session.ts', 'node:crypto'],
  ['model-and-custody-are-pure', 'storage/custody/cms.ts', 'node:buffer'],
  ['model-and-custody-are-pure', 'storage/custody/cms.ts', 'express'],
  ['model-and-custody-are-pure', 'storage/model/session.ts', '../programs/run-program.ts'],
  ['web-knows-the-recorder-by-its-protocol', 'web/app.ts', '../recorder/record.ts'],
  ['transcriber-is-reached-by-jobs', 'web/app.ts', '../transcriber/work.ts'],
  ['web-is-under-the-commands', 'web/app.ts', '../commands/start.ts'],
  ['nothing-imports-tests', 'storage/records/sessions.ts', '../../test/a.test.ts'],
  ['pages-are-browser-code', 'web/control/page/tablet-page.ts', 'node:fs'],
  ['pages-are-browser-code', 'web/control/page/tablet-page.ts', '../../app.ts'],
  ['pages-are-browser-code', 'web/control/page/tablet-page.ts', '../../../storage/records/sessions.ts'],
  ['one-home-for-s3', 'storage/records/sessions.ts', '@aws-sdk/client-s3'],
  ['one-home-for-s3', 'web/app.ts', '@aws-sdk/s3-request-presigner'],
  ['one-home-for-postgres', 'minutes/draft.ts', 'pg'],
  ['one-home-for-postgres', 'web/app.ts', 'pg-boss'],
  ['one-home-for-the-web-server', 'recorder/record.ts', 'express'],
  ['one-home-for-the-web-server', 'minutes/draft.ts', 'socket.io'],
  ['one-home-for-the-control-link', 'web/app.ts', 'socket.io-client'],
  ['one-home-for-child-processes', 'transcriber/work.ts', 'execa'],
  ['one-home-for-child-processes', 'recorder/record.ts', 'node:child_process'],
  ['no-tool-in-the-product', 'web/app.ts', 'vitest'],
  ['everything-is-found', 'minutes/draft.ts', './not-there.ts'],
]

const folders: string[] = []

/** Writes files into a new folder that finds our packages. */
async function build(files: Record<string, string>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'escano-layers-'))
  folders.push(root)
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, file)), { recursive: true })
    await writeFile(join(root, file), `${text}\nexport const here = '${file}'\n`)
  }
  for (const name of ['node_modules', 'tsconfig.json', 'package.json']) await symlink(join(repository, name), join(root, name))
  return root
}

/** Each breach stands in a file of its own beside the file it speaks of, so that none is caught for another's sake. */
const breachFile = (number: number, file: string) => `${dirname(file)}/breach-${number}.ts`

afterAll(async () => {
  for (const root of folders) await rm(root, { recursive: true, force: true })
})

describe('the floors of the house', () => {
  let broken: ReturnType<typeof checkLayers>
  beforeAll(async () => {
    const extra = breaches.map(([, file, imported], number) => [
      breachFile(number, file),
      `import '${imported.replace('SELF', `breach-${number}`)}'`,
    ])
    broken = checkLayers(await build({ ...sound, ...Object.fromEntries(extra) }))
  })

  test('a sound house is read whole and has no breach', async () => {
    expect(checkLayers(await build(sound))).toEqual({ read: Object.keys(sound).length, unread: [], breaches: [] })
  })

  test.each(breaches.map(([rule, file, imported], number) => ({ rule, file, imported, from: breachFile(number, file) })))(
    '$rule is caught where a file beside $file imports $imported',
    ({ rule, from }) => {
      expect(broken.breaches.filter((one) => one.from === from).map((one) => one.rule)).toContain(rule)
    },
  )

  test('every rule of the house is broken here once', () => {
    const rules = createRequire(import.meta.url)('../../.dependency-cruiser.cjs').forbidden.map((one: { name: string }) => one.name)
    expect(new Set(breaches.map(([rule]) => rule))).toEqual(new Set(rules))
  })

  test('a file that dependency-cruiser does not read is told', async () => {
    const { unread } = checkLayers(await build({ ...sound, 'storage/node_modules/hidden.ts': "import '../../web/app.ts'" }))
    expect(unread).toEqual(['storage/node_modules/hidden.ts'])
  })
})

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ExportObjectError } from '../../../minutes/export/export-folder.ts'
import { ExportIncompleteError } from '../../../minutes/export/export-material.ts'
import { exportSession } from '../../../minutes/export-session.ts'
import { verifyPath } from '../../../minutes/verify/verify-path.ts'
import { exportPath } from '../../../storage/custody/export-layout.ts'
import { treeFile } from '../../../storage/custody/journal-tree.ts'
import { parseDocument } from '../../../storage/custody/manifests.ts'
import { fromBase64 } from '../../../storage/custody/sha256.ts'
import type { Trust } from '../../../storage/custody/trust.ts'
import { runProgram } from '../../../storage/programs/run-program.ts'
import { type OpensslAuthority, startOpensslAuthority } from '../../servers/openssl-authority.ts'
import { openTestStorage, type TestStorage } from '../../servers/test-storage.ts'
import { makeSmallExport } from '../verify/small-export.ts'
import { putSmallExport } from './put-small-export.ts'

let authority: OpensslAuthority
let storage: TestStorage
let folder: string
let trust: Trust
let kept: Map<string, Uint8Array>

beforeAll(async () => {
  authority = await startOpensslAuthority()
  storage = await openTestStorage()
  folder = await mkdtemp(join(tmpdir(), 'escano-export-'))
  const { council, session } = storage
  const wishes = { dir3: council.dir3, session: session.id, segments: 20, closed: { fromMs: 60_000, toMs: 70_000 } }
  const small = await makeSmallExport(authority, wishes)
  trust = small.trust
  kept = small.files
  await putSmallExport(storage, small.files)
})
afterAll(async () => {
  await storage[Symbol.asyncDispose]()
  await authority[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

const filesOf = async (out: string) =>
  (await readdir(out, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(out.length + 1))

describe('The export of a session', () => {
  it('in custody is byte for byte what was kept, and verifies', async () => {
    const out = join(folder, 'custody')
    const { contents } = await exportSession(storage, storage.council.id, storage.session.id, out, 'custody')
    for (const [path, bytes] of kept) {
      if (path !== exportPath.contents) expect(new Uint8Array(await readFile(join(out, path))), path).toEqual(bytes)
    }
    expect((await filesOf(out)).sort()).toEqual([exportPath.contents, ...contents.files.map((file) => file.path)].sort())
    const { authentic, checks } = await verifyPath(out, trust, 'file')
    expect(checks.filter((one) => !one.ok)).toEqual([])
    expect(authentic).toBe(true)
  })

  it('holds by the orders that its LEAME.txt gives, without a program of ours', async () => {
    const out = join(folder, 'custody')
    const [root, tsaRoot] = [join(authority.folder, 'root.crt'), join(authority.folder, 'tsa-root.crt')]
    const openssl = async (...args: string[]) => (await runProgram('openssl', args, { cwd: out })).stderr
    const seal = ['-inform', 'DER', '-in', exportPath.recordingSeal, '-content', exportPath.recordingManifest]
    const verified = await openssl('cms', '-verify', '-cades', '-binary', '-purpose', 'any', ...seal, '-CAfile', root, '-out', '/dev/null')
    expect(verified).toContain('Verification successful')
    const token = ['-data', exportPath.checkpoint, '-in', exportPath.checkpointToken, '-token_in', '-CAfile', tsaRoot]
    await openssl('ts', '-verify', ...token)
    const tree = parseDocument(treeFile, new Uint8Array(await readFile(join(out, exportPath.tree))))
    for (const [at, head] of tree.heads.entries()) {
      if (head.token === undefined) continue
      await writeFile(join(folder, `${at}.note`), head.note)
      await writeFile(join(folder, `${at}.token`), fromBase64(head.token))
      await openssl(
        'ts',
        '-verify',
        '-data',
        join(folder, `${at}.note`),
        '-in',
        join(folder, `${at}.token`),
        '-token_in',
        '-CAfile',
        tsaRoot,
      )
    }
    const sum = new TextDecoder().decode((await runProgram('sha256sum', [exportPath.master], { cwd: out })).stdout).slice(0, 64)
    expect(await readFile(join(out, exportPath.recordingManifest), 'utf8')).toContain(sum)
  })

  it('for the public holds nothing of the closed part nor who marked what, and still verifies', async () => {
    const out = join(folder, 'public')
    const { contents } = await exportSession(storage, storage.council.id, storage.session.id, out, 'public')
    const withheld = contents.withheld.map((file) => file.path)
    expect(withheld).toEqual(expect.arrayContaining([exportPath.events, exportPath.master, exportPath.transcript, 'captions.gl.vtt']))
    // From 20 s before the closed part to 20 s after its end, straddling segments whole: 40 s to 90 s are segments 9 to 19 of 4 s, and
    // the first of the next part.
    const segments = withheld.filter((path) => path.startsWith(exportPath.segments))
    expect(segments).toEqual([
      ...Array.from({ length: 11 }, (_, at) => exportPath.segment({ part: 0, track: 'master', index: 9 + at })),
      exportPath.segment({ part: 1, track: 'master', index: 0 }),
    ])
    const present = await filesOf(out)
    expect(present.filter((path) => withheld.includes(path))).toEqual([])
    const { authentic, checks } = await verifyPath(out, trust, 'file')
    expect(checks.filter((one) => !one.ok)).toEqual([])
    expect(authentic).toBe(true)
  })

  it('is not written over one that is there, and leaves nothing half written', async () => {
    const out = join(folder, 'twice')
    await exportSession(storage, storage.council.id, storage.session.id, out, 'public')
    await expect(exportSession(storage, storage.council.id, storage.session.id, out, 'public')).rejects.toThrow('exists already')
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  it('of a session without a signed acta says what is missing', async () => {
    await using empty = await openTestStorage()
    await expect(exportSession(empty, empty.council.id, empty.session.id, join(folder, 'empty'), 'custody')).rejects.toThrow(
      ExportIncompleteError,
    )
  })

  it('stops when the store gives other bytes than the records name', async () => {
    const objects = {
      ...storage.objects,
      stream: async () => new Blob(['outra cousa']).stream(),
      read: storage.objects.read.bind(storage.objects),
    }
    const lying = {
      objects: objects as unknown as TestStorage['objects'],
      database: storage.database,
      jobs: storage.jobs,
      [Symbol.asyncDispose]: async () => undefined,
    }
    await expect(exportSession(lying, storage.council.id, storage.session.id, join(folder, 'lying'), 'custody')).rejects.toThrow(
      ExportObjectError,
    )
    expect(await readdir(folder)).not.toContain('lying')
  })
})

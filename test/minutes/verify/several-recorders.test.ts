import { afterAll, beforeAll, expect, it } from 'vitest'
import { memoryReader } from '../../../minutes/verify/export-reader.ts'
import { verifyExport } from '../../../minutes/verify/verify-export.ts'
import { recorderPaths } from '../../../storage/custody/export-layout.ts'
import { type TreeFile, treeFile } from '../../../storage/custody/journal-tree.ts'
import { documentBytes } from '../../../storage/custody/manifests.ts'
import { type OpensslAuthority, startOpensslAuthority } from '../../servers/openssl-authority.ts'
import { relisted } from './forgeries.ts'
import { makeSmallExport, type SmallExport } from './small-export.ts'

const spare = recorderPaths(1)
const segment = spare.segment({ part: 0, track: 'master', index: 2 })
let authority: OpensslAuthority
let small: SmallExport
beforeAll(async () => {
  authority = await startOpensslAuthority()
  small = await makeSmallExport(authority, { spare: 'finished' })
})
afterAll(() => authority[Symbol.asyncDispose]())

const verify = (files: Map<string, Uint8Array>, trust = small.trust) => verifyExport(memoryReader(files), trust)
const bytesOf = (path: string) => small.files.get(path) ?? new Uint8Array()
const flipped = (path: string) => bytesOf(path).map((byte, at) => (at === Math.floor(bytesOf(path).length / 2) ? byte ^ 1 : byte))

it('a session that two recorders recorded verifies, each with its journal, tree, heads and segments, and says who is of record', async () => {
  const { authentic, checks } = await verify(small.files)
  expect(checks.filter((one) => !one.ok)).toEqual([])
  expect(authentic).toBe(true)
  for (const code of ['journal', 'heads', 'head-tokens', 'segments', 'gaps'])
    expect(checks.filter((one) => one.code === code)).toHaveLength(2)
  // The room stopped at 12 s; the spare has the record from the segment of its own that was running then.
  expect(checks.find((one) => one.code === 'record')?.detail).toBe('of record: Salón 0-9 s, Portátil 9-25 s; nothing recorded by nobody')
})

it.each([
  ['a segment', segment, 'segments'],
  ['the journal', spare.journal, 'journal'],
  ['the tree', spare.tree, 'tree'],
])('one byte of %s of the spare is named, also when the list is made to agree', async (_, path, code) => {
  const forged = new Map(small.files).set(path, flipped(path))
  const listed = await verify(forged)
  expect(listed.checks.find((one) => one.code === code && !one.ok)?.detail).toContain(path)
  const { authentic, checks } = await verify(relisted(new Map(forged)))
  expect(authentic).toBe(false)
  const named = code === 'tree' ? /^(tree|heads|head-tokens)$/ : new RegExp(`^${code}$`)
  expect(checks.filter((one) => !one.ok).map((one) => one.code)).toContainEqual(expect.stringMatching(named))
})

it('a head of the spare that was changed, left out with its time-stamp, or signed by another is found', async () => {
  const tree = treeFile.parse(JSON.parse(new TextDecoder().decode(bytesOf(spare.tree))))
  const withHeads = (heads: TreeFile['heads']) =>
    relisted(new Map(small.files).set(spare.tree, documentBytes(treeFile, { ...tree, heads })))
  const failedOf = async (files: Map<string, Uint8Array>, trust = small.trust) =>
    (await verify(files, trust)).checks.filter((one) => !one.ok).map((one) => one.code)
  const [first, ...rest] = tree.heads
  const other = tree.heads.at(-1)
  if (first === undefined || other === undefined) throw new Error('heads')
  const changed = first.note.replace(/\n\d+\n/, '\n1\n')
  expect(await failedOf(withHeads([{ ...first, note: changed }, ...rest]))).toContain('heads')
  expect(await failedOf(withHeads(tree.heads.slice(0, 1)))).toEqual(expect.arrayContaining(['heads', 'head-tokens']))
  const [room] = small.trust.recorders
  expect(await failedOf(small.files, { ...small.trust, recorders: room === undefined ? [] : [room] })).toContain('anchor-unknown')
})

it('a recorder that fell silent for good is told as such: what its heads do not cover stands under the seal alone', async () => {
  const silent = await makeSmallExport(authority, { spare: 'silent' })
  const tree = treeFile.parse(JSON.parse(new TextDecoder().decode(silent.files.get(spare.tree))))
  const cut = { ...tree, heads: tree.heads.slice(0, 1) }
  // Left without its last heads, as if it had been switched off: only tokens that are sealed may not be missing.
  const { checks } = await verify(relisted(new Map(silent.files).set(spare.tree, documentBytes(treeFile, cut))), silent.trust)
  expect(checks.find((one) => one.code === 'heads' && one.detail.includes('Portátil'))).toMatchObject({
    ok: true,
    detail: expect.stringContaining("its last 1 lines under the council's seal alone"),
  })
  expect(checks.filter((one) => !one.ok).map((one) => one.code)).toEqual(['head-tokens'])
})

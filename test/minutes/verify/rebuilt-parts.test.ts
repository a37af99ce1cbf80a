import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { memoryReader } from '../../../minutes/verify/export-reader.ts'
import { verifyExport } from '../../../minutes/verify/verify-export.ts'
import { blockTreeFile, makeBlockTree } from '../../../storage/custody/block-tree.ts'
import { eventLogBytes, parseEventLog } from '../../../storage/custody/event-log.ts'
import { exportPath } from '../../../storage/custody/export-layout.ts'
import { journalBytes, parseJournal, type TreeFile, treeFile } from '../../../storage/custody/journal-tree.ts'
import { entryBytes, parseEntry } from '../../../storage/custody/log.ts'
import { logTiles, readLog } from '../../../storage/custody/log-tiles.ts'
import { documentBytes, parseDocument, recordingManifest } from '../../../storage/custody/manifests.ts'
import { treeRoot } from '../../../storage/custody/merkle-tree.ts'
import { makeNoteKey } from '../../../storage/custody/note-key.ts'
import { toBase64, toHex } from '../../../storage/custody/sha256.ts'
import { type OpensslAuthority, startOpensslAuthority } from '../../servers/openssl-authority.ts'
import { type Files, relisted } from './forgeries.ts'
import { makeSmallExport, type SmallExport } from './small-export.ts'

/** Forgeries by somebody who knows the formats: a part is rebuilt whole, consistent in itself; only what is signed cannot be. */
let authority: OpensslAuthority
let small: SmallExport

beforeAll(async () => {
  authority = await startOpensslAuthority()
  small = await makeSmallExport(authority)
})
afterAll(() => authority[Symbol.asyncDispose]())

const bytesOf = (path: string) => small.files.get(path) ?? new Uint8Array()
const changedTree = (change: (tree: TreeFile) => TreeFile) =>
  documentBytes(treeFile, change(parseDocument(treeFile, bytesOf(exportPath.tree))))

/** Verifies the small export with these files in place of its own, contents.json made to agree. @returns failed checks, `code: detail` */
async function failuresWith(...changes: [path: string, bytes: Uint8Array | undefined][]): Promise<string[]> {
  const files: Files = new Map(small.files)
  for (const [path, bytes] of changes) {
    if (bytes === undefined) files.delete(path)
    else files.set(path, bytes)
  }
  const { authentic, checks } = await verifyExport(memoryReader(relisted(files)), small.trust)
  expect(authentic).toBe(false)
  return checks.filter((one) => !one.ok).map((one) => `${one.code}: ${one.detail}`)
}

describe('A part of an export rebuilt in itself', () => {
  it('as a journal without its last segment, with tree.json to match, fails at the journal', async () => {
    const lines = parseJournal(bytesOf(exportPath.journal)).lines.filter((_, at) => at !== 4)
    const { leafHashes } = parseJournal(journalBytes(lines))
    const tree = changedTree((honest) => ({ ...honest, size: lines.length, root: toHex(treeRoot(leafHashes)) }))
    const segment = exportPath.segment({ part: 1, track: 'master', index: 0 })
    const failures = await failuresWith([exportPath.journal, journalBytes(lines)], [exportPath.tree, tree], [segment, undefined])
    expect(failures).toEqual(expect.arrayContaining([expect.stringMatching(/^journal: /), expect.stringMatching(/^tree: /)]))
    expect(failures).toContainEqual(expect.stringMatching(/^heads: /))
  })

  it('as a journal, tree and manifest that agree on it fails at the seal and at the acta', async () => {
    const lines = parseJournal(bytesOf(exportPath.journal)).lines.filter((_, at) => at !== 6)
    const root = toHex(treeRoot(parseJournal(journalBytes(lines)).leafHashes))
    const honest = parseDocument(recordingManifest, bytesOf(exportPath.recordingManifest))
    const trees = honest.trees.map((tree) => ({ ...tree, size: lines.length, root }))
    const failures = await failuresWith(
      [exportPath.journal, journalBytes(lines)],
      [exportPath.tree, changedTree((tree) => ({ ...tree, size: lines.length, root }))],
      [exportPath.recordingManifest, documentBytes(recordingManifest, { ...honest, trees })],
    )
    expect(failures).toContainEqual(expect.stringMatching(/^recording-seal: /))
    expect(failures).toContainEqual(expect.stringMatching(/^recording-manifest: the signed acta names another/))
  })

  it('as tree.json with the time-stamps of two heads exchanged fails at the head tokens', async () => {
    const tree = changedTree((honest) => {
      const [first, , third] = honest.heads
      const swapped = honest.heads.map((head) => ({
        ...head,
        ...(head === first ? { token: third?.token } : head === third ? { token: first?.token } : {}),
      }))
      return { ...honest, heads: swapped as TreeFile['heads'] }
    })
    expect(await failuresWith([exportPath.tree, tree])).toContainEqual(expect.stringMatching(/^head-tokens: the time-stamp is over/))
  })

  it('as tree.json without its heads, or without their time-stamps, fails at them', async () => {
    const without = changedTree((honest) => ({ ...honest, heads: [] }))
    const failures = await failuresWith([exportPath.tree, without])
    expect(failures).toEqual(expect.arrayContaining([expect.stringMatching(/^heads: /), expect.stringMatching(/^head-tokens: /)]))
    const bare = changedTree((honest) => ({ ...honest, heads: honest.heads.map(({ note }) => ({ note })) }))
    expect(await failuresWith([exportPath.tree, bare])).toEqual(['head-tokens: no head carries a time-stamp'])
  })

  it('as a log with another entry in fresh tiles fails at the log', async () => {
    const entries = (await readLog(5, async (path) => small.files.get(exportPath.logFile(path)))).map(parseEntry)
    const forged = entries.map((entry, at) => entryBytes(at === 0 ? { ...entry, ref: 'outra cousa' } : entry))
    const tiles = logTiles(forged).map((tile): [string, Uint8Array] => [exportPath.logFile(tile.path), tile.bytes])
    expect(await failuresWith(...tiles)).toContainEqual(expect.stringMatching(/^log: .*another root than the checkpoint/))
  })

  it('as blocks with another text and their own root fails at the blocks', async () => {
    const blocks = makeBlockTree([{ kind: 'title', text: 'Outra acta' }])
    expect(await failuresWith([exportPath.blocks, documentBytes(blockTreeFile, blocks)])).toContainEqual(
      expect.stringMatching(/^acta-blocks: /),
    )
  })

  it('as events without the last vote fails at the events', async () => {
    const events = parseEventLog(bytesOf(exportPath.events)).filter((event) => event.type !== 'vote.proclaimed')
    const failures = await failuresWith([exportPath.events, eventLogBytes(events)])
    expect(failures).toContainEqual(expect.stringMatching(/^events: /))
  })

  it('as another acta of the same people, honestly signed, fails at the log that never saw it', async () => {
    const other = await makeSmallExport(authority)
    const failures = await failuresWith([exportPath.acta, other.files.get(exportPath.acta)])
    expect(failures).toEqual(expect.arrayContaining([expect.stringMatching(/^acta-manifest: /), expect.stringMatching(/^log-inclusion: /)]))
  })

  it('as an acta cut back to before the mayor signed fails at the order of signatures', async () => {
    const acta = bytesOf(exportPath.acta)
    const ends = Array.from(new TextDecoder('latin1').decode(acta).matchAll(/%%EOF\r?\n?/g), (found) => found.index + found[0].length)
    const cut = acta.slice(0, ends.at(-2))
    expect(await failuresWith([exportPath.acta, cut])).toContainEqual(expect.stringMatching(/^signature-order: /))
  })
})

describe('An imported recording', () => {
  it('is authentic as what it is: its statement is told, and a key that lived for it alone is vouched for by the seal', async () => {
    const imported = await makeSmallExport(authority, { imported: true })
    const chamber = { origin: 'escano/L01270000', key: toBase64((await makeNoteKey()).publicKey) }
    const trust = { ...imported.trust, recorders: [chamber] }
    const answer = await verifyExport(memoryReader(imported.files), trust)
    expect(answer.checks.filter((one) => !one.ok)).toEqual([])
    const told = answer.checks.find((one) => one.code === 'imported')?.detail
    expect(told).toMatch(/^imported, not recorded here: received .* by Noela Lestrigo \(secretary\).*; when it was recorded is not proven$/)

    const other = new Map(imported.files).set(exportPath.original, new TextEncoder().encode('another tape of long ago'))
    const forged = await verifyExport(memoryReader(relisted(other)), trust)
    expect(forged.checks.filter((one) => !one.ok).map((one) => one.code)).toEqual(['imported'])
    // A recording that was made here is held to the recorders that are known here.
    const made = await verifyExport(memoryReader(small.files), { ...small.trust, recorders: [chamber] })
    expect(made.checks.filter((one) => !one.ok).map((one) => one.code)).toContain('anchor-unknown')
  })
})

import { verifyCms } from '../../storage/custody/cms.ts'
import { exportPath } from '../../storage/custody/export-layout.ts'
import {
  expectHeadsAlong,
  type Journal,
  openHead,
  parseJournal,
  type TreeFile,
  treeFile,
  treeOrigin,
} from '../../storage/custody/journal-tree.ts'
import { parseDocument, type RecordingManifest, recordingManifest } from '../../storage/custody/manifests.ts'
import { treeRoot } from '../../storage/custody/merkle-tree.ts'
import { fromBase64, sha256, toHex } from '../../storage/custody/sha256.ts'
import { verifyTimeStamp } from '../../storage/custody/time-stamp.ts'
import type { Trust } from '../../storage/custody/trust.ts'
import type { ImportedRecording } from '../../storage/model/imported-recording.ts'
import { expectThat, type Findings } from './findings.ts'
import type { HashedFiles } from './hashed-files.ts'
import { checkMedia } from './media-check.ts'

/** Recording manifest, its seal, journal, tree, heads with their time-stamps, segments, gaps and master. @returns the manifest, if it can be read */
export async function checkRecording(files: HashedFiles, trust: Trust, findings: Findings): Promise<RecordingManifest | undefined> {
  let manifest: RecordingManifest | undefined
  let journal: Journal | undefined
  let tree: TreeFile | undefined
  await findings.check('recording-seal', async () => {
    const bytes = files.bytes(exportPath.recordingManifest)
    const { signer, time } = await verifyCms(files.bytes(exportPath.recordingSeal), await sha256(bytes), trust)
    expectThat(time !== undefined, 'the seal carries no time-stamp')
    return `sealed by ${signer.subject} before ${time.toISOString()}`
  })
  await findings.check('identity', () => {
    manifest = parseDocument(recordingManifest, files.bytes(exportPath.recordingManifest))
    const { council, session } = files.contents
    expectThat(
      manifest.council === council && manifest.session === session,
      'the recording manifest is of another session than contents.json',
    )
    return `${council}, session ${session}`
  })
  const imported = manifest?.v === 2 ? manifest.imported : undefined
  if (imported) await findings.check('imported', () => checkImported(imported, files))
  await findings.check('journal', () => {
    journal = parseJournal(files.bytes(exportPath.journal))
    const root = toHex(treeRoot(journal.leafHashes))
    const [sealed, ...more] = manifest?.trees ?? []
    expectThat(sealed !== undefined && more.length === 0, 'the recording manifest names no tree, or several')
    expectThat(sealed.size === journal.lines.length, `the journal has ${journal.lines.length} lines, sealed are ${sealed.size}`)
    expectThat(sealed.root === root, `the journal gives root ${root}, sealed is ${sealed.root}`)
    const [recorder, session] = [originRecorder(sealed.origin), manifest?.session]
    const stranger = journal.lines.findIndex((line) => line.session !== session || line.recorder !== recorder)
    expectThat(stranger < 0, `line ${stranger + 1} of the journal is of another session or recorder`)
    return `${journal.lines.length} lines give the sealed root ${root}`
  })
  await findings.check('tree', () => {
    tree = parseDocument(treeFile, files.bytes(exportPath.tree))
    const sealed = manifest?.trees[0]
    expectThat(sealed !== undefined && sealed.origin === tree.origin, 'tree.json is of another tree than the recording manifest names')
    expectThat(sealed.size === tree.size && sealed.root === tree.root, 'tree.json has another size or root than the recording manifest')
    return `${tree.size} leaves under ${tree.origin}`
  })
  if (manifest !== undefined && tree !== undefined) {
    await checkHeads(manifest, tree, journal, trust, findings)
    await checkHeadTokens(manifest, tree, trust, findings)
  }
  if (manifest !== undefined && journal !== undefined) await checkMedia(files, manifest, journal, findings)
  return manifest
}

/** The file as it came, where this copy has it; and what its statement says, for the person who reads the answer. */
function checkImported({ file, receivedAtMs, receivedBy }: ImportedRecording, files: HashedFiles): string {
  const original = files.contents.files.find((one) => one.path === exportPath.original)
  expectThat(
    original === undefined || original.sha256 === file.sha256,
    `the file has SHA-256 ${original?.sha256}, stated is ${file.sha256}`,
  )
  const received = `received ${new Date(receivedAtMs).toISOString()} by ${receivedBy.name} (${receivedBy.role}), SHA-256 ${file.sha256}`
  return `imported, not recorded here: ${received}; when it was recorded is not proven`
}

async function checkHeads(manifest: RecordingManifest, tree: TreeFile, journal: Journal | undefined, trust: Trust, findings: Findings) {
  await findings.check('heads', async () => {
    const keys = recorderKeys(manifest, tree.origin, trust)
    const heads = []
    for (const { note } of tree.heads) heads.push(await openHead(note, tree.origin, keys))
    expectThat(journal !== undefined, 'the journal that the heads are of cannot be read')
    expectHeadsAlong(heads, journal.leafHashes)
    expectThat(heads.at(-1)?.size === journal.lines.length, 'the last head does not cover the whole journal')
    return `${heads.length} heads signed by the recorder, each one after the other`
  })
}

/**
 * Keys that may have signed the heads: those known here for that council or recorder; where none is known, those that the council's seal
 * vouches for.
 */
function recorderKeys(manifest: RecordingManifest, origin: string, trust: Trust): Uint8Array[] {
  expectThat(origin === treeOrigin(manifest.council, manifest.session, originRecorder(origin)), `${origin} is no tree of this session`)
  // What read a brought file was no recorder of a chamber: its key lived for that alone, and only the seal vouches for it.
  const known = manifest.v === 2 ? [] : trust.recorders.filter((one) => origin === one.origin || origin.startsWith(`${one.origin}/`))
  if (known.length > 0) return known.map((one) => fromBase64(one.key))
  return manifest.recorders.filter((one) => one.id === originRecorder(origin)).map((one) => fromBase64(one.publicKey))
}

function originRecorder(origin: string): string {
  return origin.split('/').at(-1) ?? ''
}

async function checkHeadTokens(manifest: RecordingManifest, tree: TreeFile, trust: Trust, findings: Findings) {
  await findings.check('head-tokens', async () => {
    const hashes = new Set<string>()
    let [first, last] = ['', '']
    let late = 0
    for (const head of tree.heads) {
      if (head.token === undefined) continue
      const token = fromBase64(head.token)
      const { time } = await verifyTimeStamp(token, new TextEncoder().encode(head.note), trust.tsaRoots)
      hashes.add(toHex(await sha256(token)))
      last = time.toISOString()
      if (first === '') first = last
      if (head.late) late++
    }
    expectThat(hashes.size > 0, 'no head carries a time-stamp')
    const lost = manifest.tokens.filter((hash) => !hashes.has(hash))
    expectThat(lost.length === 0, `${lost.length} time-stamps that the recording manifest names are not in tree.json`)
    return `${hashes.size} time-stamps from ${first} to ${last}${late > 0 ? `, ${late} of them late` : ''}`
  })
}

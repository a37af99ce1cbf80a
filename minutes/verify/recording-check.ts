import { verifyCms } from '../../storage/custody/cms.ts'
import { exportPath, recorderPaths } from '../../storage/custody/export-layout.ts'
import {
  expectHeadsAlong,
  type Journal,
  openHead,
  parseJournal,
  type TreeFile,
  treeFile,
  treeOrigin,
} from '../../storage/custody/journal-tree.ts'
import { parseDocument, parseRecordingManifest, type RecordingManifest } from '../../storage/custody/manifests.ts'
import { treeRoot } from '../../storage/custody/merkle-tree.ts'
import { fromBase64, sha256, toHex } from '../../storage/custody/sha256.ts'
import { verifyTimeStamp } from '../../storage/custody/time-stamp.ts'
import type { Trust } from '../../storage/custody/trust.ts'
import type { ImportedRecording } from '../../storage/model/imported-recording.ts'
import { expectThat, type Findings } from './findings.ts'
import type { HashedFiles } from './hashed-files.ts'
import { checkMaster, checkRecord, checkRecorderMedia, type FoundJournal, type ToldRecorder } from './media-check.ts'

/**
 * Recording manifest, its seal, each recorder's journal, tree, heads with their time-stamps, segments and gaps, whose recording is of
 * record, and the master. @returns the manifest, if it can be read
 */
export async function checkRecording(files: HashedFiles, trust: Trust, findings: Findings): Promise<RecordingManifest | undefined> {
  let manifest: RecordingManifest | undefined
  await findings.check('recording-seal', async () => {
    const bytes = files.bytes(exportPath.recordingManifest)
    const { signer, time } = await verifyCms(files.bytes(exportPath.recordingSeal), await sha256(bytes), trust)
    expectThat(time !== undefined, 'the seal carries no time-stamp')
    return `sealed by ${signer.subject} before ${time.toISOString()}`
  })
  await findings.check('identity', () => {
    manifest = parseRecordingManifest(files.bytes(exportPath.recordingManifest))
    const { council, session } = files.contents
    expectThat(
      manifest.council === council && manifest.session === session,
      'the recording manifest is of another session than contents.json',
    )
    return `${council}, session ${session}`
  })
  const imported = manifest?.imported
  if (imported) await findings.check('imported', () => checkImported(imported, files))
  const journals: FoundJournal[] = []
  const tokens = new Set<string>()
  for (const told of toldRecorders(manifest)) {
    const journal = await checkRecorder(files, manifest, told, { trust, findings, tokens })
    if (journal !== undefined) journals.push({ told, journal })
  }
  if (manifest === undefined) return undefined
  const lost = manifest.tokens.filter((hash) => !tokens.has(hash)).length
  const isTold = findings.checks.some((one) => one.code === 'head-tokens' && !one.ok)
  if (lost > 0 && !isTold) findings.fail('head-tokens', `${lost} time-stamps that the recording manifest names are not in tree.json`)
  if (manifest.recorders.length > 1) await checkRecord(manifest, journals, findings)
  await checkMaster(files, manifest, findings)
  return manifest
}

/** Without a manifest one recorder is looked for, so that what is there is still named. */
function toldRecorders(manifest: RecordingManifest | undefined): ToldRecorder[] {
  const recorders = manifest?.recorders ?? []
  if (manifest === undefined || recorders.length === 0) {
    return [{ of: { id: '' as ToldRecorder['of']['id'], publicKey: '', name: '' }, paths: recorderPaths(0), name: '' }]
  }
  return recorders.map((of, at) => ({ of, paths: recorderPaths(at), name: recorders.length > 1 ? `${of.name}: ` : '' }))
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

async function checkRecorder(
  files: HashedFiles,
  manifest: RecordingManifest | undefined,
  told: ToldRecorder,
  { trust, findings, tokens }: { trust: Trust; findings: Findings; tokens: Set<string> },
): Promise<Journal | undefined> {
  let journal: Journal | undefined
  let tree: TreeFile | undefined
  const { paths, name } = told
  const sealed = manifest?.trees.find((one) => originRecorder(one.origin) === told.of.id)
  await findings.check('journal', () => {
    journal = parseJournal(files.bytes(paths.journal))
    const root = toHex(treeRoot(journal.leafHashes))
    expectThat(
      sealed !== undefined && manifest?.trees.length === manifest?.recorders.length,
      `${name}the recording manifest names no tree of it, or others`,
    )
    expectThat(sealed.size === journal.lines.length, `${name}the journal has ${journal.lines.length} lines, sealed are ${sealed.size}`)
    expectThat(sealed.root === root, `${name}the journal gives root ${root}, sealed is ${sealed.root}`)
    const stranger = journal.lines.findIndex((line) => line.session !== manifest?.session || line.recorder !== told.of.id)
    expectThat(stranger < 0, `${name}line ${stranger + 1} of the journal is of another session or recorder`)
    return `${name}${journal.lines.length} lines give the sealed root ${root}`
  })
  await findings.check('tree', () => {
    tree = parseDocument(treeFile, files.bytes(paths.tree))
    expectThat(sealed !== undefined && sealed.origin === tree.origin, `${paths.tree} is of another tree than the recording manifest names`)
    expectThat(sealed.size === tree.size && sealed.root === tree.root, `${paths.tree} has another size or root than the recording manifest`)
    return `${tree.size} leaves under ${tree.origin}`
  })
  if (manifest !== undefined && tree !== undefined) {
    await checkHeads(manifest, told, tree, journal, trust, findings)
    await checkHeadTokens(told, tree, { trust, findings, tokens })
  }
  if (manifest !== undefined && journal !== undefined) await checkRecorderMedia(files, manifest, { told, journal }, findings)
  return journal
}

async function checkHeads(
  manifest: RecordingManifest,
  { of, name }: ToldRecorder,
  tree: TreeFile,
  journal: Journal | undefined,
  trust: Trust,
  findings: Findings,
) {
  await findings.check('heads', async () => {
    const keys = recorderKeys(manifest, tree.origin, trust)
    const heads = []
    for (const { note } of tree.heads) heads.push(await openHead(note, tree.origin, keys))
    expectThat(journal !== undefined, `${name}the journal that the heads are of cannot be read`)
    expectHeadsAlong(heads, journal.leafHashes)
    const covered = heads.at(-1)?.size ?? 0
    const rest = journal.lines.length - covered
    // A recorder that fell silent for good could sign no last head: the council's seal over its tree vouches for the rest.
    expectThat(rest === 0 || of.undelivered !== undefined, `${name}the last head does not cover the whole journal`)
    return `${name}${heads.length} heads signed by the recorder, each one after the other${rest > 0 ? `; its last ${rest} lines under the council's seal alone, since it fell silent` : ''}`
  })
}

/**
 * Keys that may have signed the heads: those known here for that council or recorder; where none is known, those that the council's seal
 * vouches for.
 */
function recorderKeys(manifest: RecordingManifest, origin: string, trust: Trust): Uint8Array[] {
  expectThat(origin === treeOrigin(manifest.council, manifest.session, originRecorder(origin)), `${origin} is no tree of this session`)
  // What read a brought file was no recorder of a chamber: its key lived for that alone, and only the seal vouches for it.
  const isOf = (one: { origin: string }) => origin === one.origin || origin.startsWith(`${one.origin}/`)
  const known = manifest.imported === undefined ? trust.recorders.filter(isOf) : []
  if (known.length > 0) return known.map((one) => fromBase64(one.key))
  return manifest.recorders.filter((one) => one.id === originRecorder(origin)).map((one) => fromBase64(one.publicKey))
}

function originRecorder(origin: string): string {
  return origin.split('/').at(-1) ?? ''
}

/** @param by.tokens gets the hash of each time-stamp that holds */
async function checkHeadTokens(
  { of, name }: ToldRecorder,
  tree: TreeFile,
  { trust, findings, tokens }: { trust: Trust; findings: Findings; tokens: Set<string> },
) {
  await findings.check('head-tokens', async () => {
    const hashes = new Set<string>()
    let [first, last] = ['', '']
    let late = 0
    for (const head of tree.heads) {
      if (head.token === undefined) continue
      const token = fromBase64(head.token)
      const { time } = await verifyTimeStamp(token, new TextEncoder().encode(head.note), trust.tsaRoots)
      const hash = toHex(await sha256(token))
      hashes.add(hash)
      tokens.add(hash)
      last = time.toISOString()
      if (first === '') first = last
      if (head.late) late++
    }
    expectThat(hashes.size > 0 || of.undelivered !== undefined, `${name}no head carries a time-stamp`)
    if (hashes.size === 0) return `${name}no head of it was time-stamped before it fell silent`
    return `${name}${hashes.size} time-stamps from ${first} to ${last}${late > 0 ? `, ${late} of them late` : ''}`
  })
}

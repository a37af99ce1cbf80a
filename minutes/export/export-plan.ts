import { type BlockTree, blockTreeFile, redactBlocks } from '../../storage/custody/block-tree.ts'
import { exportPath, recorderPaths } from '../../storage/custody/export-layout.ts'
import { journalBytes, lineLeafHash, type TreeFile, treeFile, treeOrigin } from '../../storage/custody/journal-tree.ts'
import { documentBytes, type ExportContents } from '../../storage/custody/manifests.ts'
import { treeRoot } from '../../storage/custody/merkle-tree.ts'
import { fromBase64, toHex } from '../../storage/custody/sha256.ts'
import { actaBlock, sentencesOf } from '../../storage/model/acta.ts'
import type { WithheldSpan } from '../../storage/model/closed-parts.ts'
import { isWithheld, tellsWithheld, withheldSpans } from '../../storage/model/public-view.ts'
import { isSealedLine, isSegmentLine, isStoredLine } from '../../storage/model/recording.ts'
import { sessionState } from '../../storage/model/session-state.ts'
import type { KeptJournal } from '../../storage/records/recorder-journals.ts'
import { ExportIncompleteError, type ExportMaterial } from './export-material.ts'

/** A file of an export: bytes made here, or an object of the store whose hash is known beforehand. */
export type PlannedFile = { path: string; bytes: Uint8Array } | { path: string; object: { key: string; version: string; sha256: string } }

export interface ExportPlan {
  files: PlannedFile[]
  withheld: ExportContents['withheld']
}

/** Reasons stand in contents.json, so they are as stable as codes. */
const closedPart = 'closed-part'
const personalData = 'personal-data'

/**
 * What lies where in a session's export. A custody copy holds all; a public one withholds the event log (it names who marked what) and
 * whatever a closed part touches, and lists their hashes, so that it is still provable.
 * @param blocks the acta's block tree, read from the store
 * @throws ExportIncompleteError the acta is not signed, or a segment never reached the store
 */
export function planExport(of: ExportMaterial, kind: ExportContents['kind'], blocks: BlockTree | undefined): ExportPlan {
  const segments = of.journals.flatMap((journal) => journal.lines).filter(isSegmentLine)
  const spans =
    kind === 'custody' ? [] : withheldSpans(sessionState([...of.events, ...of.closedMarks], of.council, of.session).events, segments)
  const plan: ExportPlan = { files: [], withheld: [] }
  const put = (path: string, object: { key: string; version: string; sha256: string } | undefined, reason?: string) => {
    if (object === undefined) return
    if (reason !== undefined) plan.withheld.push({ path, sha256: object.sha256, reason })
    else plan.files.push({ path, object: { key: object.key, version: object.version, sha256: object.sha256 } })
  }
  const closed = spans.length > 0 ? closedPart : undefined
  if (!of.documents.has('acta-pdf') || !of.documents.has('acta-manifest')) {
    throw new ExportIncompleteError(`session ${of.session.slug} has no signed acta yet`)
  }
  put(exportPath.acta, of.documents.get('acta-pdf'), of.acta && tellsWithheld(of.acta, spans) ? closedPart : undefined)
  put(exportPath.actaManifest, of.documents.get('acta-manifest'))
  put(exportPath.recordingManifest, of.documents.get('recording-manifest'))
  put(exportPath.recordingSeal, of.documents.get('recording-seal'))
  put(exportPath.master, of.documents.get('master'), closed)
  if (kind === 'custody') put(exportPath.original, of.documents.get('original'))
  put(exportPath.events, of.documents.get('events'), kind === 'public' ? personalData : undefined)
  put(exportPath.transcript, of.transcript, closed)
  for (const captions of of.captions) put(exportPath.captions(captions.language), captions, closed)
  if (blocks !== undefined) plan.files.push({ path: exportPath.blocks, bytes: documentBytes(blockTreeFile, withoutClosed(blocks, spans)) })
  for (const [at, journal] of of.journals.entries()) {
    for (const [leaf, line] of journal.lines.entries()) {
      if (!isStoredLine(line)) continue
      const receipt = journal.receipts.get(leaf)
      if (receipt === undefined && journal.givenUp?.lost.includes(leaf)) continue
      if (receipt === undefined) throw new ExportIncompleteError(`segment ${line.part}/${line.index} never reached the store`)
      if (isSealedLine(line)) {
        // Nobody can read it without a key, and to whom it is public it is all the same not given.
        put(recorderPaths(at).sealed(line), { ...receipt, sha256: line.sha256 }, kind === 'public' ? closedPart : undefined)
        continue
      }
      const hidden = isWithheld(line.ptsMs, line.ptsMs + line.durationMs, spans)
      put(recorderPaths(at).segment(line), { ...receipt, sha256: line.sha256 }, hidden ? closedPart : undefined)
    }
    plan.files.push(...journalFiles(of, journal, at))
  }
  plan.files.push(...logFiles(of))
  return plan
}

function journalFiles(of: ExportMaterial, { recorder, lines }: KeptJournal, at: number): PlannedFile[] {
  // Of one that was given up a head may have come in later, over more than was sealed.
  const heads = of.heads.filter((head) => head.recorder === recorder && head.size <= lines.length)
  const tree: TreeFile = {
    v: 1,
    origin: treeOrigin(of.council.dir3, of.session.id, recorder),
    size: lines.length,
    root: toHex(treeRoot(lines.map(lineLeafHash))),
    heads: heads.map(({ note, tokenBase64, late }) => ({
      note,
      ...(tokenBase64 === undefined ? {} : { token: tokenBase64 }),
      ...(late === true ? { late } : {}),
    })),
  }
  return [
    { path: recorderPaths(at).journal, bytes: journalBytes([...lines]) },
    { path: recorderPaths(at).tree, bytes: documentBytes(treeFile, tree) },
  ]
}

function logFiles(of: ExportMaterial): PlannedFile[] {
  if (of.log === undefined) return []
  const { checkpoint, tiles } = of.log
  const token = checkpoint.tokenBase64
  return [
    { path: exportPath.checkpoint, bytes: new TextEncoder().encode(checkpoint.note) },
    ...(token === undefined ? [] : [{ path: exportPath.checkpointToken, bytes: fromBase64(token) }]),
    ...tiles.map((tile) => ({ path: exportPath.logFile(tile.path), bytes: tile.bytes })),
  ]
}

/** The blocks of the acta that tell of a closed part keep only their hash. */
function withoutClosed(blocks: BlockTree, spans: WithheldSpan[]): BlockTree {
  if (spans.length === 0) return blocks
  return redactBlocks(blocks, (block) => {
    const read = actaBlock.safeParse(block)
    // What cannot be placed cannot be shown.
    if (!read.success) return true
    const sources = sentencesOf(read.data).flatMap((sentence) => sentence.sources)
    return sources.some((source) => isWithheld(source.fromMs, source.toMs, spans))
  })
}

import { blockTreeFile, verifyBlockTree } from '../../storage/custody/block-tree.ts'
import { parseCanonicalJson } from '../../storage/custody/canonical-json.ts'
import { headOfEvents, parseEventLog, votesHash } from '../../storage/custody/event-log.ts'
import { exportPath } from '../../storage/custody/export-layout.ts'
import { type ActaManifest, actaManifest, parseDocument, type RecordingManifest } from '../../storage/custody/manifests.ts'
import { sameBytes, sha256, toHex } from '../../storage/custody/sha256.ts'
import type { Trust } from '../../storage/custody/trust.ts'
import type { SessionEvent } from '../../storage/model/session-events.ts'
import { transcript } from '../../storage/model/transcript.ts'
import { verifyPdfSignatures } from '../signature/pdf-signatures.ts'
import { expectThat, type Findings } from './findings.ts'
import type { HashedFiles } from './hashed-files.ts'

/** The signed PDF by itself: its signatures, and the manifest that they cover. @returns what it binds, as far as it can be read */
export async function checkPdf(
  pdf: Uint8Array,
  trust: Trust,
  findings: Findings,
): Promise<{ attached?: Uint8Array; signedRevisions: string[] }> {
  const bound: { attached?: Uint8Array; signedRevisions: string[] } = { signedRevisions: [] }
  await findings.check('acta-pdf', async () => {
    const { checks, signatures, attachments } = await verifyPdfSignatures(pdf, trust)
    findings.add(checks)
    bound.signedRevisions = signatures.filter((one) => one.kind === 'signature').map((one) => one.revisionSha256)
    const attached = attachments.filter((one) => one.name === exportPath.actaManifest)
    if (attached.length === 1 && attached[0] !== undefined) bound.attached = attached[0].bytes
    return `${signatures.length} signatures and time-stamps, ${pdf.length} bytes`
  })
  return bound
}

/** The manifest that the signed PDF carries. @throws CheckFailedError, ZodError */
export function readAttachedManifest(attached: Uint8Array | undefined): ActaManifest {
  expectThat(attached !== undefined, `the PDF carries no single attachment ${exportPath.actaManifest}`)
  return parseDocument(actaManifest, attached)
}

/** Everything of an export that the signed acta vouches for. */
export async function checkActa(files: HashedFiles, recording: RecordingManifest | undefined, trust: Trust, findings: Findings) {
  let bound: Awaited<ReturnType<typeof checkPdf>> = { signedRevisions: [] }
  let manifest: ActaManifest | undefined
  await findings.check('acta-manifest', async () => {
    bound = await checkPdf(files.bytes(exportPath.acta), trust, findings)
    manifest = readAttachedManifest(bound.attached)
    expectThat(
      sameBytes(files.bytes(exportPath.actaManifest), bound.attached ?? new Uint8Array()),
      'acta-manifest.json is another than the one attached to the PDF',
    )
    const { council, session } = files.contents
    expectThat(manifest.council === council && manifest.session === session, 'the acta is of another session than contents.json')
    return `version ${manifest.version}, attached to the signed PDF`
  })
  if (manifest !== undefined) await checkNamedFiles(files, manifest, recording, findings)
  return { manifest, signedRevisions: bound.signedRevisions }
}

async function checkNamedFiles(files: HashedFiles, manifest: ActaManifest, recording: RecordingManifest | undefined, findings: Findings) {
  const named = manifest.recordingManifest
  if (named !== null) {
    await findings.check('recording-manifest', async () => {
      expectThat(
        toHex(await sha256(files.bytes(exportPath.recordingManifest))) === named,
        'the signed acta names another recording manifest',
      )
      return named
    })
  }
  let events: SessionEvent[] | undefined
  await findings.check('events', () => {
    if (!isShown(files, exportPath.events, manifest.events)) return 'withheld, proven by their hash'
    events = parseEventLog(files.bytes(exportPath.events))
    expectContinues(events, recording, manifest)
    return `${events.length} events`
  })
  if (events !== undefined) {
    const votes = votesHash(events)
    await findings.check('votes', () => {
      expectThat(votes === manifest.votes, `the events give votes ${votes}, signed are ${manifest.votes}`)
      return votes
    })
  }
  await findings.check('transcript', () => {
    if (manifest.transcript === null) return 'the session has no transcript'
    if (!isShown(files, exportPath.transcript, manifest.transcript)) return 'withheld, proven by its hash'
    const read = transcript.parse(parseCanonicalJson(files.bytes(exportPath.transcript)))
    expectThat(read.session === manifest.session, 'the transcript is of another session')
    return `${read.utterances.length} utterances, version ${read.version}`
  })
  await findings.check('captions', () => {
    for (const { language, sha256: hash } of manifest.captions) isShown(files, exportPath.captions(language), hash)
    return `${manifest.captions.length} languages`
  })
  await findings.check('acta-blocks', () => {
    const tree = parseDocument(blockTreeFile, files.bytes(exportPath.blocks))
    verifyBlockTree(tree, manifest.blocks)
    const withheld = tree.blocks.filter((block) => 'leafHash' in block).length
    return `${tree.blocks.length} blocks${withheld > 0 ? `, ${withheld} withheld` : ''}`
  })
}

/** @throws CheckFailedError the file is missing or has another hash than was signed; false when the copy says that it withholds it */
function isShown(files: HashedFiles, path: string, signed: string): boolean {
  const withheld = files.withheld(path)
  const found = withheld ?? files.found.get(path)?.sha256
  expectThat(found !== undefined, `${path}: is missing`)
  expectThat(found === signed, `${path}: has SHA-256 ${found}, signed is ${signed}`)
  return withheld === undefined
}

/** The events of the acta begin with those that were there when the recording was closed. */
function expectContinues(events: SessionEvent[], recording: RecordingManifest | undefined, manifest: ActaManifest): void {
  const stranger = events.findIndex((event) => event.session !== manifest.session)
  expectThat(stranger < 0, `event ${stranger + 1} is of another session`)
  if (manifest.recordingManifest === null) return
  expectThat(recording !== undefined, 'the recording manifest, whose events these continue, cannot be read')
  const { size, root } = recording.events
  expectThat(events.length >= size, `${events.length} events, at the close there were ${size}`)
  expectThat(headOfEvents(events.slice(0, size)).root === root, `the first ${size} events are not those of the close`)
}

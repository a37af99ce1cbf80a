import { exportPath } from '../../storage/custody/export-layout.ts'
import { type LogEntry, logOrigin, openCheckpoint, parseEntry } from '../../storage/custody/log.ts'
import { readLog } from '../../storage/custody/log-tiles.ts'
import { leafHash, treeRoot } from '../../storage/custody/merkle-tree.ts'
import { fromBase64, sameBytes } from '../../storage/custody/sha256.ts'
import { readUnverified } from '../../storage/custody/signed-note.ts'
import { verifyTimeStamp } from '../../storage/custody/time-stamp.ts'
import { parseHeadText } from '../../storage/custody/tree-head.ts'
import type { Trust } from '../../storage/custody/trust.ts'
import { expectThat, type Findings } from './findings.ts'
import type { HashedFiles } from './hashed-files.ts'

/** Far more than a council will ever write; bounds the work that a forged checkpoint can ask for. */
const mostEntries = 1_000_000

/** What the log must say of this session. */
export interface WantedEntries {
  recordingManifest?: string
  /** SHA-256 of the PDF as it was after each signature. */
  signedRevisions: string[]
}

/** The council's log: checkpoint, its time-stamp, tiles, and the entries that this session needs. */
export async function checkLog(files: HashedFiles, wanted: WantedEntries, trust: Trust, findings: Findings): Promise<void> {
  const origin = logOrigin(files.contents.council)
  await findings.check('log-checkpoint', async () => {
    const keys = trust.logs.map((log) => ({ name: log.origin, publicKey: fromBase64(log.key) }))
    const head = await openCheckpoint(checkpointNote(files), keys)
    expectThat(head.origin === origin, `the checkpoint is of ${head.origin}, expected ${origin}`)
    return `${head.size} entries, signed by the log of ${head.origin}`
  })
  await findings.check('log-token', async () => {
    const { time, authority } = await verifyTimeStamp(
      files.bytes(exportPath.checkpointToken),
      files.bytes(exportPath.checkpoint),
      trust.tsaRoots,
    )
    return `stamped ${time.toISOString()} by ${authority}`
  })
  let entries: LogEntry[] | undefined
  await findings.check('log', async () => {
    // Whose the checkpoint is was asked above; here its tiles are held against it, whoever signed.
    const head = parseHeadText(readUnverified(checkpointNote(files)).text)
    expectThat(head.size <= mostEntries, `the checkpoint says ${head.size} entries`)
    const read = await readLog(head.size, async (path) => files.bytes(exportPath.logFile(path)))
    expectThat(sameBytes(treeRoot(read.map(leafHash)), head.root), 'log/: the entries give another root than the checkpoint')
    entries = read.map(parseEntry)
    return `${entries.length} entries in their tiles`
  })
  await findings.check('log-inclusion', () => {
    expectThat(entries !== undefined, 'the log cannot be read')
    const { recordingManifest, signedRevisions } = wanted
    if (recordingManifest !== undefined) expectLogged(entries, ['recording-closed'], recordingManifest, 'the recording manifest')
    expectThat(signedRevisions.length > 0, 'the acta has no signed revision that the log could hold')
    for (const [at, revision] of signedRevisions.entries())
      expectLogged(entries, ['acta-version', 'acta-signed'], revision, `signed revision ${at + 1} of the acta`)
    return `recording and ${signedRevisions.length} signed revisions of the acta are in the log`
  })
}

function checkpointNote(files: HashedFiles): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(files.bytes(exportPath.checkpoint))
}

/** A revision under the council's seal alone is a version of the acta; those that people signed are signed. */
function expectLogged(entries: LogEntry[], kinds: LogEntry['kind'][], hash: string, what: string): void {
  expectThat(
    entries.some((entry) => kinds.includes(entry.kind) && entry.hashes.includes(hash)),
    `the log has no entry ${kinds.join(' or ')} with the SHA-256 of ${what}, ${hash}`,
  )
}

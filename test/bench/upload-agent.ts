import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { openAgentIdentity } from '../../recorder/agent-identity.ts'
import { readClock } from '../../recorder/clock.ts'
import { ControlLink } from '../../recorder/control-link.ts'
import { enrolment } from '../../recorder/control-protocol.ts'
import { Outbox } from '../../recorder/outbox.ts'
import { SegmentSpool } from '../../recorder/segment-spool.ts'
import { SegmentUploader } from '../../recorder/segment-uploader.ts'
import { sessionId } from '../../storage/model/ids.ts'

/**
 * The delivery side of an agent at the far end of a line, for the bench `upload`: each line of its input is a number of bytes, of which it
 * closes a segment; prints `{leaf, closedAtMs, confirmedAtMs}` of each that the store confirmed. Ends with its input.
 */
const [enrolmentFile = '', keyFile = '', spoolFolder = '', sessionText = ''] = process.argv.slice(2)
const session = sessionId.parse(sessionText)
const identity = await openAgentIdentity(enrolment.parse(JSON.parse(readFileSync(enrolmentFile, 'utf8'))), keyFile)
const folder = join(spoolFolder, session)
await mkdir(spoolFolder, { recursive: true })
await using spool = await SegmentSpool.open(folder, { session, recorder: identity.enrolment.recorder })
await using outbox = await Outbox.open(join(folder, 'outbox.jsonl'), session)
const closed = new Map<number, number>()
const report = () => {
  for (const [leaf, closedAtMs] of closed) {
    if (spool.receiptOf(leaf) === undefined) continue
    closed.delete(leaf)
    process.stdout.write(`${JSON.stringify({ leaf, closedAtMs, confirmedAtMs: Date.now() })}\n`)
  }
}
// The two know each other as they do in the recorder.
const know: { link?: ControlLink } = {}
await using uploader = new SegmentUploader({ identity, onReceipt: report, onLineBack: () => know.link?.dialAfresh() })
await using link = new ControlLink({
  identity,
  onCommand: async () => undefined,
  onConnection: (connected) => connected && uploader.retryNow(),
  onRefused: (error) => process.stderr.write(`${error}\n`),
})
know.link = link
link.carry(outbox)
uploader.carry(spool)
for await (const asked of createInterface({ input: process.stdin })) {
  const index = spool.lines.length
  const place = { part: 0, track: 'master', index }
  await mkdir(dirname(spool.segmentPath(place)), { recursive: true })
  await writeFile(spool.segmentPath(place), randomBytes(Number(asked)))
  closed.set(index, Date.now())
  const content = await spool.keepSegment({ ...place, ptsMs: index * 4000, durationMs: 4000, clock: readClock(), tail: false })
  if (content === undefined) throw new Error('a segment was not kept')
  await outbox.add({ type: 'journal', line: index, content })
  link.wake()
  uploader.wake()
}

import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { openAgentIdentity } from '../../../recorder/agent-identity.ts'
import { readClock } from '../../../recorder/clock.ts'
import { ControlLink } from '../../../recorder/control-link.ts'
import { enrolment } from '../../../recorder/control-protocol.ts'
import { Outbox } from '../../../recorder/outbox.ts'
import { SegmentSpool } from '../../../recorder/segment-spool.ts'
import { SegmentUploader } from '../../../recorder/segment-uploader.ts'
import { sessionId } from '../../../storage/model/ids.ts'
import { isSegmentLine } from '../../../storage/model/recording.ts'

/**
 * The delivery side of an agent, in a process of its own: every four seconds a segment is closed (with `proxy`: one each of sound, low
 * picture and master, of the sizes of study-recorder.md §3.3), journalled, said and sent. Prints `{track, leaf, lagMs, bytes, atMs}` for
 * each that was confirmed, and ends when all are.
 */
const [enrolmentFile = '', keyFile = '', spoolFolder = '', sessionText = '', seconds = '0', cap = '0', withProxy = ''] =
  process.argv.slice(2)
const session = sessionId.parse(sessionText)
const identity = await openAgentIdentity(enrolment.parse(JSON.parse(readFileSync(enrolmentFile, 'utf8'))), keyFile)
const folder = join(spoolFolder, session)
await mkdir(spoolFolder, { recursive: true })
const spool = await SegmentSpool.open(folder, { session, recorder: identity.enrolment.recorder })
const outbox = await Outbox.open(join(folder, 'outbox.jsonl'), session)
const reported = new Set(spool.lines.flatMap((line, leaf) => (isSegmentLine(line) && spool.receiptOf(leaf) !== undefined ? [leaf] : [])))
const report = () => {
  for (const [leaf, line] of spool.lines.entries()) {
    if (!isSegmentLine(line) || reported.has(leaf) || spool.receiptOf(leaf) === undefined) continue
    reported.add(leaf)
    const { track, bytes, wallMs } = line
    process.stdout.write(`${JSON.stringify({ track, leaf, lagMs: Date.now() - wallMs, bytes, atMs: Date.now() })}\n`)
  }
}
const uploader = new SegmentUploader({ identity, ...(cap === '0' ? {} : { bytesPerSecond: Number(cap) }), onReceipt: report })
const link = new ControlLink({
  identity,
  onCommand: async () => undefined,
  onConnection: (connected) => connected && uploader.retryNow(true),
  onRefused: (error) => process.stderr.write(`${error}\n`),
})
link.carry(outbox)
uploader.carry(spool)
const sizes = withProxy === 'true' ? { mix: 32_000, proxy: 200_000, master: 600_000 } : { master: 600_000 }
const first = spool.lines.filter((line) => isSegmentLine(line) && line.track === 'master').length
for (let index = first; index < first + Number(seconds) / 4; index++) {
  const closedAt = performance.now()
  for (const [track, sizeBytes] of Object.entries(sizes)) {
    const place = { part: 0, track, index }
    await mkdir(dirname(spool.segmentPath(place)), { recursive: true })
    await writeFile(spool.segmentPath(place), randomBytes(sizeBytes))
    const line = await spool.keepSegment({ ...place, ptsMs: index * 4000, durationMs: 4000, clock: readClock(), tail: false })
    if (line !== undefined) await outbox.add({ type: 'journal', line: spool.lines.length - 1, content: line })
  }
  link.wake()
  uploader.wake()
  await wait(Math.max(0, 4000 - (performance.now() - closedAt)))
}
// A line that was journalled and not said, when the agent before was killed in between.
for (let line = outbox.said.lines; line < spool.lines.length; line++) {
  const content = spool.lines[line]
  if (content !== undefined) await outbox.add({ type: 'journal', line, content })
}
while (spool.counts.unconfirmed > 0) {
  link.wake()
  await wait(100)
}
report()
await uploader[Symbol.asyncDispose]()
await link[Symbol.asyncDispose]()
await outbox[Symbol.asyncDispose]()
await spool[Symbol.asyncDispose]()

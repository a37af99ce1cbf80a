import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { readClock } from '../../recorder/clock.ts'
import { Outbox } from '../../recorder/outbox.ts'
import { SegmentSpool } from '../../recorder/segment-spool.ts'
import { treeOrigin } from '../../storage/custody/journal-tree.ts'
import { makeNoteKey, noteSigner } from '../../storage/custody/note-key.ts'
import { newId, recorderId, sessionId } from '../../storage/model/ids.ts'

export interface LongSession {
  segments: number
  lines: number
  /** Spool and outbox opened again, ms: the best of three, since the machine is not ours alone. */
  recoveryMs: number
  /** Heap after the last segment against after the first tenth, both after a collection. */
  heapGrowthMb: number
  /** CPU of this process for one segment: all, and the last tenth. The disk's own waits are not in it. */
  cpuMsPerSegment: number
  cpuMsAtEnd: number
  /** Root of the tree, before and after. */
  roots: [string, string]
}

/** Writes that many segments (of little content: it is the bookkeeping that is measured) as an agent does, and opens them again. */
export async function measureLongSession(folder: string, segments: number): Promise<LongSession> {
  const [session, recorder] = [sessionId.parse(newId()), recorderId.parse(newId())]
  const signer = await noteSigner(treeOrigin('L01000001', session, recorder), await makeNoteKey())
  const identity = { session, recorder, signer }
  const spool = await SegmentSpool.open(join(folder, session), identity)
  const outbox = await Outbox.open(join(folder, session, 'outbox.jsonl'), session)
  await mkdir(dirname(spool.segmentPath({ part: 0, index: 0 })), { recursive: true })
  const times: number[] = []
  let heapAtTenth = 0
  for (let index = 0; index < segments; index++) {
    const from = process.cpuUsage()
    await writeFile(spool.segmentPath({ part: 0, index }), `segment ${index}`)
    const closed = { part: 0, index, ptsMs: index * 4000, durationMs: 4000, clock: readClock(), tail: false }
    const content = await spool.keepSegment(closed)
    if (content === undefined) throw new Error(`segment ${index} was not kept`)
    await outbox.add({ type: 'journal', line: index, content })
    if (index % 8 === 7) await outbox.add({ type: 'head', note: (await spool.signHead()) ?? '' })
    for (let next = outbox.next(); next !== undefined; next = outbox.next()) await outbox.acknowledge(next.seq)
    const [waiting] = spool.waitingIn('master')
    if (waiting)
      await spool.keepReceipt(waiting.leaf, { key: `k/${index}`, version: '1', sha256: content.sha256, sizeBytes: content.bytes })
    const { user, system } = process.cpuUsage(from)
    times.push((user + system) / 1000)
    if (index === Math.floor(segments / 10)) heapAtTenth = heapMb()
  }
  const heapAtEnd = heapMb()
  const { root } = spool
  await outbox[Symbol.asyncDispose]()
  await spool[Symbol.asyncDispose]()
  const recoveries: number[] = []
  let again = ''
  for (let round = 0; round < 3; round++) {
    const from = performance.now()
    await using opened = await SegmentSpool.open(join(folder, session), identity)
    await using _outbox = await Outbox.open(join(folder, session, 'outbox.jsonl'), session)
    recoveries.push(performance.now() - from)
    again = opened.root
  }
  const last = times.slice(-Math.ceil(segments / 10))
  return {
    ...{ segments, lines: segments, recoveryMs: Math.round(Math.min(...recoveries)) },
    heapGrowthMb: Number((heapAtEnd - heapAtTenth).toFixed(1)),
    cpuMsPerSegment: Number(median(times).toFixed(2)),
    cpuMsAtEnd: Number(median(last).toFixed(2)),
    roots: [root, again],
  }
}

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

function heapMb(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed / 1e6
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readClock } from '../../recorder/clock.ts'
import { readDiskRoom } from '../../recorder/disk-room.ts'
import { keptForMs, type SparedSegment, segmentsToRemove } from '../../recorder/retention-plan.ts'
import { SegmentSpool } from '../../recorder/segment-spool.ts'
import { SpoolCopies } from '../../recorder/spool-copies.ts'
import { newId } from '../../storage/model/ids.ts'
import { isSegmentLine } from '../../storage/model/recording.ts'
import { runProgram } from '../../storage/programs/run-program.ts'

const now = 1_800_000_000_000
const day = 24 * 3600_000
const spared = (leaf: number, ageMs: number, of: Partial<SparedSegment> = {}): SparedSegment => ({
  ...{ session: 's', leaf, bytes: 10, wallMs: now - ageMs, active: false },
  ...of,
})
const room = (usedPercent: number) => ({ totalBytes: 1000, freeBytes: 1000 - usedPercent * 10 })
const leaves = (of: SparedSegment[]) => of.map((one) => one.leaf)

describe('The copies of the chamber', () => {
  test('stay for thirty days while there is room', () => {
    const copies = [spared(1, keptForMs - day), spared(2, keptForMs + day), spared(3, 0)]
    expect(leaves(segmentsToRemove(copies, room(80), now))).toEqual([2])
  })

  test('go the oldest first where the disk passes 80 %, and no more of them than it needs', () => {
    const copies = [spared(1, 2 * day), spared(2, 3 * day), spared(3, day), spared(4, 4 * day)]
    // 81 % used: 30 bytes bring it to 78 %.
    expect(leaves(segmentsToRemove(copies, room(81), now))).toEqual([4, 2, 1])
    expect(leaves(segmentsToRemove(copies, room(99), now))).toEqual([4, 2, 1, 3])
  })

  test('of a session that is being recorded stay ten minutes whatever happens', () => {
    const copies = [spared(1, 9 * 60_000, { active: true }), spared(2, 11 * 60_000, { active: true })]
    expect(leaves(segmentsToRemove(copies, room(99), now))).toEqual([2])
  })
})

test('the room of a disk is what df says: what a file system keeps back is not used', async () => {
  const { stdout } = await runProgram('df', ['-B1', '--output=used,avail', tmpdir()])
  const [used = 0, avail = 0] = new TextDecoder().decode(stdout).split('\n')[1]?.trim().split(/\s+/).map(Number) ?? []
  const { freeBytes, totalBytes } = await readDiskRoom(tmpdir())
  // Others write meanwhile.
  expect((totalBytes - freeBytes) / totalBytes).toBeCloseTo(used / (used + avail), 2)
})

describe('A spool', () => {
  let folder: string
  let spool: SegmentSpool
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'escano-copies-'))
    spool = await SegmentSpool.open(join(folder, 's'), { session: newId(), recorder: newId() })
    for (const index of [0, 1, 2, 3]) {
      const path = spool.segmentPath({ part: 0, index })
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, `segment ${index}`)
      await spool.keepSegment({ part: 0, index, ptsMs: index * 4000, durationMs: 4000, clock: readClock(), tail: false })
    }
    // The first three are confirmed, the third as other bytes than were journalled.
    for (const leaf of [0, 1, 2]) {
      const line = spool.lines[leaf]
      if (line === undefined || !isSegmentLine(line)) throw new Error('a segment')
      const sha256 = leaf === 2 ? 'f'.repeat(64) : line.sha256
      await spool.keepReceipt(leaf, { key: `k${leaf}`, version: '1', sha256, sizeBytes: line.bytes })
    }
  })
  afterEach(async () => {
    await spool[Symbol.asyncDispose]()
    await rm(folder, { recursive: true })
  })
  const onDisk = async () => (await readdir(join(folder, 's', 'part-000'))).sort()
  const open = () => SpoolCopies.open(spool)

  test('gives up only what has a receipt over these very bytes, whoever asks for what', async () => {
    await using copies = await open()
    expect(copies.spared.map((one) => one.leaf)).toEqual([0, 1])
    await copies.remove([0, 1, 2, 3, 77], now)
    expect(await onDisk()).toEqual(['s00002.ts', 's00003.ts'])
    expect(await copies.look(true)).toMatchObject({ segments: 4, confirmed: 3, removed: 2, missing: [], altered: [], bytes: 18 })
  })

  test('cut off between the file and its line goes on where it was, and twice is once', async () => {
    await rm(spool.segmentPath({ part: 0, index: 0 }))
    {
      await using copies = await open()
      // Gone, and nothing says why: told, until the removal is done again.
      expect((await copies.look(true))?.missing).toEqual([0])
      await copies.remove([0], now)
      await copies.remove([0], now)
      expect((await copies.look(true))?.missing).toEqual([])
    }
    const kept = join(folder, 's', 'removed.jsonl')
    const lines = await readFile(kept, 'utf8')
    expect(lines.trim().split('\n')).toHaveLength(1)
    await writeFile(kept, `${lines}{"leaf":1,"at`)
    await using again = await open()
    expect(again.spared.map((one) => one.leaf)).toEqual([1])
    expect((await again.look(true))?.removed).toBe(1)
  })

  test('tells what is not as its journal says: gone, another size, or other bytes where there is no receipt', async () => {
    const [first, second, last] = [0, 1, 3].map((index) => spool.segmentPath({ part: 0, index }))
    await rm(first ?? '')
    await writeFile(second ?? '', 'shorter')
    await writeFile(last ?? '', 'Segment 3')
    await using copies = await open()
    expect(await copies.look(true)).toMatchObject({ missing: [0], altered: [1, 3] })
    // While it is recorded nobody reads hours of it again.
    expect(await copies.look(false)).toMatchObject({ missing: [0], altered: [1] })
  })
})

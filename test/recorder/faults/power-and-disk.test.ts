import { rm, stat } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { Recording } from '../../../recorder/recording.ts'
import { SegmentSpool } from '../../../recorder/segment-spool.ts'
import { parseSource } from '../../../recorder/source.ts'
import { solePlan } from '../../../recorder/track-plan.ts'
import { newId } from '../../../storage/model/ids.ts'
import { findFfmpeg } from '../../../storage/programs/ffmpeg.ts'
import { missingCutDisk, openCutDisk } from '../../servers/cut-disk.ts'
import { capturedMs, capturePid, gapsOf, killIfThere, probeJoined, sample, segmentsOf } from '../recorded.ts'
import { countWrong, noteFault, secondsSince } from './fault-table.ts'

const missing = await missingCutDisk()

describe.skipIf(missing !== undefined)(`a disk of its own (ext4 on a loop device${missing === undefined ? '' : `; ${missing}`})`, () => {
  test('that hangs is told of within 6 s and nothing is lost; when its power is cut 2 s are at most (study-recorder.md §4)', {
    timeout: 180_000,
  }, async () => {
    await using disk = await openCutDisk(120)
    const of = { ffmpeg: await findFfmpeg(process.env), plan: solePlan(parseSource(sample)) }
    const ids = { session: newId(), recorder: newId() }
    const folder = `${disk.folder}/session`
    const spool = await SegmentSpool.open(folder, ids)
    const recording = new Recording({ ...of, spool })
    recording.begin()
    await expect.poll(() => segmentsOf(spool).length).toBeGreaterThan(0)

    await disk.freeze()
    const frozenAt = performance.now()
    const codes = () => recording.view.alarms.map((one) => one.code)
    await expect.poll(codes).toEqual(['not-written'])
    const alarmSeconds = secondsSince(frozenAt)
    await disk.thaw()
    await expect.poll(() => [codes(), recording.view.state]).toEqual([[], 'recording'])
    expect(gapsOf(spool)).toEqual([])
    expect(alarmSeconds).toBeLessThanOrEqual(6)

    const before = segmentsOf(spool).length
    await expect.poll(() => segmentsOf(spool).length).toBeGreaterThan(before)
    // What is journalled from before the hang to after it, against what ffprobe finds in it.
    const through = segmentsOf(spool)
    const { videoSeconds, monotonous } = await probeJoined(through.map((line) => spool.segmentPath(line)))
    const hungSeconds = Math.max(0, through.reduce((sum, line) => sum + line.durationMs, 0) / 1000 - videoSeconds)
    noteFault({
      ...{ fault: 'disk that hangs (fsfreeze)', lostSeconds: Math.round(hungSeconds * 100) / 100, gapSeconds: 0, alarmSeconds },
      ...(await countWrong(spool)),
    })
    expect(hungSeconds).toBeLessThan(0.2)
    expect(monotonous).toBe(true)
    await new Promise((resolve) => setTimeout(resolve, 1700))
    const pid = await capturePid(spool, 0)
    const captured = await capturedMs(spool, 0)
    await disk.cut()
    killIfThere(pid)
    const cutAt = performance.now()
    await expect.poll(() => recording.view.state).not.toBe('recording')
    const toldSeconds = secondsSince(cutAt)
    recording.suspend()
    await recording.ended.catch(() => undefined)
    await spool[Symbol.asyncDispose]().catch(() => undefined)

    await disk.again()
    // What ffmpeg itself noted was never synced: the journal must be enough.
    await rm(`${spool.partFolder(0)}/list.csv`)
    await using back = await SegmentSpool.open(folder, ids)
    await using again = new Recording({ ...of, spool: back })
    again.begin()
    await expect.poll(() => again.view.state).toBe('recording')
    const recovered = segmentsOf(back).filter((line) => line.part === 0)
    const endMs = Math.max(...recovered.map((line) => line.ptsMs + line.durationMs))
    again.stop()
    await again.ended
    const counted = await countWrong(back)
    for (const line of segmentsOf(back)) expect((await stat(back.segmentPath(line))).size).toBeGreaterThan(0)
    const [gap] = gapsOf(back)
    const lostSeconds = Math.max(0, Math.round(captured - endMs)) / 1000
    noteFault({
      ...{ fault: 'power cut (ext4 shutdown), all processes gone', lostSeconds, alarmSeconds: toldSeconds, ...counted },
      gapSeconds: ((gap?.toMs ?? 0) - (gap?.fromMs ?? 0)) / 1000,
    })
    expect(lostSeconds).toBeLessThanOrEqual(2)
    expect(counted).toEqual({ wrong: 0, double: 0 })
    expect(gap).toMatchObject({ fromMs: endMs, cause: 'agent-restarted' })
    await rm(folder, { recursive: true })
  })
})

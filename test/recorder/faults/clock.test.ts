import { access, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { clockSteps } from '../../../recorder/clock-watch.ts'
import { Recording } from '../../../recorder/recording.ts'
import { SegmentSpool } from '../../../recorder/segment-spool.ts'
import { parseSource } from '../../../recorder/source.ts'
import { solePlan } from '../../../recorder/track-plan.ts'
import { canonicalJson } from '../../../storage/custody/canonical-json.ts'
import { parseJournal } from '../../../storage/custody/journal-tree.ts'
import { isSegmentLine } from '../../../storage/model/recording.ts'
import { findFfmpeg } from '../../../storage/programs/ffmpeg.ts'
import { runProgram } from '../../../storage/programs/run-program.ts'
import { repository } from '../../journeys/escano.ts'
import { capturePid, gapsOf, openRecording, sample, segmentsOf } from '../recorded.ts'
import { countWrong, lostSeconds, noteFault } from './fault-table.ts'

/** libfaketime as Debian lays it: it steps the clock of one process and its children, never the machine's. */
const fakeTime = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1'
const missing = await access(fakeTime).then(
  () => undefined,
  () => 'libfaketime is not installed',
)

describe.skipIf(missing !== undefined)(
  `a clock that steps while a session is recorded${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  () => {
    test('changes nothing of the media line, and the anchors show the step', { timeout: 120_000 }, async () => {
      const out = await mkdtemp(join(tmpdir(), 'escano-clock-'))
      const clockFile = join(out, 'clock')
      await writeFile(clockFile, '+0')
      const args = ['--import', 'tsx', 'escano.ts', 'record', '--source', 'test:', '--out', join(out, 'spool'), '--seconds', '15', '--json']
      const env = {
        ...{ LD_PRELOAD: fakeTime, FAKETIME_TIMESTAMP_FILE: clockFile, FAKETIME_DONT_FAKE_MONOTONIC: '1', FAKETIME_CACHE_DURATION: '1' },
      }
      const running = runProgram(process.execPath, args, { cwd: repository, env, timeoutMs: 100_000 })
      const journal = async () => {
        const [session = ''] = (await readdir(join(out, 'spool')).catch(() => [])).filter((name) => !name.startsWith('.'))
        return parseJournal(new Uint8Array(await readFile(join(out, 'spool', session, 'journal.jsonl')).catch(() => new Uint8Array())))
          .lines
      }
      await expect.poll(async () => (await journal()).length).toBeGreaterThan(0)
      await writeFile(clockFile, '-30')
      await expect.poll(async () => clockSteps(await journal()).length).toBe(1)
      await writeFile(clockFile, '+3600')
      const answered: unknown = JSON.parse(new TextDecoder().decode((await running).stdout))
      const lines = await journal()
      const segments = lines.filter(isSegmentLine)
      expect(segments.length).toBeGreaterThan(2)
      expect(lines.length).toBe(segments.length)
      let at = 0
      for (const line of segments) {
        expect(line.ptsMs).toBe(at)
        at += line.durationMs
      }
      const steps = clockSteps(lines)
      expect(steps.map((one) => Math.round(one.stepMs / 1000))).toEqual([-30, 3630])
      expect(answered).toMatchObject({ gaps: [], clockSteps: steps })
      const [first] = segments
      await using spool = await SegmentSpool.open(join(out, 'spool', first?.session ?? ''), first as NonNullable<typeof first>)
      noteFault({
        ...{ fault: 'clock −30 s, then +1 h (libfaketime)', lostSeconds: await lostSeconds(spool), gapSeconds: 0 },
        ...{ ...(await countWrong(spool)), note: 'both steps in the anchors' },
      })
      await rm(out, { recursive: true })
    })
  },
)

test('a clock put back by 30 s while agent and ffmpeg are dead does not change how long the gap was', { timeout: 120_000 }, async () => {
  await using first = await openRecording({ source: sample })
  const { recording, spool, folder } = first
  recording.begin()
  await expect.poll(() => segmentsOf(spool).length).toBe(1)
  const pid = await capturePid(spool, 0)
  recording.suspend()
  const [line] = segmentsOf(spool)
  const askedAt = performance.now()
  await recording.ended
  const endedAt = performance.now()
  expect(() => process.kill(pid, 0)).toThrow()
  await spool[Symbol.asyncDispose]()
  // As after a crash in the middle: the tail is not journalled. All that was noted is of a clock 30 s ahead of what it is now.
  await writeFile(
    join(folder, 'session', 'journal.jsonl'),
    Buffer.concat([canonicalJson({ ...line, wallMs: (line?.wallMs ?? 0) + 30_000 }), Buffer.from('\n')]),
  )
  const tail = spool.segmentPath({ part: 0, index: 1 })
  const ahead = new Date((await stat(tail)).mtimeMs + 30_000)
  await utimes(tail, ahead, ahead)
  await new Promise((resolve) => setTimeout(resolve, 1500))
  await using back = await SegmentSpool.open(join(folder, 'session'), line as NonNullable<typeof line>)
  await using again = new Recording({ ffmpeg: await findFfmpeg(process.env), plan: solePlan(parseSource(sample)), spool: back })
  const begunAt = performance.now()
  again.begin()
  await expect.poll(() => gapsOf(back).length).toBe(1)
  again.stop()
  await again.ended
  const gapMs = (gapsOf(back)[0]?.toMs ?? 0) - (gapsOf(back)[0]?.fromMs ?? 0)
  expect(gapMs).toBeGreaterThan(begunAt - endedAt - 200)
  expect(gapMs).toBeLessThan(performance.now() - askedAt + 200)
  noteFault({
    ...{ fault: 'clock −30 s while all are dead', lostSeconds: await lostSeconds(back), gapSeconds: gapMs / 1000 },
    ...(await countWrong(back)),
  })
})

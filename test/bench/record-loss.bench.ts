import { appendFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { missingCutDisk } from '../servers/cut-disk.ts'
import { measureAgentKill, measureKill, measurePowerCut } from './record-loss.ts'

/**
 * `npm run bench -- record-loss [--runs 8] [--cuts 3] [--seconds 20]`: what is lost of a recording when ffmpeg is killed -9, when the agent
 * is, and when the power is cut (ext4 on a loop disk, as root). Beside it, in the same run and of the same source at the same moment: one
 * plain MP4, the hls muxer and one Matroska (design.md §4). What was captured is what ffmpeg itself says it gave out, ten times a second.
 */
const { values } = parseArgs({
  options: { runs: { type: 'string' }, cuts: { type: 'string' }, seconds: { type: 'string' }, json: { type: 'boolean' } },
})
const [runs, cuts, seconds] = [Number(values.runs ?? 8), Number(values.cuts ?? 3), Number(values.seconds ?? 20)]

const spread = (all: readonly number[]) => ({
  mean: Number((all.reduce((sum, one) => sum + one, 0) / all.length).toFixed(2)),
  max: Number(Math.max(...all).toFixed(2)),
})
const byName = (all: readonly Record<string, number>[]) =>
  Object.fromEntries(Object.keys(all[0] ?? {}).map((name) => [name, spread(all.map((one) => one[name] ?? Number.NaN))]))

const folder = await mkdtemp(join(tmpdir(), 'escano-loss-'))
try {
  const kills: Record<string, number>[] = []
  for (let run = 0; run < runs; run++) kills.push(await measureKill(join(folder, `kill-${run}`), 9 + (run * 4) / runs))
  const agent = await measureAgentKill(join(folder, 'agent'))
  const missing = await missingCutDisk()
  const powerCuts: Record<string, number>[] = []
  for (let run = 0; missing === undefined && run < cuts; run++) powerCuts.push(await measurePowerCut(seconds + (run * 4) / cuts))
  const result = {
    ...{ bench: 'record-loss', at: new Date().toISOString(), runs, cuts: powerCuts.length, secondsBeforeCut: seconds },
    ...{ ffmpegKilled: byName(kills), agentKilled: agent, powerCut: missing ?? byName(powerCuts) },
    goal: { ffmpegKilled: { mean: 0.4, max: 1 }, agentKilled: 0, powerCut: { max: 1 } },
  }
  appendFileSync(join(import.meta.dirname, 'results', 'record-loss.jsonl'), `${JSON.stringify(result)}\n`)
  if (values.json) console.log(JSON.stringify(result))
  else {
    console.log(
      `record-loss: seconds lost, mean and worst of ${runs} kills of ffmpeg (goal 0.4, 1) and of ${powerCuts.length} power cuts (goal ≤ 1)`,
    )
    console.table({
      ...prefixed('killed: ', result.ffmpegKilled),
      ...(missing === undefined ? prefixed('power cut: ', byName(powerCuts)) : {}),
    })
    console.log(
      `agent killed -9: ${agent.lostSeconds} s lost (goal 0), taken over after ${agent.backSeconds} s${missing ? `; ${missing}` : ''}`,
    )
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}

function prefixed<T>(prefix: string, of: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(of).map(([name, value]) => [prefix + name, value]))
}

import { execFileSync } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runSoak } from './soak-run.ts'

/**
 * `npm run soak [-- --minutes 30 --seed N]`: one recorder at real time through three network cuts, two kills of the agent, one of ffmpeg
 * and one step of its clock; then every segment, hash, gap and the sound's offset are looked at. Appends to test/bench/results/soak.jsonl.
 * As root the network is a namespace whose packets iptables drops; else a proxy. Exit 0 only if everything is accepted.
 */
const { values } = parseArgs({ options: { minutes: { type: 'string' }, seed: { type: 'string' } } })
const minutes = Number(values.minutes ?? 30)
const seed = Number(values.seed ?? Date.now() % 1_000_000)
if (!(minutes >= 0.5 && minutes <= 600) || !Number.isInteger(seed)) throw new Error('--minutes 0.5 to 600, --seed a whole number')
const commit = execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim()
const figures = await runSoak({ seconds: Math.round(minutes * 60), seed, say: (line) => console.error(line) })
const result = { bench: 'soak', at: new Date().toISOString(), commit, seed, minutes, ...figures }
appendFileSync(join(import.meta.dirname, '..', 'bench', 'results', 'soak.jsonl'), `${JSON.stringify(result)}\n`)
console.log(JSON.stringify(result, undefined, 2))
process.exitCode = figures.accepted ? 0 : 1

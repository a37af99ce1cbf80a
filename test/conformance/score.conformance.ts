/**
 * `npm run conformance`: 200 random STM and RTTM pairs scored here, by meeteval (WER, cpWER, tcpWER) and by pyannote.metrics (DER), which it
 * installs from PyPI into a folder of the user's cache. Fails on a difference above 1e-6; figures go to test/bench/results/conformance.jsonl.
 */
import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { formatRttm, parseRttm } from '../../transcriber/formats/rttm.ts'
import { formatStm, parseStm } from '../../transcriber/formats/stm.ts'
import { scoreTurns, scoreWords } from '../../transcriber/score/score-transcript.ts'
import { randomPair } from './random-pairs.ts'

const pairs = 200
const packages = ['meeteval==0.4.3', 'pyannote.metrics==4.0.0', 'typing_extensions==4.15.0']
const farthest = 1e-6

/** A Python with the outside scorers, made once. */
async function python(): Promise<string> {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache')
  const folder = join(cache, 'escano', 'conformance-meeteval-0.4.3')
  const path = join(folder, 'bin', 'python')
  const ready = await execa(path, ['-c', 'import meeteval, pyannote.metrics'], { reject: false }).then((run) => run.exitCode === 0)
  if (ready) return path
  console.error(`installing ${packages.join(' and ')} into ${folder}`)
  await mkdir(folder, { recursive: true })
  await execa('python3', ['-m', 'venv', folder], { stdio: 'inherit' })
  await execa(path, ['-m', 'pip', 'install', '--quiet', ...packages], { stdio: ['ignore', 2, 2] })
  return path
}

type Figures = Record<string, number>

function ours(reference: string, hypothesis: string, turns: string, foundTurns: string): Figures {
  const words = scoreWords(parseStm(reference), parseStm(hypothesis))
  const { der } = scoreTurns(parseRttm(turns), parseRttm(foundTurns))
  const rates = Object.entries({ wer: words.wer.raw, cpwer: words.cpwer.raw, tcpwer: words.tcpwer.raw }).flatMap(([name, one]) => [
    [`${name}.errors`, one.substitutions + one.deletions + one.insertions],
    [`${name}.words`, one.words],
  ])
  const turned = Object.entries(der).flatMap(([collar, one]) =>
    Object.entries(one).map(([part, value]) => [`der.${collar}.${part}`, value]),
  )
  return Object.fromEntries([...rates, ...turned])
}

function flat(of: object, prefix = ''): Figures {
  return Object.fromEntries(
    Object.entries(of).flatMap(([name, value]) =>
      typeof value === 'number'
        ? [[prefix + name, value]]
        : typeof value === 'object'
          ? Object.entries(flat(value, `${prefix}${name}.`))
          : [],
    ),
  )
}

const folder = await mkdtemp(join(tmpdir(), 'escano-conformance-'))
try {
  const own = new Map<string, Figures>()
  for (let seed = 1; seed <= pairs; seed++) {
    const name = String(seed).padStart(3, '0')
    const { reference, hypothesis, turns } = randomPair(seed)
    const files = [formatStm(reference), formatStm(hypothesis), formatRttm(turns[0]), formatRttm(turns[1])] as const
    own.set(name, ours(...files))
    const names = ['ref.stm', 'hyp.stm', 'ref.rttm', 'hyp.rttm']
    for (const [i, text] of files.entries()) await writeFile(join(folder, `${name}.${names[i]}`), text)
  }
  const run = await execa(await python(), [join(import.meta.dirname, 'outside_scores.py'), folder], { stderr: 'pipe' })
  const worst = new Map<string, number>()
  const wrong: string[] = []
  const judged = run.stdout.split('\n').map((line) => JSON.parse(line) as { name: string })
  for (const { name, ...theirs } of judged) {
    for (const [figure, value] of Object.entries(flat(theirs))) {
      const difference = Math.abs(value - (own.get(name)?.[figure] ?? Number.NaN))
      worst.set(figure, Math.max(worst.get(figure) ?? 0, difference))
      if (!(difference <= farthest)) wrong.push(`pair ${name}, ${figure}: ${own.get(name)?.[figure]} here, ${value} there`)
    }
  }
  const result = {
    conformance: 'score',
    pairs: judged.length,
    packages,
    at: new Date().toISOString().slice(0, 10),
    differences: wrong.length,
    worst: Object.fromEntries(worst),
  }
  console.log(JSON.stringify(result, null, 1))
  await appendFile(join(import.meta.dirname, '..', 'bench', 'results', 'conformance.jsonl'), `${JSON.stringify(result)}\n`)
  for (const one of wrong.slice(0, 20)) console.error(one)
  if (wrong.length > 0 || judged.length !== pairs) process.exitCode = 1
} finally {
  await rm(folder, { recursive: true, force: true })
}

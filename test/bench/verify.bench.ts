import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { verifyPath } from '../../minutes/verify/verify-path.ts'
import { runProgram } from '../../storage/programs/run-program.ts'
import { makeSmallExport } from '../minutes/verify/small-export.ts'
import { startOpensslAuthority } from '../servers/openssl-authority.ts'

/** A session of 1,200 segments of 1 MB, verified whole, beside `sha256sum` over the same files (design.md §4 `verify`). */
const segments = 1200
const bytes = 1_000_000
const rounds = 5

await using authority = await startOpensslAuthority()
const { files, trust } = await makeSmallExport(authority, { segments, bytes })
const folder = await mkdtemp(join(tmpdir(), 'escano-bench-'))
try {
  let total = 0
  for (const [path, content] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
    total += content.length
  }
  const ours: number[] = []
  const theirs: number[] = []
  for (let round = 0; round < rounds; round++) {
    const started = performance.now()
    const { authentic, checks } = await verifyPath(folder, trust, 'file')
    ours.push(performance.now() - started)
    if (!authentic) throw new Error(`the bench's export does not verify: ${JSON.stringify(checks.filter((one) => !one.ok))}`)
    const again = performance.now()
    await runProgram('sha256sum', [...files.keys()], { cwd: folder })
    theirs.push(performance.now() - again)
  }
  const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
  const result = {
    bench: 'verify',
    megabytes: Math.round(total / 1e6),
    verifyMs: Math.round(median(ours)),
    sha256sumMs: Math.round(median(theirs)),
    speed: Number((median(theirs) / median(ours)).toFixed(2)),
    goal: { speed: 0.8 },
  }
  console.log(
    process.argv.includes('--json')
      ? JSON.stringify(result)
      : `verify: ${result.megabytes} MB in ${result.verifyMs} ms, sha256sum in ${result.sha256sumMs} ms: ${Math.round(100 * result.speed)} % of its speed (goal ≥ 80 %)`,
  )
} finally {
  await rm(folder, { recursive: true })
}

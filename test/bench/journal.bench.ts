import { appendFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { measureDatabaseStart } from './database-start.ts'
import { measureLongSession } from './long-session.ts'

/**
 * A session of five hours written fast: 4,500 segments through spool, outbox, heads and receipts, then everything opened again as after a
 * crash (study-recorder.md §5: recovery ≤ 2 s, memory flat). The reference in the same run is the same work at a tenth of the length.
 * Beside it what a start of the server waits for too: its own database again, against the first start of one (study-data.md: 34 and 670 ms).
 */
const folder = await mkdtemp(join(tmpdir(), 'escano-journal-bench-'))
try {
  const short = await measureLongSession(join(folder, 'short'), 450)
  const long = await measureLongSession(join(folder, 'long'), 4500)
  const database = await measureDatabaseStart(5)
  const result = {
    bench: 'journal',
    at: new Date().toISOString(),
    segments: long.segments,
    lines: long.lines,
    recoveryMs: long.recoveryMs,
    heapGrowthMb: long.heapGrowthMb,
    cpuMsPerSegment: long.cpuMsPerSegment,
    slowdown: Number((long.cpuMsAtEnd / short.cpuMsPerSegment).toFixed(2)),
    ...{ databaseFirstMs: database.firstMs, databaseAgainMs: database.againMs },
    goal: { recoveryMs: 2000, heapGrowthMb: 20, slowdown: 1.5, databaseAgainMs: 2000 },
  }
  appendFileSync(join(import.meta.dirname, 'results', 'journal.jsonl'), `${JSON.stringify(result)}\n`)
  console.log(
    process.argv.includes('--json')
      ? JSON.stringify(result)
      : `journal: ${result.segments} segments, ${result.lines} lines: opened again in ${result.recoveryMs} ms (goal ≤ 2000), ` +
          `${result.cpuMsPerSegment} ms of CPU a segment, the last ones ${result.slowdown} × those of a short session (goal ≤ 1.5), ` +
          `heap grew ${result.heapGrowthMb} MB (goal ≤ 20); the database again in ${result.databaseAgainMs} ms (goal ≤ 2000; its first start ${result.databaseFirstMs})`,
  )
} finally {
  await rm(folder, { recursive: true, force: true })
}

import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EmbeddedPostgres } from '../../storage/records/embedded/embedded-postgres.ts'

/** How long the embedded database of a new folder takes to be there, and, stopped cleanly, to be there again: medians of so many folders, ms. */
export async function measureDatabaseStart(rounds: number): Promise<{ firstMs: number; againMs: number }> {
  const [first, again] = [[] as number[], [] as number[]]
  for (let round = 0; round < rounds; round++) {
    const folder = await mkdtemp(join(tmpdir(), 'escano-database-start-'))
    const data = join(folder, 'data')
    await mkdir(data)
    for (const times of [first, again]) {
      const from = performance.now()
      await using _server = await EmbeddedPostgres.start(data, join(folder, 'cache'))
      times.push(performance.now() - from)
    }
    await rm(folder, { recursive: true })
  }
  const median = (values: number[]) => Math.round(values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN)
  return { firstMs: median(first), againMs: median(again) }
}

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { measureLongSession } from '../bench/long-session.ts'

/** The short form of `npm run bench -- journal`, which writes the 4,500 segments of five hours. */
test('a long session is opened again with the same tree, and its memory does not grow with it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'escano-long-'))
  try {
    const { roots, lines, heapGrowthMb } = await measureLongSession(folder, 900)
    expect(roots[1]).toBe(roots[0])
    expect(lines).toBe(900)
    expect(heapGrowthMb).toBeLessThan(8)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

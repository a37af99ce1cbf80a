import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { DiskFullError, expectSpace } from '../../../storage/programs/disk-space.ts'

test('a disk with less room than is asked for is told with both figures, one with enough passes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'escano-space-'))
  try {
    await expectSpace(join(folder, 'data'), 1)
    await expect(expectSpace(join(folder, 'data'), Number.MAX_SAFE_INTEGER)).rejects.toThrow(DiskFullError)
    await expect(expectSpace(folder, Number.MAX_SAFE_INTEGER)).rejects.toThrow(/has \d+ MB free, expected at least \d+ MB/)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

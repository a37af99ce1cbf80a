import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runProgram } from '../../storage/programs/run-program.ts'

/** Why no disk can be mounted here; undefined when one can. */
export const missingSmallDisk = process.getuid?.() === 0 ? undefined : 'mounting a small disk needs root'

/** A disk of its own, in memory, so small that it can be filled. */
export async function openSmallDisk(megabytes: number): Promise<{ folder: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'escano-disk-'))
  await runProgram('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder])
  return {
    folder,
    async [Symbol.asyncDispose]() {
      await runProgram('umount', ['-l', folder])
      await rm(folder, { recursive: true })
    },
  }
}

import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { ProgramError, runProgram } from '../../storage/programs/run-program.ts'

/** An ext4 of its own on a loop device: its power can be cut and it can hang, as a disk's can. */
export interface CutDisk extends AsyncDisposable {
  readonly folder: string
  /** The power goes: what was not synced is lost, and everybody who has a file open gets errors. */
  cut(): Promise<void>
  /** The power is back: mounted again, its journal played. Everybody must have let go of it. */
  again(): Promise<void>
  /** Writes wait until `thaw`. */
  freeze(): Promise<void>
  thaw(): Promise<void>
}

/** `EXT4_IOC_SHUTDOWN` with `EXT4_GOING_FLAGS_NOLOGFLUSH` (linux/fs/ext4/ext4.h): neither the page cache nor the journal's tail reaches the disk. */
const shutdown = 'import fcntl,os,struct,sys; fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587D, struct.pack("I", 2))'
const python = '/usr/bin/python3'

/** Why no such disk can be made here; undefined when one can. */
export async function missingCutDisk(): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'a disk of its own needs root on Linux'
  try {
    await using disk = await openCutDisk(16)
    await disk.cut()
    await disk.again()
    return undefined
  } catch (error) {
    return `a loop disk is not allowed here: ${error instanceof Error ? error.message : String(error)}`
  }
}

export async function openCutDisk(megabytes: number): Promise<CutDisk> {
  const place = await mkdtemp(join(tmpdir(), 'escano-disk-'))
  const [image, folder] = [join(place, 'image'), await mkdtemp(join(place, 'mounted-'))]
  await writeFile(image, '')
  await truncate(image, megabytes * 1024 * 1024)
  await runProgram('mkfs.ext4', ['-q', '-F', image])
  const mount = () => runProgram('mount', ['-o', 'loop', image, folder])
  const thaw = async () => void (await runProgram('fsfreeze', ['--unfreeze', folder], { acceptedCodes: [0, 1] }))
  await mount()
  return {
    folder,
    cut: async () => void (await runProgram(python, ['-c', shutdown, folder])),
    async again() {
      await unmount(folder)
      await mount()
    },
    freeze: async () => void (await runProgram('fsfreeze', ['--freeze', folder])),
    thaw,
    async [Symbol.asyncDispose]() {
      await thaw()
      await runProgram('umount', ['-l', folder], { acceptedCodes: [0, 32] })
      await rm(place, { recursive: true, force: true })
    },
  }
}

/** Whoever was just told to let go may take a moment. */
async function unmount(folder: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return void (await runProgram('umount', [folder]))
    } catch (error) {
      if (!(error instanceof ProgramError) || tries > 50) throw error
      await wait(100)
    }
  }
}

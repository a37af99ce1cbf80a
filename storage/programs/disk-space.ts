import { mkdir, statfs } from 'node:fs/promises'

/** The disk has too little room to begin; what is on it is untouched. */
export class DiskFullError extends Error {
  override readonly name = 'DiskFullError'
}

/** Under this nothing is begun: a database alone takes 40 MB, an hour of video 1.4 GB. */
const leastFreeBytes = 500 * 1024 * 1024

/** Makes the folder if it is missing and looks how much room its disk has. @throws DiskFullError */
export async function expectSpace(folder: string, leastBytes = leastFreeBytes): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const { bavail, bsize } = await statfs(folder)
  const freeBytes = bavail * bsize
  if (freeBytes >= leastBytes) return
  const inMegabytes = (bytes: number) => Math.floor(bytes / 1024 / 1024)
  throw new DiskFullError(
    `the disk of ${folder} has ${inMegabytes(freeBytes)} MB free, expected at least ${inMegabytes(leastBytes)} MB; free some, or choose another disk with ESCANO_DATA`,
  )
}

import { rm, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { ProgramError, runProgram } from '../storage/programs/run-program.ts'
import type { AlarmCode } from './alarms.ts'

/** Room on the disk of the spool, as `df` counts it. */
export interface DiskRoom {
  freeBytes: number
  /** What is used and what may still be written: without what the file system keeps back for others, which nobody has used. */
  totalBytes: number
}

/** What is given up as the disk fills: the preview first, the picture next, the sound last (study-recorder.md §3.3). */
export type DiskStep = 'ample' | 'no-preview' | 'sound-only'

/** A step is taken back only when this much more is free again, so that it does not flutter. */
const backShare = 0.02
/** A session is taken to last so long when nobody says how long. */
export const sessionHours = 5
/** What a camera of a council sends, with its sound, while nothing was measured yet (study-recorder.md §3.3), bytes a second. */
const usualRate = 3_200_000 / 8

export async function readDiskRoom(folder: string): Promise<DiskRoom> {
  const { bsize, blocks, bfree, bavail } = await statfs(folder)
  return { freeBytes: bavail * bsize, totalBytes: (blocks - bfree + bavail) * bsize }
}

export function diskStep(room: DiskRoom, before: DiskStep): DiskStep {
  const used = 1 - room.freeBytes / Math.max(1, room.totalBytes)
  const reached = (share: number, step: DiskStep) => used >= (rank[before] >= rank[step] ? share - backShare : share)
  return reached(0.95, 'sound-only') ? 'sound-only' : reached(0.9, 'no-preview') ? 'no-preview' : 'ample'
}

const rank: Record<DiskStep, number> = { ample: 0, 'no-preview': 1, 'sound-only': 2 }

/** Hours of recording that fit. @param rate bytes a second as measured; undefined before anything was */
export function hoursLeft(room: DiskRoom, rate: number | undefined): number {
  return Math.round((room.freeBytes / (rate ?? usualRate) / 3600) * 10) / 10
}

/** What to say of the room; undefined when all is well. Twice a session is wanted before one begins. */
export function diskAlarm(room: DiskRoom, step: DiskStep, rate: number | undefined, recording: boolean): AlarmCode | undefined {
  if (room.freeBytes < 1024 * 1024) return 'disk-full'
  if (step === 'sound-only') return 'disk-sound-only'
  if (step === 'no-preview') return 'disk-low'
  return hoursLeft(room, rate) < (recording ? 1 : 2) * sessionHours ? 'disk-short' : undefined
}

const reserveName = '.reserve'
const largestReserve = 500_000_000

/** A file that only takes room: given up when the disk is nearly full, so that sound and journal go on. Small disks give a fiftieth. */
export async function keepReserve(folder: string): Promise<void> {
  const path = join(folder, reserveName)
  const { freeBytes, totalBytes } = await readDiskRoom(folder)
  const size = Math.min(largestReserve, Math.floor(totalBytes / 50))
  if ((await stat(path).catch(() => undefined)) !== undefined || freeBytes < size * 4) return
  try {
    await runProgram('fallocate', ['-l', String(size), path], { timeoutMs: 30_000 })
  } catch (error) {
    // No such program or not on this file system: the steps still come, only without this last room.
    if (!(error instanceof ProgramError)) throw error
    await rm(path, { force: true })
  }
}

export async function releaseReserve(folder: string): Promise<void> {
  await rm(join(folder, reserveName), { force: true })
}

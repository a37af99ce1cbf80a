import { isStoredLine, type JournalLine } from '../storage/model/recording.ts'
import type { Alarm } from './alarms.ts'
import { type DiskRoom, type DiskStep, diskAlarm, diskStep, hoursLeft, keepReserve, readDiskRoom, releaseReserve } from './disk-room.ts'

/** How many of the last lines tell the rate at which the disk fills. */
const rateLines = 120

/** Watches the disk of the spool: how long it lasts, and what must be given up so that sound and journal go on. */
export class DiskWatch {
  readonly #folder: string
  #room: DiskRoom = { freeBytes: 0, totalBytes: 0 }
  #step: DiskStep = 'ample'
  #rate: number | undefined
  #alarm: Alarm | undefined

  constructor(folder: string) {
    this.#folder = folder
  }

  get freeBytes(): number {
    return this.#room.freeBytes
  }

  get hoursLeft(): number {
    return hoursLeft(this.#room, this.#rate)
  }

  get alarms(): Alarm[] {
    return this.#alarm === undefined ? [] : [this.#alarm]
  }

  /** Looks, and acts on the reserve. @returns the step that stands now */
  async look(lines: readonly JournalLine[] | undefined): Promise<DiskStep> {
    const room = await readDiskRoom(this.#folder)
    this.#room = room
    this.#rate = (lines && fillingRate(lines)) ?? this.#rate
    const before = this.#step
    this.#step = diskStep(room, before)
    if (this.#step === 'sound-only') await releaseReserve(this.#folder)
    else if (this.#step === 'ample') await keepReserve(this.#folder)
    const code = diskAlarm(room, this.#step, this.#rate, lines !== undefined)
    this.#alarm = code && { code, sinceWallMs: this.#alarm?.code === code ? this.#alarm.sinceWallMs : Date.now() }
    return this.#step
  }
}

/** Bytes a second of all tracks, by the last segments; undefined while there are too few. */
export function fillingRate(lines: readonly JournalLine[]): number | undefined {
  const recent = lines.slice(-rateLines).filter(isStoredLine)
  const fromMs = Math.min(...recent.map((line) => line.ptsMs))
  const toMs = Math.max(...recent.map((line) => line.ptsMs + line.durationMs))
  if (recent.length < 2 || toMs - fromMs < 4000) return undefined
  return (recent.reduce((sum, line) => sum + line.bytes, 0) * 1000) / (toMs - fromMs)
}

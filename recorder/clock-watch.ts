import { isUnsure } from '../storage/model/gap-length.ts'
import { isSegmentLine, isStoredLine, type JournalLine } from '../storage/model/recording.ts'
import { ProgramError, runProgram } from '../storage/programs/run-program.ts'
import type { Alarm } from './alarms.ts'
import { type ClockReading, elapsedMs, readClock, stepFromMs, wallStepMs } from './clock.ts'

/** A step stands no longer than a person needs to read of it: the recording is not touched by it. */
const standsMs = 120_000
const askEveryMs = 60_000
/** So long a person is asked to look at the hour of the recorder, unless it is set right before. */
const unsureStandsMs = 600_000

/** Watches the wall's clock against the one that only runs forward, and whether the system holds it synchronised. */
export class ClockWatch {
  #last: ClockReading | undefined
  #stepped: ClockReading | undefined
  #synchronised: boolean | undefined
  #asked: ClockReading | undefined
  #unsure: ClockReading | undefined

  /** Whether the system says its clock is held by NTP; undefined where it does not say. */
  get synchronised(): boolean | undefined {
    return this.#synchronised
  }

  /** Compares with the look before, or with what an agent before us noted last. @param before a reading of the same machine */
  look(now: ClockReading = readClock(), before: ClockReading | undefined = this.#last): void {
    const step = before === undefined ? undefined : wallStepMs(before, now)
    if (step !== undefined && Math.abs(step) >= stepFromMs) this.#stepped = now
    if (this.#stepped !== undefined && elapsedMs(this.#stepped, now) > standsMs) this.#stepped = undefined
    this.#last = now
  }

  /** Looks whether the session misses a time whose length is not certain. @param lines its journal; none while none is recorded */
  hear(lines: readonly JournalLine[] = [], now: ClockReading = readClock()): void {
    this.#unsure = this.#synchronised === true ? undefined : unsureSince(lines, now)
  }

  /** Asks the system once a minute. */
  async ask(): Promise<void> {
    const now = readClock()
    if (this.#asked !== undefined && elapsedMs(this.#asked, now) < askEveryMs) return
    this.#asked = now
    this.#synchronised = await readSynchronised()
  }

  get alarms(): Alarm[] {
    const unsure: Alarm[] = this.#unsure === undefined ? [] : [{ code: 'clock-unsure', sinceWallMs: this.#unsure.wallMs }]
    return this.#stepped === undefined ? unsure : [...unsure, { code: 'clock-stepped', sinceWallMs: this.#stepped.wallMs }]
  }
}

/** What the kernel says of its clock (adjtimex, STA_UNSYNC), as systemd tells it whoever keeps it; undefined without systemd. */
export async function readSynchronised(): Promise<boolean | undefined> {
  try {
    const args = ['show', '--property=NTPSynchronized', '--value']
    const { stdout } = await runProgram('timedatectl', args, { timeoutMs: 5000 })
    const said = new TextDecoder().decode(stdout).trim()
    return said === 'yes' ? true : said === 'no' ? false : undefined
  } catch (error) {
    if (error instanceof ProgramError) return undefined
    throw error
  }
}

/** When recording went on after a gap whose length is not certain, if that was in this boot and a short while ago. */
function unsureSince(lines: readonly JournalLine[], now: ClockReading): ClockReading | undefined {
  let since: ClockReading | undefined
  for (let at = lines.length - 1; at >= 0; at--) {
    const line = lines[at]
    if (line === undefined) continue
    if (isStoredLine(line)) {
      since = { wallMs: line.wallMs, monotonicNs: BigInt(line.monotonicNs), boot: line.boot }
      if (since.boot !== now.boot || elapsedMs(since, now) > unsureStandsMs) return undefined
    } else if (line.kind === 'gap' && isUnsure(line)) return since
  }
  return undefined
}

/** Where the wall's clock was moved, by what the segments of a journal carry: forward is positive. Between two boots nobody knows. */
export function clockSteps(lines: readonly JournalLine[]): { mediaMs: number; stepMs: number }[] {
  const read = lines.filter(isSegmentLine).map((line) => ({
    mediaMs: line.ptsMs + line.durationMs,
    clock: { wallMs: line.wallMs, monotonicNs: BigInt(line.monotonicNs), boot: line.boot },
  }))
  return read.flatMap(({ mediaMs, clock }, at) => {
    const before = read[at - 1]
    const stepMs = before === undefined ? undefined : wallStepMs(before.clock, clock)
    return stepMs === undefined || Math.abs(stepMs) < stepFromMs ? [] : [{ mediaMs, stepMs: Math.round(stepMs) }]
  })
}

import type { MicrophoneEvent } from '../storage/model/microphone-events.ts'

/**
 * Command strings of Shure Microflex Complete Wireless (pubs.shure.com/command-strings/MXCW): ASCII between `<` and `>` over TCP 2202. The
 * access point reports a parameter when it changes and when it is asked; seat 0 asks for the units of all seats that are online, and
 * for a seat without one it says nothing or `UNKNOWN`.
 */
export const shurePort = 2202
/** Asks for everything that is watched; the answer to the model alone tells that the line lives where no unit is online. */
export const shureQuestions = '< GET MODEL >< GET 0 MIC_STATUS >'

/** A unit as the system numbers it, and its microphone. */
export interface UnitReport {
  unit: number
  event: MicrophoneEvent['event']
}

const report = /^REP (\d{1,5}) MIC_STATUS (ON|OFF|UNKNOWN)$/
/** No string comes near it; something else is talking. */
const longest = 4096

/** The reports of microphones in what came, and the beginning of a string whose end has not come. A unit that is gone is off. */
export function parseShureStrings(text: string): { reports: UnitReport[]; rest: string } {
  const end = text.lastIndexOf('>') + 1
  const reports = [...text.slice(0, end).matchAll(/<([^<>]*)>/g)].flatMap(([, inside = '']) => {
    const found = report.exec(inside.trim().replace(/\s+/g, ' '))
    const unit = Number(found?.[1])
    return found && unit > 0 && unit <= 65_535 ? [{ unit, event: found[2] === 'ON' ? ('on' as const) : ('off' as const) }] : []
  })
  const rest = text.slice(end)
  return { reports, rest: rest.length > longest ? '' : rest }
}

/**
 * What the microphones of a system do, from what it reports: each change once. The first report of a unit counts as a change, since what
 * was before it is not known here.
 */
export class UnitStates {
  readonly #known = new Map<number, UnitReport['event']>()
  readonly #heard = new Set<number>()

  /** @returns the reports that are news */
  take(reports: readonly UnitReport[]): UnitReport[] {
    return reports.filter(({ unit, event }) => {
      this.#heard.add(unit)
      if (this.#known.get(unit) === event) return false
      this.#known.set(unit, event)
      return true
    })
  }

  /** What was heard on a line before does not answer the questions of this one. */
  beginRound(): void {
    this.#heard.clear()
  }

  /** A round of questions is over: units that were on and did not answer it are gone. @returns that they are off */
  endRound(): UnitReport[] {
    const gone = [...this.#known].filter(([unit, event]) => event === 'on' && !this.#heard.has(unit))
    this.#heard.clear()
    return gone.map(([unit]) => {
      this.#known.set(unit, 'off')
      return { unit, event: 'off' }
    })
  }
}

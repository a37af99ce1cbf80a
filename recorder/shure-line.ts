import { connect, type Socket } from 'node:net'
import { retryDelayMs } from './retry-delay.ts'
import { parseShureStrings, shureQuestions, type UnitReport, UnitStates } from './shure-strings.ts'

export interface ShureLineConfig {
  host: string
  port: number
  /** Each change of a microphone, as it is heard. Must not throw. */
  onChange: (reports: readonly UnitReport[]) => void
  /** The line is there, or why it is not. Must not throw. */
  onLine: (trouble: string | undefined) => void
  /** How often everything is asked anew, ms. */
  askEveryMs?: number
}

/** A line on which two rounds of questions went unanswered is dead. */
const deadAfterRounds = 2

/** The line to a Shure access point: only listens and asks, dials again for ever, and after each dial asks for what it missed. */
export class ShureLine implements Disposable {
  readonly #config: ShureLineConfig
  readonly #askEveryMs: number
  readonly #states = new UnitStates()
  #socket: Socket | undefined
  #timer: NodeJS.Timeout | undefined
  #failures = 0
  #said: string | undefined = ''
  #closed = false

  constructor(config: ShureLineConfig) {
    this.#config = config
    this.#askEveryMs = config.askEveryMs ?? 30_000
    this.#dial()
  }

  [Symbol.dispose](): void {
    this.#closed = true
    clearTimeout(this.#timer)
    this.#socket?.destroy()
  }

  #dial(): void {
    const { host, port } = this.#config
    const socket = connect({ host, port })
    this.#socket = socket
    let rest = ''
    let trouble = 'it hung up'
    let silentRounds = 1
    const asking = setInterval(() => {
      // Of a round that nothing answered only the line is to blame.
      if (silentRounds++ === 0) this.#tell(this.#states.endRound())
      if (silentRounds > deadAfterRounds) socket.destroy(new Error('it does not answer'))
      else if (!socket.connecting) socket.write(shureQuestions)
    }, this.#askEveryMs)
    socket.setEncoding('latin1').setNoDelay(true)
    socket.on('connect', () => {
      this.#states.beginRound()
      socket.write(shureQuestions)
    })
    socket.on('data', (text: string) => {
      silentRounds = 0
      this.#failures = 0
      this.#say(undefined)
      const read = parseShureStrings(rest + text)
      rest = read.rest
      this.#tell(this.#states.take(read.reports))
    })
    socket.on('error', (error) => {
      trouble = error.message
    })
    socket.on('close', () => {
      clearInterval(asking)
      if (this.#closed) return
      this.#say(`microphones at ${host}:${port}: ${trouble}`)
      this.#timer = setTimeout(() => this.#dial(), retryDelayMs(this.#failures++, Math.random()))
    })
  }

  /** Each trouble once, and once that it is over. */
  #say(trouble: string | undefined): void {
    if (trouble === this.#said) return
    this.#said = trouble
    this.#config.onLine(trouble)
  }

  #tell(reports: readonly UnitReport[]): void {
    if (reports.length > 0) this.#config.onChange(reports)
  }
}

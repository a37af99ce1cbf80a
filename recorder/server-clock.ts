/**
 * How far the server's clock is from ours, as its answers tell by their `Date` (RFC 9110 §6.6.1). Credentials carry a time: a recorder
 * whose clock stepped, or never found a time server, must still be let in. What is recorded keeps the recorder's own clock.
 */
export class ServerClock {
  #offsetMs = 0

  /** Server minus ours. 0 while they agree to a few seconds: the header has whole seconds, and the answer took its time to come. */
  get offsetMs(): number {
    return this.#offsetMs
  }

  note(date: string | null): void {
    const serverMs = Date.parse(date ?? '')
    if (Number.isNaN(serverMs)) return
    const offsetMs = serverMs + 500 - Date.now()
    this.#offsetMs = Math.abs(offsetMs) > 5000 ? offsetMs : 0
  }

  /** Asks the server for nothing but its time. One that cannot be reached leaves all as it was. @returns whether it answered */
  async ask(server: string, signal: AbortSignal = AbortSignal.timeout(5000)): Promise<boolean> {
    const answer = await fetch(server, { method: 'HEAD', redirect: 'manual', signal }).catch(() => undefined)
    this.note(answer?.headers.get('date') ?? null)
    return answer !== undefined
  }
}

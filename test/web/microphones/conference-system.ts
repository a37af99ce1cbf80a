import { signIn } from '../control/chamber.ts'

/** A conference system that the secretary let in: it sends lines as one would. */
export class ConferenceSystemAtWork {
  readonly #address: string
  readonly token: string

  private constructor(address: string, token: string) {
    this.#address = address
    this.token = token
  }

  static async letIn(web: { address: string }, slug: string, name = 'mesa'): Promise<ConferenceSystemAtWork> {
    const cookie = (await signIn(web.address, slug, 'secretaria')) ?? ''
    const response = await fetch(`${web.address}/c/${slug}/microfonos`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: web.address, cookie },
      body: new URLSearchParams({ act: 'add', name }),
    })
    const token = /escano-mic-[A-Za-z0-9_-]{43}/.exec(await response.text())?.[0]
    if (token === undefined) throw new Error(`no token: ${response.status}`)
    return new ConferenceSystemAtWork(`${web.address}/c/${slug}/microfonos/eventos`, token)
  }

  async send(body: string, address = this.#address): Promise<{ status: number; body: Record<string, unknown> }> {
    const response = await fetch(address, { method: 'POST', headers: { Authorization: `Bearer ${this.token}` }, body })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }

  /** Switches microphones now. */
  async switch(event: 'on' | 'off', ...seats: number[]): Promise<void> {
    const { status } = await this.send(seats.map((seat) => JSON.stringify({ seat, event })).join('\n'))
    if (status !== 200) throw new Error(`the intake answered ${status}`)
  }
}

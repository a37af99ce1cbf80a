import { signatureHeader } from '../../chamber/chamber-protocol.ts'
import { readTabletKey } from '../../chamber/page/tablet-key.ts'
import type { RoomSeed } from '../room.ts'

const purposes = { marcas: 'marks', gravador: 'command' } as const

/** How the room's page sends: with the signature of the tablet's own key, where it has one, since who answers may be the recorder alone. */
export class RoomHand {
  readonly #seed: Pick<RoomSeed, 'session' | 'paths'>

  constructor(seed: Pick<RoomSeed, 'session' | 'paths'>) {
    this.#seed = seed
  }

  /** POSTs JSON to an address of the room. @throws TypeError, DOMException no answer */
  async post(what: keyof typeof purposes, body: unknown, withinMs: number): Promise<Response> {
    const text = JSON.stringify(body)
    // A browser that keeps no key sends without: the server knows its cookie.
    const key = await readTabletKey().catch(() => undefined)
    const signature = await key?.sign(purposes[what], this.#seed.session.id, text)
    return await fetch(`${this.#seed.paths.room}/${what}`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Accept: 'application/json',
        ...(signature === undefined ? {} : { [signatureHeader]: signature }),
      },
      body: text,
      signal: AbortSignal.timeout(withinMs),
    })
  }
}

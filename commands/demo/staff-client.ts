import { z } from 'zod'
import { type ProofOfLife, proofOfLife } from '../../recorder/control-protocol.ts'
import type { SessionEvent } from '../../storage/model/session-events.ts'

/** The server did not do what the conductor asked; the message carries its sentence. */
export class ServerRefusedError extends Error {
  override readonly name = 'ServerRefusedError'
}

const eventsAnswer = z.object({
  accepted: z.array(z.string()),
  known: z.array(z.string()),
  refused: z.array(z.object({ id: z.string(), article: z.string(), reason: z.object({ gl: z.string() }) })),
})
const roomState = z.object({ recorder: z.object({ connected: z.boolean(), proof: proofOfLife.optional() }) })

/** What a tablet does over HTTP, as the demo's secretary: sign in, send marks, ask the recorder, look at its proof. */
export interface StaffClient {
  sendEvents(session: string, events: SessionEvent[]): Promise<void>
  command(session: string, action: 'start' | 'pause' | 'resume' | 'stop'): Promise<void>
  proof(session: string): Promise<{ connected: boolean; proof?: ProofOfLife }>
}

/** @param council address of the council's pages, e.g. `http://127.0.0.1:8080/c/vilarino-do-monte` */
export async function signInStaff(council: string, login: string, password: string): Promise<StaffClient> {
  const answer = await fetch(`${council}/entrar`, { method: 'POST', body: new URLSearchParams({ login, password }), redirect: 'manual' })
  const cookie = answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')
  if (answer.status !== 303 || cookie === '') throw new ServerRefusedError(`${council} did not let ${login} in (${answer.status})`)
  const ask = async (method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> => {
    const headers = { cookie, accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) }
    const response = await fetch(`${council}${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
    const text = await response.text()
    if (!response.ok) throw new ServerRefusedError(`${method} ${path} was answered ${response.status}: ${text.slice(0, 500)}`)
    return text === '' ? undefined : JSON.parse(text)
  }
  return {
    sendEvents: async (session, events) => {
      const { refused } = eventsAnswer.parse(await ask('POST', `/sala/${session}/marcas`, { events }))
      const [first] = refused
      if (first) throw new ServerRefusedError(`event ${first.id} was refused, ${first.article}: ${first.reason.gl}`)
    },
    command: async (session, action) => {
      await ask('POST', `/sala/${session}/gravador`, { action })
    },
    proof: async (session) => {
      const { connected, proof } = roomState.parse(await ask('GET', `/sala/${session}/estado`)).recorder
      return { connected, ...(proof ? { proof } : {}) }
    },
  }
}

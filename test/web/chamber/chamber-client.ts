import { request } from 'node:https'
import type { ChamberServer } from '../../../web/chamber/chamber-server.ts'
import type { makeTablet } from './chamber-tablet.ts'

export interface Answer {
  status: number
  text: string
  cookie: string | undefined
}

export interface Asked {
  method?: string
  headers?: Record<string, string>
  body?: string
}

/** Asks a chamber page, for the path just as it stands, over TLS that is verified against its own authority alone. */
export function askChamber(server: Pick<ChamberServer, 'port' | 'authority'>, path: string, of: Asked = {}): Promise<Answer> {
  const own = `https://localhost:${server.port}`
  return new Promise((resolve, reject) => {
    const headers = { Accept: 'application/json', Origin: own, ...of.headers }
    const method = of.method ?? (of.body === undefined ? 'GET' : 'POST')
    const to = { host: 'localhost', port: server.port, path, servername: 'localhost', ca: server.authority }
    const asked = request({ ...to, method, headers, agent: false }, (response) => {
      const pieces: Buffer[] = []
      response.on('data', (piece: Buffer) => pieces.push(piece))
      response.on('end', () => {
        const cookie = response.headers['set-cookie']?.[0]
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(pieces).toString('utf8'), cookie })
      })
    })
    asked.on('error', reject)
    asked.end(of.body)
  })
}

/** The number that a chamber page gives out to be signed. */
export async function nonceOf(server: Pick<ChamberServer, 'port' | 'authority'>): Promise<string> {
  const { text } = await askChamber(server, '/sala-local/pin', { headers: { Accept: 'text/html' } })
  return /"nonce":"([0-9a-f]{32})"/.exec(text)?.[1] ?? ''
}

/** A tablet tells its PIN. @returns the answer with its cookie */
export async function tellPin(
  server: Pick<ChamberServer, 'port' | 'authority'>,
  of: { tablet: string; pin: string; nonce: string; signer: Awaited<ReturnType<typeof makeTablet>> },
): Promise<Answer> {
  const { tablet, pin, nonce, signer } = of
  const signature = await signer.sign('pin', '', nonce)
  return await askChamber(server, '/sala-local/pin', { body: JSON.stringify({ tablet, nonce, pin, signature }) })
}

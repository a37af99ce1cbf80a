import { z } from 'zod'

/** A challenge for the browser's passkey dialogue, as the server made it. @throws Error the server refused */
export async function askFor(address: string): Promise<unknown> {
  const response = await fetch(address, { method: 'POST', headers: { Accept: 'application/json' } })
  if (!response.ok) throw new Error(`a challenge was refused with ${response.status}`)
  return await response.json()
}

/** Sends the dialogue's answer. @returns where to go @throws Error the server refused */
export async function answerOf(address: string, body: unknown): Promise<{ to: string }> {
  const headers = { Accept: 'application/json', 'Content-Type': 'application/json' }
  const response = await fetch(address, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`an answer was refused with ${response.status}`)
  return z.object({ to: z.string().startsWith('/') }).parse(await response.json())
}

import { generateKeyPairSync, sign } from 'node:crypto'
import { chmod, mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { toBase64 } from '../storage/custody/sha256.ts'
import type { SessionId } from '../storage/model/ids.ts'
import { writeDurably } from '../storage/programs/durable-file.ts'
import { readClock } from './clock.ts'
import { type Enrolment, enrolmentAnswer, enrolmentBytes } from './control-protocol.ts'
import type { Anchor } from './media-line.ts'

/** The server did not enrol this machine; the message says why. */
export class EnrolmentError extends Error {
  override readonly name = 'EnrolmentError'
}

const refusal = z.object({ error: z.string() })

/**
 * Enrols this machine by a code: makes its own Ed25519 key, which never leaves it, and keeps key and enrolment in the two files.
 * @param of.server address of the server, `https://…`
 * @returns what was kept, and the session that is being recorded now, if one is, with the place of its media line at this moment
 * @throws EnrolmentError
 */
export async function enrolMachine(of: {
  server: string
  code: string
  name: string
  enrolmentFile: string
  keyFile: string
}): Promise<{ enrolment: Enrolment; councilName: string; session: SessionId | undefined; line?: Anchor }> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const { x } = publicKey.export({ format: 'jwk' })
  const asked = {
    code: of.code.trim(),
    name: of.name.trim().slice(0, 80),
    publicKeyBase64: Buffer.from(x ?? '', 'base64url').toString('base64'),
  }
  const signature = toBase64(new Uint8Array(sign(null, enrolmentBytes(asked), privateKey)))
  const before = performance.now()
  const { recorder, council, dir3, councilName, session, line } = await ask(of.server, { ...asked, signature })
  const clock = readClock()
  // The answer was on its way for half of what the question took, as NTP reckons.
  const wayMs = (performance.now() - before) / 2
  const enrolment: Enrolment = { recorder, council, dir3, server: new URL(of.server).origin }
  await mkdir(dirname(of.keyFile), { recursive: true, mode: 0o700 })
  await mkdir(dirname(of.enrolmentFile), { recursive: true, mode: 0o700 })
  await writeDurably(of.keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
  await chmod(of.keyFile, 0o600)
  await writeDurably(of.enrolmentFile, `${JSON.stringify(enrolment, undefined, 2)}\n`, { mode: 0o600 })
  const stands = line && { mediaMs: Math.round(line.mediaMs + wayMs * line.speed), clock }
  return { enrolment, councilName, session, ...(stands === undefined ? {} : { line: stands }) }
}

async function ask(server: string, body: unknown): Promise<z.infer<typeof enrolmentAnswer>> {
  let response: Response
  try {
    response = await fetch(new URL('/agent/enrol', server), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    })
  } catch (cause) {
    throw new EnrolmentError(`server ${server} cannot be reached; nothing was enrolled`, { cause })
  }
  const answered: unknown = await response.json().catch(() => undefined)
  const told = refusal.safeParse(answered)
  if (!response.ok) throw new EnrolmentError(`server ${server} answered ${response.status}${told.success ? `: ${told.data.error}` : ''}`)
  const read = enrolmentAnswer.safeParse(answered)
  if (!read.success) throw new EnrolmentError(`server ${server} answered something that is no enrolment`, { cause: read.error })
  return read.data
}

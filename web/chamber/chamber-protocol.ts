import { z } from 'zod'
import { canonicalJson } from '../../storage/custody/canonical-json.ts'
import { council } from '../../storage/model/council.ts'
import { base64, eventId, sessionId } from '../../storage/model/ids.ts'
import { session, sessionStage } from '../../storage/model/session.ts'
import { sessionEvent } from '../../storage/model/session-events.ts'
import { eventsAnswer } from '../control/room-protocol.ts'

/** What the chamber page's three ends say to each other: the tablet, the recorder's agent that serves it, the server. */

/** Header by which the agent tells the server that a page was asked for through it. */
export const chamberHeader = 'X-Escano-Chamber'
/** Header with a tablet's signature over what it sends. */
export const signatureHeader = 'X-Escano-Tablet'
/** Message of the refusal that a live line of a tablet gets until its PIN was told. */
export const pinNeeded = 'the PIN of this tablet is needed'

/** A public key of a tablet: ECDSA over P-256, the uncompressed point in base64. Its private half never leaves the tablet's browser. */
export const tabletKey = base64.length(88)
/** Six to twelve digits. */
export const pin = z.string().regex(/^\d{6,12}$/)

/** Tablet → server: the key it made, and the PIN of who uses it. */
export const keyRequest = z.object({ key: tabletKey, pin })

/** Where the agent's page is reached in the chamber's network, and the authority that vouches for it. */
export const chamberPage = z.object({
  addresses: z.array(z.url({ protocol: /^https$/ }).max(200)).max(20),
  /** PEM. */
  authority: z.string().max(4000),
})
export type ChamberPage = z.infer<typeof chamberPage>

/** Agent → server, every few seconds: where its page is, and up to which row it knows the events of each session. */
export const syncPath = '/agent/chamber'
export const syncRequest = z.object({ page: chamberPage, rows: z.record(sessionId, z.int().nonnegative()) })

/** A tablet that may command while there is no line, and for whom it acts. */
export const chamberTablet = z.object({
  id: z.uuid(),
  key: tabletKey,
  /** PHC string of argon2id. */
  pinHash: z.string(),
  account: z.string(),
  person: z.string(),
  by: z.object({ role: z.literal('secretary'), id: z.string() }),
})
export type ChamberTablet = z.infer<typeof chamberTablet>

const eventRow = z.object({ row: z.int().positive(), event: sessionEvent })
const knownSession = z.object({
  ...{ session, stage: sessionStage, microphones: z.boolean(), rows: z.array(eventRow) },
  /** Marks of closed parts that the law refused: no events of the session, and they withhold all the same. */
  closedMarks: z.array(sessionEvent).default([]),
})
export const syncAnswer = z.object({
  serverMs: z.number(),
  slug: z.string(),
  council,
  sessions: z.array(knownSession).max(20),
  tablets: z.array(chamberTablet).max(100),
})
export type SyncAnswer = z.infer<typeof syncAnswer>

/** What a tablet asked of the agent while there was no line: as it was sent, with its signature, so that the server can judge it anew. */
export const chamberEntry = z.object({
  id: eventId,
  kind: z.enum(['marks', 'command']),
  tablet: z.uuid(),
  session: sessionId,
  body: z.string().max(1_000_000),
  signature: base64.max(200),
})
export type ChamberEntry = z.infer<typeof chamberEntry>

/** Agent → server: one entry of its outbox. The same id twice counts once. */
export const entryPath = '/agent/chamber/entry'
export const entryAnswer = z.union([eventsAnswer, z.object({ noted: z.boolean() })])

/** A command of a tablet; with its id it is obeyed once. */
export const localCommand = z.object({ id: eventId, action: z.enum(['start', 'pause', 'resume', 'stop']) })

/** Tablet → agent: who it is, its answer to the nonce, and the PIN. */
export const pinRequest = z.object({ tablet: z.uuid(), nonce: z.string().regex(/^[0-9a-f]{32}$/), pin, signature: base64.max(200) })

/** What a tablet signs: each for its own purpose, so that no signature serves for another. */
export function tabletBytes(of: { purpose: 'pin' | 'marks' | 'command'; session: string; text: string }): Uint8Array<ArrayBuffer> {
  return canonicalJson({ v: 1, use: 'escano-tablet', ...of })
}

const ecdsa = { name: 'ECDSA', namedCurve: 'P-256' } as const

/** Whether a tablet's key signed these bytes (ECDSA with SHA-256, signature as IEEE P1363). */
export async function isSignedBy(key: string, signature: string, bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
  try {
    const point = Uint8Array.from(atob(key), (one) => one.charCodeAt(0))
    const publicKey = await crypto.subtle.importKey('raw', point, ecdsa, false, ['verify'])
    const given = Uint8Array.from(atob(signature), (one) => one.charCodeAt(0))
    return await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, publicKey, given, bytes)
  } catch {
    // A key that is no point of the curve, or a signature that is no signature.
    return false
  }
}

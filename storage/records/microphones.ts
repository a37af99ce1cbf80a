import { z } from 'zod'
import type { SessionId } from '../model/ids.ts'
import { type OpenMicrophone, type ReportedMicrophoneEvent, reportedMicrophoneEvent } from '../model/microphone-events.ts'
import type { Tx } from './database.ts'
import { fromStored, withoutNulls } from './stored-json.ts'

/** A conference system that may tell of its microphones by a token of its own, until one of the staff takes that away for good. */
export const conferenceSystem = z.object({
  id: z.uuid(),
  name: z.string().min(1).max(80),
  /** SHA-256 of the token, hexadecimal: the token itself is nowhere. */
  tokenHash: z.string().min(1),
  by: z.string(),
  madeAtMs: z.int(),
  revokedAtMs: z.int().optional(),
})
export type ConferenceSystem = z.infer<typeof conferenceSystem>

export async function putConferenceSystem(tx: Tx, of: ConferenceSystem): Promise<void> {
  const { id, name, tokenHash, by, madeAtMs } = conferenceSystem.parse(of)
  await tx
    .insertInto('conference_systems')
    .values({ id, name, token_hash: tokenHash, by, made_at_ms: madeAtMs, revoked_at_ms: null })
    .execute()
}

/** @returns whether there was one that was let in until now */
export async function revokeConferenceSystem(tx: Tx, id: string, nowMs: number): Promise<boolean> {
  const done = await tx
    .updateTable('conference_systems')
    .set({ revoked_at_ms: nowMs })
    .where('id', '=', id)
    .where('revoked_at_ms', 'is', null)
    .executeTakeFirst()
  return done.numUpdatedRows === 1n
}

/** The system that a token lets in, or undefined. */
export async function findConferenceSystem(tx: Tx, tokenHash: string): Promise<ConferenceSystem | undefined> {
  const row = await tx
    .selectFrom('conference_systems')
    .selectAll()
    .where('token_hash', '=', tokenHash)
    .where('revoked_at_ms', 'is', null)
    .executeTakeFirst()
  return row && toSystem(row)
}

/** All there ever were, the newest first. */
export async function listConferenceSystems(tx: Tx): Promise<ConferenceSystem[]> {
  const rows = await tx.selectFrom('conference_systems').selectAll().orderBy('made_at_ms', 'desc').execute()
  return rows.map(toSystem)
}

interface SystemRow {
  id: string
  name: string
  token_hash: string
  by: string
  made_at_ms: number
  revoked_at_ms: number | null
}

function toSystem({ token_hash: tokenHash, made_at_ms: madeAtMs, revoked_at_ms: revokedAtMs, ...rest }: SystemRow): ConferenceSystem {
  return fromStored(conferenceSystem, withoutNulls({ ...rest, tokenHash, madeAtMs, revokedAtMs }), `conference system ${rest.id}`)
}

/** Where events come from: a conference system, a recorder, or a person who brought a file; and the session, where it was named. */
export interface MicrophoneOrigin {
  origin: string
  session?: SessionId
}

/** Keeps events; one that is there already stays as it is. @returns how many are new */
export async function addMicrophoneEvents(
  tx: Tx,
  from: MicrophoneOrigin,
  events: readonly ReportedMicrophoneEvent[],
  receivedMs: number,
): Promise<number> {
  let added = 0
  // One statement has room for 65,535 values.
  for (let at = 0; at < events.length; at += 5000) {
    const rows = events.slice(at, at + 5000).map((one) => ({
      ...{ origin: from.origin, session: from.session ?? null, source: one.source, id: one.id },
      ...{ seat: one.seat, channel: one.channel ?? null, event: one.event, clock: one.clock, ms: one.ms, received_ms: receivedMs },
    }))
    const done = await tx
      .insertInto('microphone_events')
      .values(rows)
      .onConflict((on) => on.columns(['council_id', 'origin', 'source', 'id']).doNothing())
      .executeTakeFirst()
    added += Number(done.numInsertedOrUpdatedRows ?? 0)
  }
  return added
}

/** What is known of a session's microphones: what was told of it by name, and what came by itself between two instants of Unix ms. */
export async function readMicrophoneEvents(
  tx: Tx,
  of: { session: SessionId; fromMs: number; toMs: number },
): Promise<ReportedMicrophoneEvent[]> {
  const rows = await tx
    .selectFrom('microphone_events')
    .select(['id', 'source', 'seat', 'channel', 'event', 'clock', 'ms'])
    .where((on) =>
      on.or([
        on('session', '=', of.session),
        on.and([on('session', 'is', null), on('clock', '=', 'source'), on('ms', '>=', of.fromMs), on('ms', '<=', of.toMs)]),
      ]),
    )
    .orderBy('ms')
    .orderBy('received_ms')
    .execute()
  return rows.map((row) => fromStored(reportedMicrophoneEvent, withoutNulls(row), `microphone event ${row.id}`))
}

/** The microphones whose last word was «on», of what came by itself after an instant; the one opened last comes first. */
export async function readOpenMicrophones(tx: Tx, afterMs: number): Promise<OpenMicrophone[]> {
  const last = await tx
    .selectFrom('microphone_events')
    .select(['seat', 'event', 'received_ms'])
    .distinctOn('seat')
    .where('session', 'is', null)
    .where('received_ms', '>', afterMs)
    .orderBy('seat')
    .orderBy('ms', 'desc')
    .orderBy('received_ms', 'desc')
    .execute()
  return last
    .flatMap(({ seat, event, received_ms: sinceMs }) => (event === 'on' ? [{ seat, sinceMs }] : []))
    .sort((a, b) => b.sinceMs - a.sinceMs || a.seat - b.seat)
}

/** How many events each origin has told, and when it last did. */
export async function countMicrophoneEvents(tx: Tx): Promise<Map<string, { events: number; lastMs: number }>> {
  const rows = await tx
    .selectFrom('microphone_events')
    .select((of) => ['origin', of.fn.countAll<string>().as('events'), of.fn.max('received_ms').as('last')])
    .groupBy('origin')
    .execute()
  return new Map(rows.map(({ origin, events, last }) => [origin, { events: Number(events), lastMs: Number(last) }]))
}

/** How many events were told of one session by name. */
export async function countSessionEvents(tx: Tx, session: SessionId): Promise<number> {
  const row = await tx
    .selectFrom('microphone_events')
    .select((of) => of.fn.countAll<string>().as('events'))
    .where('session', '=', session)
    .executeTakeFirstOrThrow()
  return Number(row.events)
}

/** Whether the tablet can expect to be told of microphones: a system is let in, or something was told by itself after an instant. */
export async function expectsMicrophones(tx: Tx, afterMs: number): Promise<boolean> {
  const system = await tx.selectFrom('conference_systems').select('id').where('revoked_at_ms', 'is', null).limit(1).executeTakeFirst()
  if (system) return true
  const told = tx.selectFrom('microphone_events').select('seat').where('session', 'is', null).where('received_ms', '>', afterMs)
  return (await told.limit(1).executeTakeFirst()) !== undefined
}

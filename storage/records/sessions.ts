import { z } from 'zod'
import type { Verification } from '../custody/trust.ts'
import type { SessionId } from '../model/ids.ts'
import { type Session, type SessionStage, session, sessionStage } from '../model/session.ts'
import type { Tx } from './database.ts'
import { lockList } from './row-lock.ts'
import { fromStored, toJson } from './stored-json.ts'
import { verification } from './verifications.ts'

/** A session would go back on its way; who wants that says from where. */
export class StageOrderError extends Error {
  override readonly name = 'StageOrderError'
}

export interface SessionSummary {
  session: Session
  stage: SessionStage
  /** When it was published, Unix ms; absent while it is not public. */
  publishedAtMs?: number
  verification?: Verification
}

/** Writes a session, new (stage `prepared`) or with a changed agenda; its stage and publication stay. */
export async function putSession(tx: Tx, of: Session): Promise<void> {
  const document = toJson(session.parse(of))
  await tx
    .insertInto('sessions')
    .values({ id: of.id, slug: of.slug, stage: 'prepared', published_at_ms: null, withdrawn_at_ms: null, document })
    .onConflict((on) => on.columns(['council_id', 'id']).doUpdateSet({ slug: of.slug, document }))
    .execute()
}

export async function readSession(tx: Tx, id: SessionId): Promise<Session | undefined> {
  const row = await standing(tx).select('document').where('id', '=', id).executeTakeFirst()
  return row && fromStored(session, row.document, `session ${id}`)
}

/** By the session's part of its public address. */
export async function findSession(tx: Tx, slug: string): Promise<Session | undefined> {
  const row = await standing(tx).select('document').where('slug', '=', slug).executeTakeFirst()
  return row && fromStored(session, row.document, `session ${slug}`)
}

/**
 * Lets nobody else add events to a session until this transaction ends: who judges a new event by the state must call it before
 * reading the events. appendEvents takes the same lock.
 */
export async function lockSession(tx: Tx, id: SessionId): Promise<void> {
  await lockList(tx, `events ${id}`)
}

/** Every session of the council, the latest first. */
export async function listSessions(tx: Tx): Promise<SessionSummary[]> {
  const rows = await summaries(tx).orderBy('sessions.slug', 'desc').execute()
  return rows.map(toSummary).sort((a, b) => b.session.convenedFor - a.session.convenedFor)
}

/** One session with where it stands. */
export async function readSessionSummary(tx: Tx, id: SessionId): Promise<SessionSummary | undefined> {
  const row = await summaries(tx).where('sessions.id', '=', id).executeTakeFirst()
  return row && toSummary(row)
}

export async function readStage(tx: Tx, id: SessionId): Promise<SessionStage | undefined> {
  const row = await standing(tx).select('stage').where('id', '=', id).executeTakeFirst()
  return row && fromStored(sessionStage, row.stage, `the stage of session ${id}`)
}

/**
 * Moves a session on. The stage it has already stays; back only from the stage that is named.
 * @throws StageOrderError the session is further, or not at `from`
 */
export async function setStage(tx: Tx, id: SessionId, stage: SessionStage, options: { from?: SessionStage } = {}): Promise<void> {
  const row = await standing(tx).select('stage').where('id', '=', id).forUpdate().executeTakeFirst()
  if (row === undefined) throw new StageOrderError(`session ${id} does not exist, so it cannot be ${stage}`)
  const now = fromStored(sessionStage, row.stage, `the stage of session ${id}`)
  if (now === stage) return
  if (options.from !== undefined && options.from !== now)
    throw new StageOrderError(`session ${id} is ${now}, expected ${options.from}, to be ${stage}`)
  const order = sessionStage.options
  if (options.from === undefined && order.indexOf(stage) < order.indexOf(now)) {
    throw new StageOrderError(`session ${id} is ${now} already and does not go back to ${stage}`)
  }
  await tx.updateTable('sessions').set({ stage }).where('id', '=', id).execute()
}

/** Makes a session public from `atMs`, or takes it back with null. */
export async function setPublished(tx: Tx, id: SessionId, atMs: number | null): Promise<void> {
  await tx.updateTable('sessions').set({ published_at_ms: atMs }).where('id', '=', id).execute()
}

/**
 * Takes back a session of which nothing was kept: from now on it is in no list and at no address, and its address is free. Its row stays.
 * @returns whether it was this call: false when it has gone further than `prepared`, or is not there
 */
export async function withdrawSession(tx: Tx, id: SessionId, atMs: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('sessions')
    .set({ withdrawn_at_ms: atMs })
    .where('id', '=', id)
    .where('stage', '=', 'prepared' satisfies SessionStage)
    .where('withdrawn_at_ms', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Those that were not withdrawn: every reader of sessions begins here. */
function standing(tx: Tx) {
  return tx.selectFrom('sessions').where('withdrawn_at_ms', 'is', null)
}

function summaries(tx: Tx) {
  return standing(tx)
    .leftJoin('verifications', 'verifications.session', 'sessions.id')
    .select(['sessions.document', 'sessions.stage', 'sessions.published_at_ms', 'verifications.document as verification'])
}

const summaryRow = z.object({
  document: session,
  stage: sessionStage,
  published_at_ms: z.int().nullable(),
  verification: verification.nullable(),
})

function toSummary(row: object): SessionSummary {
  const { document, stage, published_at_ms: at, verification: judged } = fromStored(summaryRow, row, 'a session')
  return { session: document, stage, ...(at === null ? {} : { publishedAtMs: at }), ...(judged === null ? {} : { verification: judged }) }
}

import { z } from 'zod'
import { canonicalJson } from '../custody/canonical-json.ts'
import { sha256Now, toHex } from '../custody/sha256.ts'
import { type Council, council } from '../model/council.ts'
import type { SessionId } from '../model/ids.ts'
import { type Session, session } from '../model/session.ts'
import { readCouncil } from './councils.ts'
import type { Tx } from './database.ts'
import { lockList } from './row-lock.ts'
import { lockSession, putSession, readSession } from './sessions.ts'
import { fromStored, isSameJson, toJson } from './stored-json.ts'

/** What a person changed had been changed by another since they read it. */
export class SetUpConflictError extends Error {
  override readonly name = 'SetUpConflictError'
}

const version = z.object({ version: z.int().positive(), by: z.string(), atMs: z.int() })
/** Who changed the set-up when; `escano` stands for what was there before anybody changed it here. */
export type SetUpVersion = z.infer<typeof version>

/** Fingerprint of a part of the set-up, sent with its form: whoever saves shows what they had read. */
export function seenOf(part: unknown): string {
  return toHex(sha256Now(canonicalJson(part ?? null))).slice(0, 32)
}

/** What one change touches, and what was read of it. */
export interface Change<T> {
  /** Account of who changes. */
  by: string
  /** The part that the change rests on, e.g. one member; its fingerprint must be the one that was read. */
  part: (current: T) => unknown
  seen: string
  apply: (current: T) => T
}

/**
 * Changes the council's set-up and keeps the version before; two people who change different parts both keep theirs.
 * @throws SetUpConflictError the part is not what was read
 */
export async function changeCouncil(tx: Tx, change: Change<Council>): Promise<Council> {
  await lockList(tx, 'set-up council')
  const current = await readCouncil(tx)
  if (!current) throw new Error('a change came for a council that is not there')
  const next = judged(council, current, change)
  await tx
    .updateTable('councils')
    .set({ document: toJson(next) })
    .execute()
  await keepVersions(tx, 'council', current, next, change.by)
  return next
}

/**
 * Changes a session's set-up, and keeps the version before. Marks of the session wait until it is done.
 * @throws SetUpConflictError
 */
export async function changeSession(tx: Tx, id: SessionId, change: Change<Session>): Promise<Session> {
  await lockSession(tx, id)
  const current = await readSession(tx, id)
  if (!current) throw new Error(`a change came for session ${id}, which is not there`)
  const next = judged(session, current, change)
  await putSession(tx, next)
  await keepVersions(tx, sessionSubject(id), current, next, change.by)
  return next
}

function judged<T>(schema: z.ZodType<T>, current: T, change: Change<T>): T {
  if (seenOf(change.part(current)) !== change.seen) throw new SetUpConflictError('the part that changes is not the one that was read')
  return schema.parse(change.apply(current))
}

/** The set-up before the last change, when that change is `by`'s own; undefined when there is nothing of theirs to take back. */
export async function readCouncilBefore(tx: Tx, by: string): Promise<Council | undefined> {
  const row = await rowBefore(tx, 'council', by)
  return row === undefined ? undefined : fromStored(council, row, 'an earlier set-up of the council')
}

export async function readSessionBefore(tx: Tx, id: SessionId, by: string): Promise<Session | undefined> {
  const row = await rowBefore(tx, sessionSubject(id), by)
  return row === undefined ? undefined : fromStored(session, row, `an earlier set-up of session ${id}`)
}

/** Who changed the council's set-up, or a session's, the latest first. */
export async function listSetUpVersions(tx: Tx, of: SessionId | 'council', limit = 20): Promise<SetUpVersion[]> {
  const rows = await tx
    .selectFrom('set_up_versions')
    .select(['version', 'by', 'at_ms as atMs'])
    .where('subject', '=', of === 'council' ? of : sessionSubject(of))
    .orderBy('version', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => fromStored(version, row, 'versions of the set-up'))
}

async function rowBefore(tx: Tx, subject: string, by: string): Promise<unknown> {
  const rows = await lastRows(tx, subject)
  return rows[0]?.by === by ? rows[1]?.document : undefined
}

function lastRows(tx: Tx, subject: string) {
  return tx.selectFrom('set_up_versions').selectAll().where('subject', '=', subject).orderBy('version', 'desc').limit(2).execute()
}

/** Adds the new version; what stood there before is added first when it is not the last that is known. */
async function keepVersions(tx: Tx, subject: string, before: unknown, next: unknown, by: string): Promise<void> {
  const [last] = await lastRows(tx, subject)
  const known = last !== undefined && isSameJson(last.document, JSON.parse(toJson(before)))
  const rows = [...(known ? [] : [{ document: before, by: 'escano' }]), { document: next, by }]
  await tx
    .insertInto('set_up_versions')
    .values(
      rows.map((row, index) => ({
        subject,
        version: (last?.version ?? 0) + index + 1,
        document: toJson(row.document),
        by: row.by,
        at_ms: Date.now(),
      })),
    )
    .execute()
}

const sessionSubject = (id: SessionId) => `session ${id}`

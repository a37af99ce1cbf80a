import type { z } from 'zod'
import { language } from '../model/council.ts'
import type { SessionId } from '../model/ids.ts'
import { type Transcript, transcript } from '../model/transcript.ts'
import type { Tx } from './database.ts'
import { lockList } from './row-lock.ts'
import { fromStored, toJson } from './stored-json.ts'
import { type ObjectReference, objectReference } from './stored-object.ts'

/** A version of a transcript is there with other bytes, or one before it is missing. */
export class TranscriptVersionError extends Error {
  override readonly name = 'TranscriptVersionError'
}

/** A transcript with the object that holds its bytes. */
export interface StoredTranscript extends ObjectReference {
  transcript: Transcript
}

export const storedCaptions = objectReference.extend({ language })
export type StoredCaptions = z.infer<typeof storedCaptions>

/**
 * Adds the next version of a session's transcript; the same bytes again are no error.
 * @throws TranscriptVersionError
 */
export async function putTranscript(tx: Tx, of: Transcript, at: ObjectReference): Promise<void> {
  const document = transcript.parse(of)
  const { version, session } = document
  await lockList(tx, `transcripts ${session}`)
  const kept = await tx
    .selectFrom('transcripts')
    .select(['version', 'sha256'])
    .where('session', '=', session)
    .orderBy('version', 'desc')
    .executeTakeFirst()
  if (kept?.version === version && kept.sha256 === at.sha256) return
  const next = (kept?.version ?? 0) + 1
  if (version !== next)
    throw new TranscriptVersionError(`version ${version} of the transcript of session ${session} came, expected ${next}`)
  const { key: object_key, version: object_version, sha256 } = objectReference.parse(at)
  await tx
    .insertInto('transcripts')
    .values({ session, version, document: toJson(document), object_key, object_version, sha256 })
    .execute()
}

/** The newest version. */
export async function readTranscript(tx: Tx, session: SessionId): Promise<StoredTranscript | undefined> {
  const row = await tx.selectFrom('transcripts').selectAll().where('session', '=', session).orderBy('version', 'desc').executeTakeFirst()
  if (row === undefined) return undefined
  const at = fromStored(
    objectReference,
    { key: row.object_key, version: row.object_version, sha256: row.sha256 },
    `transcript of session ${session}`,
  )
  return { transcript: fromStored(transcript, row.document, `transcript ${row.version} of session ${session}`), ...at }
}

/** Names the captions in a language; later ones take their place. */
export async function putCaptions(tx: Tx, session: SessionId, of: StoredCaptions['language'], at: ObjectReference): Promise<void> {
  const row = objectReference.parse(at)
  await tx
    .insertInto('captions')
    .values({ session, language: of, ...row })
    .onConflict((on) => on.columns(['council_id', 'session', 'language']).doUpdateSet(row))
    .execute()
}

export async function readCaptions(tx: Tx, session: SessionId): Promise<StoredCaptions[]> {
  const rows = await tx.selectFrom('captions').selectAll().where('session', '=', session).orderBy('language').execute()
  return rows.map((row) => fromStored(storedCaptions, row, `captions of session ${session}`))
}

/**
 * The pieces of audio of a session and what was recognised in each. Their shape is the transcriber's: it reads them back through its
 * own schema; here they are JSON.
 */
export interface ChunkResult {
  chunk: number
  /** Names what the result was made from: audio, model, settings. */
  key: string
  result: unknown
}

/** Keeps what was recognised in a chunk; a result that is there already stays. */
export async function putChunkResult(tx: Tx, of: { session: SessionId } & ChunkResult): Promise<void> {
  const { session, chunk, key, result } = of
  await tx
    .insertInto('chunk_results')
    .values({ session, chunk, key, document: toJson(result) })
    .onConflict((on) => on.doNothing())
    .execute()
}

/** The results under these keys that are there, by chunk. */
export async function readChunkResults(tx: Tx, session: SessionId, keys: readonly string[]): Promise<ChunkResult[]> {
  if (keys.length === 0) return []
  const rows = await tx
    .selectFrom('chunk_results')
    .select(['chunk', 'key', 'document'])
    .where('session', '=', session)
    .where('key', 'in', [...keys])
    .orderBy('chunk')
    .execute()
  return rows.map(({ chunk, key, document }) => ({ chunk, key, result: document }))
}

/** How many of these keys have a result. */
export async function countChunkResults(tx: Tx, session: SessionId, keys: readonly string[]): Promise<number> {
  if (keys.length === 0) return 0
  const row = await tx
    .selectFrom('chunk_results')
    .select((of) => of.fn.countAll().as('count'))
    .where('session', '=', session)
    .where('key', 'in', [...keys])
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/** Writes how a session's audio is cut; a new plan takes the place of the old. */
export async function putChunkPlan(tx: Tx, session: SessionId, plan: unknown): Promise<void> {
  const document = toJson(plan)
  await tx
    .insertInto('chunk_plans')
    .values({ session, document })
    .onConflict((on) => on.columns(['council_id', 'session']).doUpdateSet({ document }))
    .execute()
}

/** The plan as it was written, to be read through the writer's schema; undefined when there is none. */
export async function readChunkPlan(tx: Tx, session: SessionId): Promise<unknown> {
  return (await tx.selectFrom('chunk_plans').select('document').where('session', '=', session).executeTakeFirst())?.document
}

/** Marks a plan as one that nobody goes on with, until the session is planned again. @returns whether there was one */
export async function cancelChunkPlan(tx: Tx, session: SessionId): Promise<boolean> {
  const plan = await readChunkPlan(tx, session)
  if (typeof plan !== 'object' || plan === null) return false
  await putChunkPlan(tx, session, { ...plan, cancelled: true })
  return true
}

export async function isPlanCancelled(tx: Tx, session: SessionId): Promise<boolean> {
  const plan = await readChunkPlan(tx, session)
  return typeof plan === 'object' && plan !== null && 'cancelled' in plan
}

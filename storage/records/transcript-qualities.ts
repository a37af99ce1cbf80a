import type { SessionId } from '../model/ids.ts'
import { type TranscriptQuality, transcriptQuality } from '../model/transcript-quality.ts'
import type { Tx } from './database.ts'
import { fromStored, toJson } from './stored-json.ts'

/** Keeps the figures of a version of a transcript; those that are there stay. */
export async function putTranscriptQuality(tx: Tx, session: SessionId, of: TranscriptQuality): Promise<void> {
  const document = toJson(transcriptQuality.parse(of))
  await tx
    .insertInto('transcript_qualities')
    .values({ session, version: of.version, document })
    .onConflict((on) => on.doNothing())
    .execute()
}

/** Those of the newest version that has any. */
export async function readTranscriptQuality(tx: Tx, session: SessionId): Promise<TranscriptQuality | undefined> {
  const row = await tx
    .selectFrom('transcript_qualities')
    .select('document')
    .where('session', '=', session)
    .orderBy('version', 'desc')
    .executeTakeFirst()
  return row && fromStored(transcriptQuality, row.document, `quality of the transcript of session ${session}`)
}

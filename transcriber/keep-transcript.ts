import { canonicalJson } from '../storage/custody/canonical-json.ts'
import { formalName, type Language } from '../storage/model/council.ts'
import type { Transcript } from '../storage/model/transcript.ts'
import { measureTranscript, type TranscriptQuality } from '../storage/model/transcript-quality.ts'
import { sessionObjectKey } from '../storage/objects/object-keys.ts'
import { removeDraft } from '../storage/records/draft-transcripts.ts'
import { readStage, setStage } from '../storage/records/sessions.ts'
import { putTranscriptQuality } from '../storage/records/transcript-qualities.ts'
import { putCaptions, putTranscript, readTranscript } from '../storage/records/transcripts.ts'
import type { Storage } from '../storage/storage.ts'
import { sha256Of } from './chunk-key.ts'
import { toWebVtt } from './formats/captions.ts'
import { referenceScores } from './score/reference-scores.ts'
import { speakerKey } from './speakers/floor-events.ts'
import type { StoredSession } from './stored-session.ts'

/** Shown in the captions where speech was found and nothing recognised. */
export const notTranscribed: Record<Language, string> = { gl: '[non transcrito]', es: '[no transcrito]' }

/**
 * Keeps a transcript and its captions: bytes in the store first, then the rows, the stage and the next job in one transaction. Done
 * twice with the same outcome it is one version.
 * @param make the transcript under the version it gets
 * @param heard what its figures of quality are held against
 */
export async function keepTranscript(
  storage: Storage,
  stored: StoredSession,
  make: (version: number) => Transcript,
  heard: Parameters<typeof measureTranscript>[1],
): Promise<Transcript> {
  const { council, session } = stored
  const last = await storage.database.inCouncil(council.id, (tx) => readTranscript(tx, session.id))
  const same = last !== undefined && sha256Of(canonicalJson(make(last.transcript.version))) === last.sha256
  const transcript = make(last === undefined ? 1 : last.transcript.version + (same ? 0 : 1))
  const place = (name: string, bytes: Uint8Array, extension: string, contentType: string) =>
    putBytes(storage, stored, { name, bytes, extension, contentType })
  const document = await place('transcript', canonicalJson(transcript), 'json', 'application/json')
  const captions = await Promise.all(
    council.languages.map(async (language) => {
      const text = toWebVtt(transcript, { names: namesOf(stored), notTranscribed: notTranscribed[language], language })
      return { language, at: await place(`captions.${language}`, new TextEncoder().encode(text), 'vtt', 'text/vtt; charset=utf-8') }
    }),
  )
  const quality = qualityOf(transcript, stored, heard)
  await storage.database.inCouncil(council.id, async (tx) => {
    await putTranscript(tx, transcript, document)
    await removeDraft(tx, session.id)
    await putTranscriptQuality(tx, session.id, quality)
    for (const { language, at } of captions) await putCaptions(tx, session.id, language, at)
    // A later run (another model) adds a version; the session stays as far as it is.
    if ((await readStage(tx, session.id)) === 'closed') await setStage(tx, session.id, 'transcribed', { from: 'closed' })
    await storage.jobs.send('acta.draft', { council: council.id, session: session.id }, { tx })
  })
  return transcript
}

/** Figures of quality; those against a reference where there is one. */
function qualityOf(
  of: Transcript,
  { council, reference }: StoredSession,
  heard: Parameters<typeof measureTranscript>[1],
): TranscriptQuality {
  const measured = measureTranscript(of, heard)
  if (reference === undefined) return measured
  const names = council.members.map((one) => one.surname)
  return { ...measured, scores: referenceScores(of, reference, { names, durationSeconds: heard.recordedMs / 1000 }) }
}

/** Names of speakers as captions show them. */
function namesOf(stored: StoredSession): Map<string, string> {
  const seats = stored.evidence.seats.map((one) => [one.speaker, one.name] as const)
  return new Map([...seats, ...stored.council.members.map((one) => [speakerKey(one), formalName(one)] as const)])
}

async function putBytes(
  storage: Storage,
  { council, session }: StoredSession,
  of: { name: string; bytes: Uint8Array; extension: string; contentType: string },
): Promise<{ key: string; version: string; sha256: string }> {
  const sha256 = sha256Of(of.bytes)
  const key = sessionObjectKey(council.id, session.id, of.name, sha256, of.extension)
  const { version } = await storage.objects.put(key, of.bytes, { sha256, contentType: of.contentType })
  return { key, version, sha256 }
}

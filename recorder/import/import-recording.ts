import { generateKeyPairSync } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { toBase64 } from '../../storage/custody/sha256.ts'
import { newId, type RecorderId, recorderId } from '../../storage/model/ids.ts'
import type { ImportedRecording } from '../../storage/model/imported-recording.ts'
import { sessionObjectKey } from '../../storage/objects/object-keys.ts'
import { type BroughtFile, examineBroughtFile } from '../../storage/programs/brought-file.ts'
import { hashFile, writeDurably } from '../../storage/programs/durable-file.ts'
import type { Ffmpeg } from '../../storage/programs/ffmpeg.ts'
import { MediaUnreadableError } from '../../storage/programs/probe-media.ts'
import { readCouncil } from '../../storage/records/councils.ts'
import { putDocument, readDocuments } from '../../storage/records/documents.ts'
import { changeImport, ImportWithdrawnError, type RecordingImport, readImport, readStandingImport } from '../../storage/records/imports.ts'
import type { JobPayload } from '../../storage/records/job-kinds.ts'
import { reportProgress } from '../../storage/records/progress.ts'
import { enrolRecorder } from '../../storage/records/recorders.ts'
import type { Storage } from '../../storage/storage.ts'
import { UploadStore } from '../../storage/uploads/upload-store.ts'
import { type AgentIdentity, openAgentIdentity } from '../agent-identity.ts'
import { Recorder } from '../recorder.ts'
import { clearWithdrawn, revokeReader } from './clear-withdrawn.ts'
import { ImportRefusedError, readIntoSpool } from './read-file.ts'

/** Name of the step in the session's progress. */
export const importStep = 'import'

export interface ImporterParts {
  storage: Storage
  ffmpeg: Ffmpeg
  /** Folder of the uploads. */
  uploads: string
  /** Where an import's key and spool lie until the server has everything. */
  work: string
  /** Address of the server, as this machine reaches it. */
  server: string
}

type OfSession = JobPayload<'recording.import'>

/**
 * Takes the files that people brought: each is read by a recorder of its own, whose key is made for it and destroyed after it, and goes the way
 * of every recording from there. A file that cannot be read leaves its reason where people see it; of one that was withdrawn
 * nothing stays on the disk.
 */
export async function startImporter(parts: ImporterParts): Promise<void> {
  await parts.storage.jobs.work('recording.import', { concurrency: 1 }, async (of, signal) => {
    try {
      await importRecording(parts, of, signal).catch(async (error: unknown) => {
        if (!(error instanceof ImportRefusedError || error instanceof MediaUnreadableError)) throw error
        await saveImport(parts, of, { problem: error.message.slice(0, 1000) })
      })
    } catch (error) {
      if (!(error instanceof ImportWithdrawnError)) throw error
    }
    await clearWithdrawn(parts, of.council)
  })
}

/** Each step may be done twice; a crash at any line leaves what the next run goes on from. @throws ImportWithdrawnError */
export async function importRecording(parts: ImporterParts, of: OfSession, signal: AbortSignal): Promise<void> {
  const { storage } = parts
  const known = await storage.database.inCouncil(of.council, (tx) => readImport(tx, of.session))
  if (known === undefined || known.delivered) return
  await expectStanding(parts, of)
  const path = new UploadStore(parts.uploads).path({ council: of.council, id: known.upload })
  const examined = await examineBroughtFile(parts.ffmpeg, path)
  const statement = known.statement ?? (await keepOriginal(parts, of, known, { path, examined }))
  const recorder = known.recorder ?? recorderId.parse(newId())
  await saveImport(parts, of, { recorder, statement })
  const folder = join(parts.work, of.session)
  const identity = await enrolReader(parts, of, recorder, folder)
  const spool = join(folder, 'spool')
  const totalMs = examined.probe.durationMs ?? 0
  await readIntoSpool({
    ...{ ffmpeg: parts.ffmpeg, path, probe: examined.probe, session: of.session, identity, folder: join(spool, of.session), signal },
    onProgress: (mediaMs) => tellProgress(parts, of, { done: Math.min(mediaMs, totalMs || mediaMs), total: totalMs || mediaMs }),
  })
  await expectStanding(parts, of)
  await deliver(parts, of, { identity, spool, signal })
  await storage.database.inCouncil(of.council, (tx) => revokeReader(tx, recorder))
  await saveImport(parts, of, { delivered: true })
  await rm(folder, { recursive: true, force: true })
  await new UploadStore(parts.uploads).remove({ council: of.council, id: known.upload })
}

/** The bytes as they came go into the store; what is known of them is the statement. */
async function keepOriginal(
  parts: ImporterParts,
  { council, session }: OfSession,
  known: RecordingImport,
  { path, examined }: { path: string; examined: BroughtFile },
): Promise<ImportedRecording> {
  const { storage } = parts
  const { sha256, sizeBytes } = await hashFile(path)
  await saveImport(parts, { council, session }, { original: sha256 })
  const extension = /^\.[a-z0-9]{1,5}$/i.test(extname(known.file.name)) ? extname(known.file.name).slice(1).toLowerCase() : 'bin'
  const key = sessionObjectKey(council, session, 'original', sha256, extension)
  const { version } = await storage.objects.putFile(key, path, { sha256, contentType: 'application/octet-stream' })
  await storage.database.inCouncil(council, async (tx) => {
    if ((await readDocuments(tx, session, 'original')).length > 0) return
    await putDocument(tx, { session, kind: 'original', revision: 1, key, version, sha256, sizeBytes, createdAtMs: Date.now() })
  })
  const { receivedAtMs, receivedBy, file } = known
  return {
    receivedAtMs,
    receivedBy: { name: receivedBy.name, role: receivedBy.role },
    file: { name: file.name, sha256, bytes: sizeBytes },
    container: examined.container,
  }
}

/** The recorder of this one import. */
async function enrolReader(
  { storage, server }: ImporterParts,
  { council, session }: OfSession,
  recorder: RecorderId,
  folder: string,
): Promise<AgentIdentity> {
  const keyFile = join(folder, 'recorder.key')
  const listed = await storage.database.inCouncil(council, readCouncil)
  if (!listed) throw new Error(`no council ${council} to import for`)
  const enrolment = { recorder, council, dir3: listed.dir3, server }
  const identity = await openAgentIdentity(enrolment, keyFile).catch(async () => {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const { privateKey } = generateKeyPairSync('ed25519')
    await writeDurably(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), { mode: 0o600 })
    return await openAgentIdentity(enrolment, keyFile)
  })
  const row = { id: recorder, name: `Importación ${session.slice(-4)}`, publicKeyBase64: toBase64(identity.publicKey) }
  await storage.database.inCouncil(council, (tx) => enrolRecorder(tx, row))
  return identity
}

/** Dials the server as the recorder of a chamber does, until it has told and stored everything. */
async function deliver(
  parts: ImporterParts,
  { council, session }: OfSession,
  of: { identity: AgentIdentity; spool: string; signal: AbortSignal },
): Promise<void> {
  const { identity, spool, signal } = of
  const onTrouble = (detail: string) => {
    const told = parts.storage.database.inCouncil(council, (tx) =>
      reportProgress(tx, session, { step: importStep, done: 1, total: 1, detail }),
    )
    told.catch(() => undefined)
  }
  await using recorder = await Recorder.open({ identity, ffmpeg: parts.ffmpeg, spool, speed: 1, onTrouble })
  for (let looks = 1; !recorder.isDelivered; looks++) {
    await wait(200, undefined, { signal })
    // The server takes nothing of a session that was withdrawn: it would never be delivered.
    if (looks % 10 === 0) await expectStanding(parts, { council, session })
  }
}

async function saveImport({ storage }: ImporterParts, { council, session }: OfSession, change: Partial<RecordingImport>): Promise<void> {
  await storage.database.inCouncil(council, (tx) => changeImport(tx, session, change))
}

async function expectStanding({ storage }: ImporterParts, { council, session }: OfSession): Promise<void> {
  await storage.database.inCouncil(council, (tx) => readStandingImport(tx, session))
}

async function tellProgress(
  { storage }: ImporterParts,
  { council, session }: OfSession,
  of: { done: number; total: number },
): Promise<void> {
  await storage.database.inCouncil(council, async (tx) => {
    await reportProgress(tx, session, { step: importStep, ...of })
    await readStandingImport(tx, session)
  })
}

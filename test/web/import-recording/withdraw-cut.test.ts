import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clearWithdrawn } from '../../../recorder/import/clear-withdrawn.ts'
import { importRecording, startImporter } from '../../../recorder/import/import-recording.ts'
import { readSpoolState } from '../../../recorder/spool-state.ts'
import { newId } from '../../../storage/model/ids.ts'
import type { Session } from '../../../storage/model/session.ts'
import { type Ffmpeg, findFfmpeg } from '../../../storage/programs/ffmpeg.ts'
import { runProgram } from '../../../storage/programs/run-program.ts'
import { readAudit } from '../../../storage/records/audit.ts'
import type { Tx } from '../../../storage/records/database.ts'
import { readDocuments } from '../../../storage/records/documents.ts'
import { originalOf, readImport } from '../../../storage/records/imports.ts'
import { readJournal } from '../../../storage/records/journal.ts'
import { readRecorder } from '../../../storage/records/recorders.ts'
import { readSession } from '../../../storage/records/sessions.ts'
import type { Storage } from '../../../storage/storage.ts'
import { withdrawImport } from '../../../web/import-recording/withdraw-import.ts'
import { openTestStorage, type TestStorage } from '../../servers/test-storage.ts'
import { bringRecording } from './bring-recording.ts'

/** The machine dies here. */
class PowerCutError extends Error {
  override readonly name = 'PowerCutError'
}

/** A storage whose machine dies before its nth transaction, or right after it: what came before is kept, nothing of what would follow. */
function cut(storage: Storage, at: number, where: 'before' | 'after'): Storage {
  let asked = 0
  const database = Object.assign(Object.create(storage.database), {
    inCouncil: async (...of: Parameters<Storage['database']['inCouncil']>) => {
      asked += 1
      if (asked > at || (asked === at && where === 'before')) throw new PowerCutError(`before transaction ${asked}`)
      const done = await storage.database.inCouncil(...of)
      if (asked === at) throw new PowerCutError(`after transaction ${asked}`)
      return done
    },
  })
  return { ...storage, database }
}

describe('an import that is withdrawn after a power cut', () => {
  const by = { account: newId(), name: 'Noela Lestrigo', role: 'secretary' }
  const nobody = new AbortController().signal
  let storage: TestStorage
  let ffmpeg: Ffmpeg
  let folder: string
  let places: { uploads: string; work: string; server: string }
  let brought = 0

  beforeAll(async () => {
    storage = await openTestStorage()
    folder = await mkdtemp(join(tmpdir(), 'escano-withdraw-'))
    ffmpeg = await findFfmpeg(process.env)
    const tone = ['-nostdin', '-loglevel', 'error', '-f', 'lavfi', '-i', 'sine=duration=3', join(folder, 'tone.wav')]
    await runProgram(ffmpeg.path, tone)
    places = { uploads: join(folder, 'uploads'), work: join(folder, 'imports'), server: 'http://127.0.0.1:9' }
  })
  afterAll(async () => {
    await storage?.[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })

  const within = <T>(work: (tx: Tx) => Promise<T>) => storage.database.inCouncil(storage.council.id, work)
  const of = ({ id }: Session) => ({ council: storage.council.id, session: id })
  const bring = (to = storage) => {
    const day = new Date(Date.UTC(2001, 1, ++brought)).toISOString().slice(0, 10)
    return bringRecording({ storage: to, ffmpeg, uploads: places.uploads }, { day, file: join(folder, 'tone.wav'), by: by.account })
  }
  const onDisk = async () => [...(await readdir(join(places.uploads, storage.council.id))), ...(await readdir(places.work).catch(() => []))]
  const auditedOf = async ({ id }: Session) =>
    (await within(readAudit)).filter((one) => one.action === 'recording-import-withdrawn' && one.object.includes(id))

  /** Reads a file as far as the cut. @returns the session, and whether all of the file had been read */
  async function readUntil(at: number, where: 'before' | 'after'): Promise<{ session: Session; whole: boolean }> {
    const session = await bring()
    const reading = importRecording({ storage: cut(storage, at, where), ffmpeg, ...places }, of(session), nobody)
    await expect(reading).rejects.toThrow(PowerCutError)
    const whole = (await readSpoolState(join(places.work, session.id, 'spool', session.id)))?.finished === true
    return { session, whole }
  }

  test('in the middle of withdrawing stands as it stood', async () => {
    const session = await bring()
    const inCouncil = (council: typeof storage.council.id, work: (tx: Tx) => Promise<unknown>) =>
      storage.database.inCouncil(council, async (tx) => {
        await work(tx)
        throw new PowerCutError('before the commit')
      })
    const database = Object.assign(Object.create(storage.database), { inCouncil })
    await expect(withdrawImport({ database, jobs: storage.jobs }, of(session), by)).rejects.toThrow(PowerCutError)
    expect(await within((tx) => readSession(tx, session.id))).toEqual(session)
    expect((await within((tx) => readImport(tx, session.id)))?.withdrawn).toBeUndefined()
    expect(await auditedOf(session)).toEqual([])
    await withdrawImport(storage, of(session), by)
  })

  test('just as its reader ends, after the last look at what was withdrawn, is cleared all the same', async () => {
    await using other = await openTestStorage()
    const session = await bring(other)
    const [looked, withdrawn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    await other.jobs.work('recording.import', { concurrency: 1 }, async ({ council }) => {
      await clearWithdrawn({ storage: other, ...places }, council)
      looked.resolve()
      await withdrawn.promise
    })
    await looked.promise
    await withdrawImport(other, { council: other.council.id, session: session.id }, by)
    withdrawn.resolve()
    await expect.poll(() => readdir(join(places.uploads, other.council.id))).toEqual([])
  })

  test('at each step of reading or of clearing leaves nothing but what went to the store', { timeout: 240_000 }, async () => {
    const sessions: Session[] = []
    for (let at = 1, whole = false; !whole; at++) {
      const before = await readUntil(at, 'before')
      sessions.push(before.session)
      ;({ whole } = before)
      if (!whole) sessions.push((await readUntil(at, 'after')).session)
    }
    // Those that were read furthest, as a cut in the middle of clearing leaves them.
    for (const one of sessions) await withdrawImport(storage, of(one), by)
    const [last, folderGone, fileGone] = sessions.toReversed()
    if (!last || !folderGone || !fileGone) throw new Error('there are more steps')
    await expect(clearWithdrawn({ storage: cut(storage, 2, 'after'), ...places }, storage.council.id)).rejects.toThrow(PowerCutError)
    for (const one of [folderGone, fileGone]) await rm(join(places.work, one.id), { recursive: true })
    const upload = (await within((tx) => readImport(tx, fileGone.id)))?.upload
    await rm(join(places.uploads, storage.council.id, `${upload}.part`))
    // Twice is once.
    await withdrawImport(storage, of(last), by)
    expect((await onDisk()).length).toBeGreaterThan(sessions.length)

    await startImporter({ storage, ffmpeg, ...places })
    await expect.poll(onDisk).toEqual([])
    const sha256 = createHash('sha256')
      .update(await readFile(join(folder, 'tone.wav')))
      .digest('hex')
    const told: string[] = []
    for (const session of sessions) {
      const kept = await within((tx) => readImport(tx, session.id))
      const recorder = kept?.recorder
      const enrolled = recorder === undefined ? undefined : await within((tx) => readRecorder(tx, recorder))
      expect(kept).toMatchObject({ delivered: false, withdrawn: { by } })
      expect(kept?.problem).toBeUndefined()
      expect(await within((tx) => readSession(tx, session.id))).toBeUndefined()
      if (enrolled) expect(enrolled.revokedAtMs).toEqual(expect.any(Number))
      expect(await within((tx) => readJournal(tx, session.id))).toEqual([])
      // What the audit says of the store is so: where it says nothing went there, nothing did.
      const stays = kept && originalOf(kept)
      const result = stays === undefined ? 'nothing went to the store' : `what went to the store stays: SHA-256 ${sha256}`
      expect(await auditedOf(session)).toEqual([expect.objectContaining({ result })])
      const documents = await within((tx) => readDocuments(tx, session.id, 'original'))
      if (stays === undefined) expect(documents).toEqual([])
      for (const one of documents) expect(await storage.objects.hash(one.key, one.version)).toBe(sha256)
      told.push(`${stays === undefined ? '' : 'told '}${documents.length > 0 ? 'stored ' : ''}${enrolled ? 'enrolled' : ''}`.trim())
    }
    // Each of the states that a cut can leave was among them.
    expect([...new Set(told)]).toEqual(['', 'told', 'told stored', 'told stored enrolled'])
    expect(storage.reports).toEqual([])
  })
})

import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { importStep, startImporter } from '../../../recorder/import/import-recording.ts'
import { newId, type SessionId } from '../../../storage/model/ids.ts'
import type { Session } from '../../../storage/model/session.ts'
import { type Ffmpeg, findFfmpeg } from '../../../storage/programs/ffmpeg.ts'
import { runProgram } from '../../../storage/programs/run-program.ts'
import { putAccount } from '../../../storage/records/accounts.ts'
import { readAudit } from '../../../storage/records/audit.ts'
import type { Tx } from '../../../storage/records/database.ts'
import { readDocuments } from '../../../storage/records/documents.ts'
import { readImport } from '../../../storage/records/imports.ts'
import { readJournal } from '../../../storage/records/journal.ts'
import { readProgress, reportProgress } from '../../../storage/records/progress.ts'
import { readRecorder } from '../../../storage/records/recorders.ts'
import { findSession, listSessions, readSession, readSessionSummary, readStage } from '../../../storage/records/sessions.ts'
import type { RunningWeb } from '../../../web/main.ts'
import { hashPassword } from '../../../web/sign-in/password-hash.ts'
import { startTestWeb } from '../../servers/running-web.ts'
import { openTestStorage, type TestStorage } from '../../servers/test-storage.ts'
import { password, signIn } from '../control/chamber.ts'
import { bringRecording } from './bring-recording.ts'

describe('an import that is withdrawn', () => {
  const secretary = newId()
  let storage: TestStorage
  let web: RunningWeb
  let ffmpeg: Ffmpeg
  let folder: string
  let cookie: string
  let places: { uploads: string; work: string; server: string }

  beforeAll(async () => {
    storage = await openTestStorage()
    folder = await mkdtemp(join(tmpdir(), 'escano-withdraw-'))
    ffmpeg = await findFfmpeg(process.env)
    const tone = (seconds: number, name: string) =>
      runProgram(ffmpeg.path, ['-nostdin', '-loglevel', 'error', '-f', 'lavfi', '-i', `sine=duration=${seconds}`, join(folder, name)])
    await Promise.all([tone(12, 'whole.wav'), tone(0.5, 'short.wav')])
    web = await startTestWeb(storage, { environment: { ESCANO_DATA: storage.config.data } })
    places = { uploads: join(storage.config.data, 'uploads'), work: join(folder, 'imports'), server: web.address }
    const passwordHash = await hashPassword(password)
    await within(async (tx) => {
      await putAccount(tx, { id: secretary, login: 'secretaria', name: 'Noela Lestrigo', role: 'secretary', passwordHash })
      await putAccount(tx, { id: newId(), login: 'castro', name: 'Uxía Castro', role: 'member', passwordHash })
    })
    cookie = (await signIn(web.address, 'proba', 'secretaria')) ?? ''
  })
  afterAll(async () => {
    await web?.[Symbol.asyncDispose]()
    await storage?.[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })

  const within = <T>(work: (tx: Tx) => Promise<T>) => storage.database.inCouncil(storage.council.id, work)
  const sha256 = async (name: string) =>
    createHash('sha256')
      .update(await readFile(join(folder, name)))
      .digest('hex')
  const page = () => `${web.address}/c/proba/importar`
  const shown = async (at: string) => await (await fetch(at, { headers: { Cookie: cookie } })).text()
  const onDisk = async () => [await readdir(join(places.uploads, storage.council.id)), await readdir(places.work).catch(() => [])]
  const audited = async (session: SessionId) =>
    (await within((tx) => readAudit(tx))).filter((one) => one.action === 'recording-import-withdrawn' && one.object.includes(session))

  const bring = (day: string, name: string) =>
    bringRecording({ storage, ffmpeg, uploads: places.uploads }, { day, file: join(folder, name), by: secretary })

  const withdraw = (session: SessionId, as = cookie) =>
    fetch(page(), {
      ...{ method: 'POST', headers: { Cookie: as, Accept: 'application/json' }, redirect: 'manual' },
      body: new URLSearchParams({ act: 'withdraw', session }),
    })

  async function until(isSo: () => Promise<boolean>): Promise<void> {
    for (let tries = 0; tries < 1200; tries++) {
      if (await isSo()) return
      await wait(25)
    }
    throw new Error('it did not come to be')
  }

  async function expectGone({ id, slug }: Session): Promise<void> {
    const found = await within(async (tx) => [
      await readSession(tx, id),
      await readStage(tx, id),
      await readSessionSummary(tx, id),
      await findSession(tx, slug),
      (await listSessions(tx)).find((one) => one.session.id === id),
    ])
    expect(found).toEqual([undefined, undefined, undefined, undefined, undefined])
    for (const at of [`/c/proba/${slug}`, `/c/proba/editor/${slug}`, `/c/proba/preparar/${slug}`])
      expect([at, (await fetch(web.address + at, { headers: { Cookie: cookie } })).status]).toEqual([at, 404])
    expect(await shown(`${web.address}/c/proba/mesa`)).not.toContain(slug)
  }

  test('while it is read or waits stops at its next step: nothing stays but what went to the store', { timeout: 60_000 }, async () => {
    const read = await bring('2001-02-03', 'whole.wav')
    const { promise: released, resolve: release } = Promise.withResolvers<void>()
    const { promise: held, resolve: hold } = Promise.withResolvers<void>()
    // Whoever holds its row of progress holds the importer at its first step.
    const holding = within(async (tx) => {
      await reportProgress(tx, read.id, { step: importStep, done: 0, total: 1 })
      hold()
      await released
    })
    await held
    await startImporter({ storage, ffmpeg, ...places })
    const spool = join(places.work, read.id, 'spool', read.id)
    await until(async () => (await readdir(spool).catch(() => [])).length > 0)
    const waiting = await bring('2001-02-04', 'whole.wav')
    expect(await shown(page())).toContain('Si, retirar esta gravación')
    expect((await withdraw(read.id)).status).toBe(303)
    expect((await withdraw(waiting.id)).status).toBe(303)
    await expectGone(read)
    await expectGone(waiting)
    release()
    await holding

    await until(async () => (await onDisk()).flat().length === 0)
    const kept = await within(async (tx) => ({
      import: await readImport(tx, read.id),
      originals: [...(await readDocuments(tx, read.id, 'original')), ...(await readDocuments(tx, waiting.id, 'original'))],
      lines: await readJournal(tx, read.id),
      progress: await readProgress(tx, read.id),
    }))
    // It stopped at the step it was held at, and read no further.
    expect(kept.progress).toEqual([expect.objectContaining({ step: importStep, done: 0, total: 1 })])
    expect(kept.import).toMatchObject({ delivered: false, withdrawn: { by: { account: secretary } } })
    expect(kept.import?.problem).toBeUndefined()
    expect(kept.lines).toEqual([])
    const recorder = kept.import?.recorder
    expect(recorder && (await within((tx) => readRecorder(tx, recorder)))).toMatchObject({ revokedAtMs: expect.any(Number) })
    const original = await sha256('whole.wav')
    expect(kept.originals).toEqual([expect.objectContaining({ sha256: original })])
    expect(await storage.objects.hash(kept.originals[0]?.key ?? '', kept.originals[0]?.version)).toBe(original)
    expect(await audited(read.id)).toEqual([
      expect.objectContaining({ by: secretary, result: `what went to the store stays: SHA-256 ${original}`, atMs: expect.any(Number) }),
    ])
    expect(await audited(waiting.id)).toEqual([expect.objectContaining({ result: 'nothing went to the store' })])
    expect(storage.reports).toEqual([])
  })

  test('because it could not be read is withdrawn once, by who may, and its day was free', { timeout: 60_000 }, async () => {
    const failed = await bring('2001-02-03', 'short.wav')
    expect(failed.slug).toBe('2001-02-03')
    await until(async () => (await within((tx) => readImport(tx, failed.id)))?.problem !== undefined)
    const member = (await signIn(web.address, 'proba', 'castro')) ?? ''
    expect((await withdraw(failed.id, member)).status).toBe(403)
    expect((await withdraw(storage.session.id)).status).toBe(404)
    expect(await shown(page())).toContain('non se puido ler')
    expect([(await withdraw(failed.id)).status, (await withdraw(failed.id)).status]).toEqual([303, 303])
    await expectGone(failed)
    expect(await audited(failed.id)).toHaveLength(1)
    const text = await shown(page())
    expect(text).not.toContain('non se puido ler')
    expect(text).toContain('retirouno Noela Lestrigo')
    expect(text).toContain(await sha256('short.wav'))
    await until(async () => (await onDisk()).flat().length === 0)
  })

  test('after it was read is refused: it is a session like another', { timeout: 60_000 }, async () => {
    const session = await bring('2001-02-03', 'whole.wav')
    await until(async () => (await within((tx) => readImport(tx, session.id)))?.delivered === true)
    const answer = await withdraw(session.id)
    expect([answer.status, ((await answer.json()) as { error: string }).error]).toEqual([
      409,
      expect.stringContaining('unha sesión coma as demais'),
    ])
    expect(await within((tx) => readStage(tx, session.id))).toBe('recorded')
    expect(await audited(session.id)).toEqual([])
    expect(await shown(page())).not.toContain('Si, retirar esta gravación')
  })
})

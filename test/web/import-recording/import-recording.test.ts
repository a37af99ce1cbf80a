import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Upload } from 'tus-js-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openKeys } from '../../../commands/installation-keys.ts'
import type { MinutesParts } from '../../../minutes/minutes-parts.ts'
import { closeRecording } from '../../../minutes/recording/close-recording.ts'
import { newestDocument } from '../../../minutes/session-documents.ts'
import { importRecording, startImporter } from '../../../recorder/import/import-recording.ts'
import { parseDocument, recordingManifest } from '../../../storage/custody/manifests.ts'
import { newId, sessionId } from '../../../storage/model/ids.ts'
import { isSegmentLine } from '../../../storage/model/recording.ts'
import type { Ffmpeg } from '../../../storage/programs/ffmpeg.ts'
import { findFfmpeg } from '../../../storage/programs/ffmpeg.ts'
import { runProgram, startProgram } from '../../../storage/programs/run-program.ts'
import { putAccount } from '../../../storage/records/accounts.ts'
import { putCouncil } from '../../../storage/records/councils.ts'
import { listImports, type RecordingImport } from '../../../storage/records/imports.ts'
import { readJournal } from '../../../storage/records/journal.ts'
import { readRecorder } from '../../../storage/records/recorders.ts'
import { findSession, listSessions, readStage } from '../../../storage/records/sessions.ts'
import type { RunningWeb } from '../../../web/main.ts'
import { hashPassword } from '../../../web/sign-in/password-hash.ts'
import { startTestWeb } from '../../servers/running-web.ts'
import { openTestStorage, type TestStorage } from '../../servers/test-storage.ts'
import { password, signIn } from '../control/chamber.ts'
import { escanoImport } from './escano-import.ts'

const sample = join(import.meta.dirname, '../../fixtures/sample-session/session.mp4')
const sha256 = (of: Uint8Array) => createHash('sha256').update(of).digest('hex')

describe('an old recording', () => {
  let storage: TestStorage
  let web: RunningWeb
  let ffmpeg: Ffmpeg
  let parts: MinutesParts
  let folder: string
  let endpoint: string
  let cookie: string
  /** Twelve seconds of the sample as a camera of 2009 would have kept them. */
  let old: Buffer

  beforeAll(async () => {
    storage = await openTestStorage()
    folder = await mkdtemp(join(tmpdir(), 'escano-import-'))
    ffmpeg = await findFfmpeg(process.env)
    const coding = ['-t', '12', '-i', sample, '-c:v', 'mpeg4', '-c:a', 'mp3', '-metadata', 'creation_time=2009-03-04T19:00:00Z']
    await runProgram(ffmpeg.path, ['-nostdin', '-loglevel', 'error', ...coding, join(folder, 'pleno.mkv')])
    old = await readFile(join(folder, 'pleno.mkv'))
    const keys = openKeys({ folder: join(folder, 'keys'), data: storage.config.data })
    const members = storage.council.members.map((one, at) =>
      at === 1 ? { ...one, roles: [{ office: 'secretary' as const, from: '2023-06-17' }] } : one,
    )
    await storage.database.inCouncil(storage.council.id, (tx) => putCouncil(tx, { ...storage.council, members }, 'proba'))
    await keys.demoAuthority({ ...storage.council, members })
    parts = { storage, ffmpeg, sealsOf: keys.sealsOf, trust: keys.trust, publicUrl: 'http://127.0.0.1', product: 'escano test' }
    web = await startTestWeb(storage, { minutes: parts, environment: { ESCANO_DATA: storage.config.data } })
    endpoint = `${web.address}/c/proba/importar/ficheiros`
    await storage.database.inCouncil(storage.council.id, async (tx) => {
      const passwordHash = await hashPassword(password)
      await putAccount(tx, { id: newId(), login: 'secretaria', name: 'Noela Lestrigo', role: 'secretary', passwordHash })
      await putAccount(tx, { id: newId(), login: 'castro', name: 'Uxía Castro', role: 'member', passwordHash })
    })
    cookie = (await signIn(web.address, 'proba', 'secretaria')) ?? ''
  })
  afterAll(async () => {
    await web?.[Symbol.asyncDispose]()
    await storage?.[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })

  const day = '2009-03-04'
  const told = { day, time: '20:00', kind: 'ordinary', place: 'Salón', language: 'gl', filename: '../../Pleno «vello».mkv' }
  const tus = (more: Record<string, string> = {}) => ({ Cookie: cookie, Accept: 'application/json', 'Tus-Resumable': '1.0.0', ...more })
  const metadata = (of: Record<string, string>) =>
    Object.entries(of)
      .map(([name, value]) => `${name} ${Buffer.from(value).toString('base64')}`)
      .join(',')
  const begin = (bytes: number, fields: Record<string, string> = told) =>
    fetch(endpoint, { method: 'POST', headers: tus({ 'Upload-Length': String(bytes), 'Upload-Metadata': metadata(fields) }) })
  const patch = (place: string, offset: number, bytes: Uint8Array<ArrayBuffer>) => {
    const headers = tus({ 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': String(offset) })
    return fetch(web.address + place, { method: 'PATCH', headers, body: bytes })
  }
  const imports = () => storage.database.inCouncil(storage.council.id, listImports)
  const uploads = () => readdir(join(storage.config.data, 'uploads', storage.council.id)).catch(() => [])
  const errorOf = async (response: Response) => ((await response.json()) as { error: string }).error

  /** Sends a piece and breaks the line in the middle of it. */
  async function breakOff(place: string, bytes: Buffer): Promise<void> {
    const headers = tus({ 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': '0', 'Content-Length': String(bytes.length) })
    const sending = request(web.address + place, { method: 'PATCH', headers })
    const broken = new Promise((resolve) => sending.on('error', resolve))
    const piece = bytes.subarray(0, Math.floor(bytes.length / 3))
    sending.write(piece)
    const part = join(storage.config.data, 'uploads', storage.council.id, `${place.split('/').at(-1)}.part`)
    await expect.poll(async () => (await stat(part)).size).toBe(piece.length)
    sending.destroy(new Error('the line broke'))
    await broken
  }

  async function offsetOf(place: string): Promise<number> {
    const response = await fetch(web.address + place, { method: 'HEAD', headers: tus() })
    return Number(response.headers.get('upload-offset'))
  }

  async function delivered(): Promise<RecordingImport> {
    for (let tries = 0; tries < 600; tries++) {
      const [one] = await imports()
      if (one?.delivered || one?.problem) return one
      await wait(200)
    }
    throw new Error('the import was not delivered')
  }

  test('that lies on the server is taken by the command, and an importer that is killed over it goes on without a gap', {
    timeout: 120_000,
  }, async () => {
    const place = { data: storage.config.data, folder }
    expect(await escanoImport(place, 'pleno.mkv')).toContain('--day')
    expect(await escanoImport(place, 'pleno.mkv', '--day', '2090-01-01')).toContain('aínda non se celebrou')
    expect(await escanoImport(place, 'pleno.mkv', '--day', '2008-02-03', '--council', 'lonxe')).toContain('--council: proba')
    await writeFile(join(folder, 'page.mp4'), '<html>a page</html>'.repeat(99))
    await expect(escanoImport(place, 'page.mp4', '--day', '2008-02-03')).rejects.toThrow('cannot be read as sound or picture')
    expect(await uploads()).toEqual([])
    const taken = { slug: '2008-02-03', file: 'pleno.mkv', bytes: old.length }
    expect(await escanoImport(place, 'pleno.mkv', '--day', '2008-02-03')).toEqual([0, expect.objectContaining(taken)])
    const session = sessionId.parse((await imports())[0]?.session)

    const places = { uploads: join(storage.config.data, 'uploads'), work: join(folder, 'imports'), server: web.address }
    const settings = JSON.stringify({ storage: storage.config, ...places })
    const script = join(import.meta.dirname, 'importer-process.ts')
    const importer = await startProgram(process.execPath, ['--import', 'tsx', script, settings])
    const spool = join(places.work, session, 'spool', session)
    for (let tries = 0; tries < 1200 && (await readdir(spool).catch(() => [])).length === 0; tries++) await wait(25)
    process.kill(importer.pid, 'SIGKILL')
    await importer.exited
    expect(await readdir(spool)).not.toEqual([])
    expect(await imports()).toEqual([expect.objectContaining({ delivered: false })])

    const of = { council: storage.council.id, session }
    await importRecording({ storage, ffmpeg, ...places }, of, new AbortController().signal)
    expect(await imports()).toEqual([
      expect.objectContaining({ delivered: true, receivedBy: expect.objectContaining({ role: 'technician' }) }),
    ])
    const journal = await storage.database.inCouncil(storage.council.id, (tx) => readJournal(tx, session))
    const lines = journal.map((one) => one.content)
    expect(lines.filter((line) => 'kind' in line && line.kind === 'gap')).toEqual([])
    expect(lines.filter(isSegmentLine).reduce((sum, line) => sum + line.durationMs, 0) / 1000).toBeCloseTo(12, 0)
    expect([await uploads(), await readdir(places.work)]).toEqual([[], []])
  })

  test('is sent with a broken line in between, read without a gap, and sealed with what is known of it', { timeout: 180_000 }, async () => {
    const made = await begin(old.length)
    expect(made.status).toBe(201)
    const place = made.headers.get('location') ?? ''
    await breakOff(place, old)
    const offset = await offsetOf(place)
    expect(offset).toBeGreaterThan(0)
    expect(offset).toBeLessThan(old.length)
    expect((await patch(place, 0, new Uint8Array(old))).status).toBe(409)
    // Until the server has seen that the line broke, the upload is somebody's.
    const goOn = async () => (await patch(place, offset, new Uint8Array(old.subarray(offset)))).status
    await expect.poll(goOn).toBe(204)
    // The answer may be lost: asked again, the upload is whole and was taken once.
    expect(await offsetOf(place)).toBe(old.length)
    expect((await imports()).filter((one) => !one.delivered)).toHaveLength(1)

    await startImporter({
      storage,
      ffmpeg,
      uploads: join(storage.config.data, 'uploads'),
      work: join(folder, 'imports'),
      server: web.address,
    })
    const done = await delivered()
    expect(done.problem).toBeUndefined()
    const session = await storage.database.inCouncil(storage.council.id, (tx) => findSession(tx, day))
    expect(session).toMatchObject({ imported: true, place: 'Salón', agenda: [] })
    const id = done.session
    const journal = await storage.database.inCouncil(storage.council.id, (tx) => readJournal(tx, id))
    const lines = journal.map((one) => one.content)
    expect(lines.filter((line) => 'kind' in line && line.kind === 'gap')).toEqual([])
    const seconds = lines.filter(isSegmentLine).reduce((sum, line) => sum + line.durationMs, 0) / 1000
    expect(seconds).toBeGreaterThan(11.5)
    expect(seconds).toBeLessThan(12.6)
    expect(await storage.database.inCouncil(storage.council.id, (tx) => readStage(tx, id))).toBe('recorded')

    await closeRecording(parts, { council: storage.council.id, session: id })
    const documents = await storage.database.inCouncil(storage.council.id, async (tx) => ({
      manifest: await newestDocument(tx, id, 'recording-manifest'),
      original: await newestDocument(tx, id, 'original'),
      recorder: done.recorder && (await readRecorder(tx, done.recorder)),
    }))
    const bytes = await storage.objects.read(documents.manifest?.key ?? '', documents.manifest?.version)
    const manifest = parseDocument(recordingManifest, bytes)
    expect(manifest).toMatchObject({
      v: 3,
      imported: {
        receivedBy: { name: 'Noela Lestrigo', role: 'secretary' },
        file: { name: 'Pleno «vello».mkv', sha256: sha256(old), bytes: old.length },
        container: { ownDates: expect.arrayContaining([{ name: 'creation_time', value: expect.stringContaining('2009-03-04T19:00:00') }]) },
      },
    })
    expect(sha256(await storage.objects.read(documents.original?.key ?? '', documents.original?.version))).toBe(sha256(old))
    // Nothing is left of the way: no upload, no key, and its recorder may say nothing more.
    expect(await uploads()).toEqual([])
    expect(await readdir(join(folder, 'imports'))).toEqual([])
    expect(documents.recorder).toMatchObject({ revokedAtMs: expect.any(Number) })
  })

  test('is shown with its statement to whoever looks at the session or checks it', async () => {
    for (const page of [`/c/proba/${day}`, `/c/proba/${day}/comprobar`]) {
      const text = await (await fetch(web.address + page, { headers: { Cookie: cookie } })).text()
      expect(text).toContain('Gravación importada')
      expect(text).toContain(sha256(old))
      expect(text).toContain('Non hai proba de cando se gravou.')
    }
    const table = await (await fetch(`${web.address}/c/proba/mesa`, { headers: { Cookie: cookie } })).text()
    expect(table).toContain('Gravación importada')
  })

  test('is taken from the protocol’s own client, which goes on after it was stopped', { timeout: 60_000 }, async () => {
    const fields = { ...told, day: '2010-05-06' }
    const send = (more: { uploadUrl?: string; stopAt?: number }) =>
      new Promise<string | null>((resolve, reject) => {
        const upload = new Upload(old, {
          ...{ endpoint, metadata: fields, headers: { Cookie: cookie }, chunkSize: 40_000, retryDelays: null },
          ...(more.uploadUrl ? { uploadUrl: more.uploadUrl } : {}),
          onError: reject,
          onSuccess: () => resolve(upload.url),
          onChunkComplete: (_size, done) => {
            if (more.stopAt !== undefined && done >= more.stopAt) void upload.abort().then(() => resolve(upload.url))
          },
        })
        upload.start()
      })
    const url = await send({ stopAt: 80_000 })
    expect(await offsetOf(new URL(url ?? '').pathname)).toBeLessThan(old.length)
    await send({ uploadUrl: url ?? '' })
    const sessions = await storage.database.inCouncil(storage.council.id, listSessions)
    expect(sessions.map((one) => one.session.slug)).toContain('2010-05-06')
  })

  test('that is none, or lost its index on the way, is refused with a sentence, and nothing of it stays', async () => {
    await runProgram(ffmpeg.path, ['-nostdin', '-loglevel', 'error', '-t', '4', '-i', sample, '-c', 'copy', join(folder, 'whole.mp4')])
    const whole = await readFile(join(folder, 'whole.mp4'))
    await writeFile(join(folder, 'secret.txt'), 'not yours')
    const playlist = `#EXTM3U\n#EXTINF:4,\nfile://${join(folder, 'whole.mp4')}\n#EXT-X-ENDLIST\n`
    const files = [
      Buffer.from('<html>a page</html>'.repeat(99)),
      whole.subarray(0, whole.length - 30_000),
      Buffer.from(playlist),
      Buffer.from(`ffconcat version 1.0\nfile '${join(folder, 'whole.mp4')}'\n`),
    ]
    for (const bytes of files) {
      const place = (await begin(bytes.length, { ...told, day: '2011-01-01' })).headers.get('location') ?? ''
      const answer = await patch(place, 0, new Uint8Array(bytes))
      expect(answer.status).toBe(422)
      expect(await errorOf(answer)).toContain('non é un vídeo nin un son')
      expect((await patch(place, 0, new Uint8Array(bytes))).status).toBe(404)
    }
    const sessions = await storage.database.inCouncil(storage.council.id, listSessions)
    expect(sessions.map((one) => one.session.slug)).not.toContain('2011-01-01')
  })

  test('is let in by who may, when it was held, and where there is room; what was begun can be thrown away', async () => {
    expect((await fetch(endpoint, { method: 'POST', headers: { Accept: 'application/json' } })).status).toBe(401)
    const member = (await signIn(web.address, 'proba', 'castro')) ?? ''
    expect((await fetch(endpoint, { method: 'POST', headers: { ...tus(), Cookie: member } })).status).toBe(403)
    const future = await begin(1000, { ...told, day: '2090-01-01' })
    expect([future.status, await errorOf(future)]).toEqual([422, expect.stringContaining('aínda non se celebrou')])
    const large = await begin(10 ** 15)
    expect([large.status, await errorOf(large)]).toEqual([413, expect.stringContaining('1.000.000 GB')])
    expect((await begin(1000, { ...told, kind: 'party' })).status).toBe(422)
    expect((await begin(0)).status).toBe(400)

    const place = (await begin(1000)).headers.get('location') ?? ''
    expect((await patch(place, 0, new Uint8Array(1001))).status).toBe(409)
    expect((await fetch(web.address + place, { method: 'DELETE', headers: tus() })).status).toBe(204)
    expect((await fetch(web.address + place, { method: 'HEAD', headers: tus() })).status).toBe(404)
    const other = (await begin(1000)).headers.get('location') ?? ''
    const body = new URLSearchParams({ act: 'discard', upload: other.split('/').at(-1) ?? '' })
    const page = `${web.address}/c/proba/importar`
    expect(await (await fetch(page, { headers: { Cookie: cookie } })).text()).toContain('Subidas sen rematar')
    await fetch(page, { method: 'POST', headers: { Cookie: cookie }, body, redirect: 'manual' })
    expect(await (await fetch(page, { headers: { Cookie: cookie } })).text()).not.toContain('Subidas sen rematar')
  })
})

import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recorderConfig } from '../../../recorder/config.ts'
import { enrolMachine } from '../../../recorder/enrol.ts'
import { askRecorder } from '../../../recorder/local-control.ts'
import { startRecorder } from '../../../recorder/main.ts'
import { reconcileCouncil } from '../../../storage/reconcile.ts'
import { readJournal, readReceipts } from '../../../storage/records/journal.ts'
import { enrolRecorder, putEnrolmentCode, readRecorder } from '../../../storage/records/recorders.ts'
import { setStage } from '../../../storage/records/sessions.ts'
import { readSpoolReports } from '../../../storage/records/spool-reports.ts'
import { makeEnrolmentCode } from '../../../web/agent/enrolment.ts'
import { sample } from '../../recorder/recorded.ts'
import { type OpensslAuthority, startOpensslAuthority } from '../../servers/openssl-authority.ts'
import { missingSmallDisk, openSmallDisk } from '../../servers/small-disk.ts'
import { openTestStorage, type TestStorage } from '../../servers/test-storage.ts'
import { startAgentServer, type TestServer } from './chamber.ts'

let storage: TestStorage
let authority: OpensslAuthority
let server: TestServer
let folder: string
beforeAll(async () => {
  storage = await openTestStorage()
  authority = await startOpensslAuthority()
  server = await startAgentServer(storage, authority.timeStamps)
  folder = await mkdtemp(join(tmpdir(), 'escano-enrolment-'))
})
afterAll(async () => {
  for (const one of [server, authority, storage]) await one?.[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

const newCode = () => storage.database.inCouncil(storage.council.id, (tx) => makeEnrolmentCode(tx, 'account'))
const filesOf = (name: string) => ({ enrolmentFile: join(folder, name, 'recorder.json'), keyFile: join(folder, name, 'recorder.key') })
const enrol = (name: string, code: string) => enrolMachine({ server: server.url, code, name, ...filesOf(name) })

describe('a code', () => {
  test('enrols one machine, which keeps its own key for itself, however the code is typed', async () => {
    const { code } = await newCode()
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/)
    const { enrolment, councilName } = await enrol(
      'first',
      ` ${code.toLowerCase().replace('-', '').replaceAll('0', 'o').replaceAll('1', 'l')} `,
    )
    expect(councilName).toBe(storage.council.name)
    expect(JSON.parse(await readFile(filesOf('first').enrolmentFile, 'utf8'))).toEqual(enrolment)
    expect((await stat(filesOf('first').keyFile)).mode & 0o777).toBe(0o600)
    await expect(enrol('second', code)).rejects.toThrow(/answered 403: this code is wrong, was used, or is past its time/)
  })

  test('that nobody made, or whose time is past, enrols nobody and leaves no file', async () => {
    await expect(enrol('third', 'ABCDE-12345')).rejects.toThrow(/answered 403/)
    const { code } = await newCode()
    await storage.database.inCouncil(storage.council.id, (tx) => putEnrolmentCode(tx, { codeHash: 'x', by: 'a', expiresAtMs: 1 }))
    await expect(enrol('third', code.slice(0, -1))).rejects.toThrow(/answered 403/)
    await expect(stat(filesOf('third').keyFile)).rejects.toThrow(/ENOENT/)
  })
})

describe('any laptop', () => {
  test('joins the session that is being recorded, is stopped on the spot, and what both hold agrees with the store', async () => {
    const { council, session } = storage
    await storage.database.inCouncil(council.id, (tx) => setStage(tx, session.id, 'recording'))
    const joined = await enrol('laptop', (await newCode()).code)
    expect(joined.session).toBe(session.id)
    const files = filesOf('laptop')
    // A disk past 80 % lets go of what the store holds; where one may be mounted, this machine's own does not matter.
    await using disk = missingSmallDisk ? undefined : await openSmallDisk(200)
    const spool = join(disk?.folder ?? join(folder, 'laptop'), 'spool')
    const env = {
      ...process.env,
      ...{ ESCANO_RECORDER_ENROLMENT: files.enrolmentFile, ESCANO_RECORDER_KEY: files.keyFile },
      ...{ ESCANO_RECORDER_SPOOL: spool, ESCANO_RECORDER_SOURCE: sample, ESCANO_RECORDER_SPEED: '8' },
    }
    const config = recorderConfig(env)
    {
      await using running = await startRecorder(config, env)
      await expect(askRecorder(join(folder, 'nobody'), 'status')).rejects.toMatchObject({ name: 'RecorderAbsentError' })
      await running.recorder.start(session.id)
      await expect.poll(() => running.recorder.proof.proof.segments).toBeGreaterThan(1)
      expect(await askRecorder(config.spool, 'status')).toMatchObject({ session: session.id })
      expect(running.recorder.isRecording).toBe(true)
      expect(await askRecorder(config.spool, 'stop')).toMatchObject({ state: 'idle', session: session.id })
      await expect.poll(() => running.recorder.isDelivered).toBe(true)
    }
    expect((await reconcileCouncil(storage, council.id)).findings).toEqual([])
    const spools = () => storage.database.inCouncil(council.id, readSpoolReports)
    const held = async () => (await spools()).flatMap((one) => one.sessions).find((one) => one.session === session.id)

    // What its disk holds is told at each start: all of it, until somebody takes a segment away by hand.
    {
      await using _again = await startRecorder(config, env)
      await expect.poll(held).toMatchObject({ removed: 0, missing: [], altered: [] })
      expect((await held())?.confirmed).toBe((await held())?.segments)
    }
    const kept = await readdir(join(config.spool, session.id), { recursive: true })
    await rm(join(config.spool, session.id, kept.find((name) => name.endsWith('.ts')) ?? 'no segment is there'))
    {
      await using _again = await startRecorder(config, env)
      await expect.poll(async () => (await held())?.missing.length).toBe(1)
    }
    const [lost] = (await reconcileCouncil(storage, council.id)).findings
    expect(lost).toMatchObject({ code: 'spool-missing', recorder: joined.enrolment.recorder, detail: 'the store holds it' })

    const { id: recorder } = { id: joined.enrolment.recorder }
    const { rows, receipts } = await storage.database.inCouncil(council.id, async (tx) => ({
      rows: await readJournal(tx, session.id, recorder),
      receipts: await readReceipts(tx, session.id),
    }))
    expect(rows.length).toBeGreaterThan(2)
    // Broken on purpose, each thing once: one object altered, one gone, one nobody knows.
    const [first, second] = receipts
    const pathOf = (key = '') => join(storage.config.data, 'objects', key)
    await writeFile(pathOf(first?.key), 'x'.repeat(first?.sizeBytes ?? 0))
    await rm(pathOf(second?.key))
    await writeFile(pathOf(first?.key).replace(/[0-9a-f]{64}/, 'f'.repeat(64)), 'stray')
    const broken = await reconcileCouncil(storage, council.id, { everything: true })
    expect(broken.findings.filter((one) => !one.code.startsWith('spool-')).map(({ code, line }) => [code, line])).toEqual([
      ['object-altered', first?.line],
      ['object-missing', second?.line],
      ['object-unknown', undefined],
    ])
  })

  test('that was revoked is cut at once and does not come back', async () => {
    const { council } = storage
    const { enrolment } = await enrol('lost', (await newCode()).code)
    const files = filesOf('lost')
    const env = {
      ...process.env,
      ...{ ESCANO_RECORDER_ENROLMENT: files.enrolmentFile, ESCANO_RECORDER_KEY: files.keyFile },
      ESCANO_RECORDER_SPOOL: join(folder, 'lost', 'spool'),
    }
    await using _running = await startRecorder(recorderConfig(env), env)
    const connected = () => server.agents.list(council.id).find((one) => one.recorder === enrolment.recorder)?.connected
    await expect.poll(connected).toBe(true)
    await storage.database.inCouncil(council.id, async (tx) => {
      const recorder = await readRecorder(tx, enrolment.recorder)
      if (recorder) await enrolRecorder(tx, { ...recorder, revokedAtMs: Date.now() })
    })
    server.agents.cut(council.id, enrolment.recorder)
    await expect.poll(connected).toBe(false)
    await new Promise((resolve) => setTimeout(resolve, 4000))
    expect(connected()).toBe(false)
  })
})

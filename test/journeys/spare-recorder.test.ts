import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { demoCouncil } from '../../commands/demo/demo-council.ts'
import { approvalMarks, approvingSession } from '../../commands/demo/demo-script.ts'
import { openKeys } from '../../commands/installation-keys.ts'
import { approveActas } from '../../minutes/acta/approve-acta.ts'
import { draftSession } from '../../minutes/acta/draft-session.ts'
import { freezeActa } from '../../minutes/acta/freeze-acta.ts'
import { keepActa } from '../../minutes/acta/keep-acta.ts'
import { signActa } from '../../minutes/acta/sign-acta.ts'
import { exportSession } from '../../minutes/export-session.ts'
import { closeRecording } from '../../minutes/recording/close-recording.ts'
import { verifyPath } from '../../minutes/verify/verify-path.ts'
import { enrolMachine } from '../../recorder/enrol.ts'
import { askRecorder } from '../../recorder/local-control.ts'
import { recorderPaths } from '../../storage/custody/export-layout.ts'
import { treeOrigin } from '../../storage/custody/journal-tree.ts'
import { logOrigin } from '../../storage/custody/log.ts'
import { parseRecordingManifest } from '../../storage/custody/manifests.ts'
import { newId } from '../../storage/model/ids.ts'
import { isSegmentLine, type SegmentLine } from '../../storage/model/recording.ts'
import { recordOf } from '../../storage/model/recording-of-record.ts'
import type { Session } from '../../storage/model/session.ts'
import { sessionEvent } from '../../storage/model/session-events.ts'
import { findFfmpeg } from '../../storage/programs/ffmpeg.ts'
import { readActa } from '../../storage/records/actas.ts'
import { putCouncil } from '../../storage/records/councils.ts'
import { readJournals } from '../../storage/records/recorder-journals.ts'
import { listRecorders } from '../../storage/records/recorders.ts'
import { appendEvents } from '../../storage/records/session-events.ts'
import { putSession, readStage } from '../../storage/records/sessions.ts'
import { audioOf, readStoredSession } from '../../transcriber/stored-session.ts'
import { makeEnrolmentCode } from '../../web/agent/enrolment.ts'
import { giveUpRecorder } from '../../web/agent/give-up.ts'
import { piecesOf, playlist } from '../../web/portal/playlist.ts'
import { readPlayedSegments } from '../../web/portal/read-session-view.ts'
import { sample } from '../recorder/recorded.ts'
import { newestCapture, startChamberProcess } from '../servers/chamber-process.ts'
import { openTestStorage } from '../servers/test-storage.ts'
import { startAgentServer } from '../web/agent/chamber.ts'
import { startEscano } from './escano.ts'

test('a laptop that joined saves the plenary whose recorder was lost: closed, written down, signed, exported, verified', async () => {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'escano-spare-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const storage = stack.use(await openTestStorage())
  const { database } = storage
  const keys = openKeys({ folder: join(folder, 'keys'), data: join(folder, 'data') })
  const council = demoCouncil()
  const session = {
    ...approvingSession(council, { id: newId(), convenedFor: Date.now() } as Session, Date.now()),
    slug: 'salvado',
    recorded: true,
  }
  const next = { ...approvingSession(council, session, Date.now() + 1000), actaNumber: 2, slug: 'seguinte' }
  await database.inCouncil(council.id, async (tx) => {
    await putCouncil(tx, council, 'spare')
    for (const one of [session, next]) await putSession(tx, one)
  })
  const place = { council: council.id, session: session.id }
  const seals = await keys.sealsOf(council)
  const server = stack.use(await startAgentServer(storage, seals.timeStamps))
  const newCode = async () => (await database.inCouncil(council.id, (tx) => makeEnrolmentCode(tx, 'account'))).code
  const filesOf = (name: string) => ({ enrolmentFile: join(folder, name, 'recorder.json'), keyFile: join(folder, name, 'recorder.key') })
  const proofOf = (recorder: string) => server.agents.list(council.id).find((one) => one.recorder === recorder)?.proof
  const journals = () => database.inCouncil(council.id, (tx) => readJournals(tx, session.id))

  // The recorder of the room begins.
  const room = await enrolMachine({ server: server.url, code: await newCode(), name: 'Salón', ...filesOf('room') })
  const spool = join(folder, 'room', 'spool')
  const agent = await startChamberProcess({ ...filesOf('room'), spool, source: sample, log: join(folder, 'room.log') })
  stack.defer(() => agent.stop())
  await expect.poll(() => server.agents.list(council.id).some((one) => one.connected)).toBe(true)
  const origin = treeOrigin(council.dir3, session.id, room.enrolment.recorder)
  await server.agents.send(council.id, room.enrolment.recorder, { type: 'start', session: session.id, origin })
  await expect.poll(() => proofOf(room.enrolment.recorder)?.segments ?? 0).toBeGreaterThan(0)

  // Any laptop joins by its code, on the line of the session.
  const laptop = {
    ...{ ESCANO_RECORDER_ENROLMENT: filesOf('laptop').enrolmentFile, ESCANO_RECORDER_KEY: filesOf('laptop').keyFile },
    ESCANO_RECORDER_SPOOL: join(folder, 'laptop', 'spool'),
  }
  const joining = ['record', '--enrol', await newCode(), '--server', server.url, '--name', 'Portátil', '--source', sample]
  const spare = await startEscano(joining, laptop, join(folder, 'laptop.log'))
  stack.defer(() => spare.stop())
  const heldBy = async (recorder: string | undefined) => {
    const of = (await journals()).find((one) => one.recorder === recorder)
    const lines = of?.lines.filter((line, at): line is SegmentLine => isSegmentLine(line) && of.stored.has(at)) ?? []
    const last = lines.at(-1)
    return last && { fromMs: lines[0]?.ptsMs ?? 0, toMs: last.ptsMs + last.durationMs }
  }
  const idOf = async (name: string) => (await database.inCouncil(council.id, listRecorders)).find((one) => one.name === name)?.id
  const overlapMs = async () => {
    const [first, second] = [await heldBy(room.enrolment.recorder), await heldBy(await idOf('Portátil'))]
    return first && second ? first.toMs - second.fromMs : 0
  }
  await expect.poll(overlapMs).toBeGreaterThan(0)

  // The room's machine goes off: its agent and its ffmpeg at once.
  const capture = await newestCapture(join(spool, session.id))
  for (const pid of [agent.pid, capture]) if (pid !== undefined) process.kill(pid, 'SIGKILL')
  const spareId = (await idOf('Portátil')) ?? ''
  const lostAtMs = (await heldBy(room.enrolment.recorder))?.toMs ?? 0
  await expect.poll(() => proofOf(spareId)?.provenMs ?? 0).toBeGreaterThan(lostAtMs + 3000)
  expect(await askRecorder(laptop.ESCANO_RECORDER_SPOOL, 'stop')).toMatchObject({ session: session.id })
  await expect.poll(() => proofOf(spareId)?.unconfirmed).toBe(0)
  expect(await database.inCouncil(council.id, (tx) => readStage(tx, session.id))).toBe('recording')

  // Nobody can bring that machine back: what came of it counts.
  await giveUpRecorder(storage, { ...place, recorder: room.enrolment.recorder, by: 'account' })
  await expect.poll(() => database.inCouncil(council.id, (tx) => readStage(tx, session.id))).toBe('recorded')
  const recorders: { origin: string; key: string }[] = []
  for (const one of await database.inCouncil(council.id, listRecorders))
    recorders.push({ origin: logOrigin(council.dir3), key: one.publicKeyBase64 })
  const ffmpeg = await findFfmpeg(process.env)
  const parts = { storage, ffmpeg, sealsOf: keys.sealsOf, trust: keys.trust, publicUrl: 'http://127.0.0.1:1', product: 'escano test' }
  await closeRecording(parts, place)
  const record = recordOf(await journals())
  expect(record.gaps).toEqual([])
  expect(record.spans.map((one) => one.recorder)).toEqual([room.enrolment.recorder, spareId])

  // Heard once, played through.
  const stored = await readStoredSession(storage, place)
  const { runs } = await audioOf(storage, stored, { ffmpeg, work: join(folder, 'work'), signal: new AbortController().signal })
  expect(runs).toHaveLength(2)
  const [before, after] = [runs[0] ?? { fromMs: 0, toMs: 0 }, runs[1] ?? { fromMs: 0, toMs: 0 }]
  expect(before.toMs).toBeLessThanOrEqual(after.fromMs)
  expect(after.fromMs - before.toMs).toBeLessThan(300)
  const played = (await database.inCouncil(council.id, (tx) => readPlayedSegments(tx, session.id))).map((one) => one.line)
  expect(piecesOf(played)).toHaveLength(2)
  expect(playlist(played, (line) => line.sha256).match(/#EXT-X-DISCONTINUITY/g)).toHaveLength(1)

  // The acta says it, and the whole is verified from its folder alone.
  await mark(session)
  await mark(next)
  await draftSession(parts, place)
  const acta = JSON.stringify(await database.inCouncil(council.id, (tx) => readActa(tx, session.id)))
  expect(acta).toMatch(/varios gravadores.*desde 0:00:00, «Salón»; desde 0:00:\d\d, «Portátil»/)
  await approveActas(parts, { council: council.id, session: next.id })
  await freezeActa(parts, place)
  const { secretary, mayor, trust } = await keys.demoAuthority(council)
  await signActa(parts, place, 'secretary', secretary)
  await signActa(parts, place, 'mayor', mayor)
  await keepActa(parts, place)
  const out = join(folder, 'export')
  const { files } = await exportSession(storage, council.id, session.id, out, 'custody')
  expect(files.map((file) => file.path)).toContain(recorderPaths(1).journal)
  const manifest = parseRecordingManifest(new Uint8Array(await readFile(join(out, 'recording-manifest.json'))))
  expect(manifest.recorders.map((one) => [one.name, one.undelivered !== undefined])).toEqual([
    ['Salón', true],
    ['Portátil', false],
  ])
  expect(manifest.master.durationMs).toBeGreaterThan(record.durationMs - 1000)
  expect(manifest.master.durationMs).toBeLessThan(record.durationMs + 500)
  const log = { origin: logOrigin(council.dir3), key: Buffer.from(seals.log.publicKey).toString('base64') }
  const anchors = { name: 'test', demo: true, roots: trust.roots, tsaRoots: trust.tsaRoots, logs: [log], recorders }
  const verification = await verifyPath(out, anchors, 'file')
  expect(verification.checks.filter((one) => !one.ok)).toEqual([])
  expect(verification.authentic).toBe(true)

  async function mark(of: Session): Promise<void> {
    const at = { wallMs: Date.now(), monotonicNs: '0', boot: 'boot' }
    const events = approvalMarks(council, of).map((one, index) =>
      sessionEvent.parse({
        ...{ v: 1, id: newId(), session: of.id, device: 'tablet', seq: index + 1, by: { role: 'secretary', id: 's' }, at },
        ...one.event,
      }),
    )
    await database.inCouncil(council.id, (tx) => appendEvents(tx, of.id, events))
  }
}, 240_000)

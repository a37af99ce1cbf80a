import { readdir } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { plansFrom } from '../../recorder/chamber-profile.ts'
import { Recorder } from '../../recorder/recorder.ts'
import { judgeClock, judgeDisk } from '../../recorder/rehearsal/judge-machine.ts'
import { rehearse } from '../../recorder/rehearsal/rehearse.ts'
import { newId, recorderId, sessionId } from '../../storage/model/ids.ts'
import { isReady, type Rehearsal } from '../../storage/model/rehearsal.ts'
import { findFfmpeg } from '../../storage/programs/ffmpeg.ts'
import { readLastRehearsals } from '../../storage/records/rehearsals.ts'
import { dueRehearsals } from '../../web/agent/rehearse-before.ts'
import { startOpensslAuthority } from '../servers/openssl-authority.ts'
import { missingCamera, startCamera } from '../servers/rtsp-camera.ts'
import { openTestStorage } from '../servers/test-storage.ts'
import { enrolChamber, startAgentServer } from '../web/agent/chamber.ts'

const missing = await missingCamera()

describe.skipIf(missing !== undefined)(`a rehearsal of a real camera${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  test('finds all well, tells the server, leaves nothing, and gives way to a session; a mute one is found', {
    timeout: 180_000,
  }, async () => {
    await using storage = await openTestStorage()
    await using authority = await startOpensslAuthority()
    await using server = await startAgentServer(storage, authority.timeStamps)
    await using chamber = await enrolChamber(storage, server.url)
    await using camera = await startCamera()
    await using recorder = await Recorder.open({
      ...{ identity: chamber.identity, ffmpeg: await findFfmpeg(process.env), spool: chamber.spool, source: camera.url, speed: 1 },
    })
    const well = await recorder.rehearse(5)
    const codes = well.findings.map((one) => one.code)
    expect(codes).toEqual(expect.arrayContaining(['source-recorded', 'picture-seen', 'sound-heard', 'store-unlocked']))
    expect(codes).not.toContain('key-pictures-far')
    expect(well.findings.find((one) => one.code === 'sound-heard')?.value).toBeCloseTo(-12, 0)
    const told = await storage.database.inCouncil(storage.council.id, readLastRehearsals)
    expect(told).toEqual([{ recorder: chamber.enrolment.recorder, rehearsal: well }])
    expect((await readdir(chamber.spool)).filter((name) => !['.lock', '.reserve'].includes(name))).toEqual([])

    camera.suffer('mute')
    const mute = await recorder.rehearse(5)
    expect(mute.findings).toContainEqual({ code: 'no-sound' })
    expect(isReady(mute)).toBe(false)
    camera.suffer('live')

    const cut = recorder.rehearse(600)
    const over: Rehearsal[] = []
    void cut.then((found) => over.push(found))
    await recorder.start(storage.session.id)
    // Who asks for a session waits for the sources, not for the ten minutes of the rehearsal: it was over when the start was accepted.
    expect(over[0]?.seconds).toBeLessThan(600)
    await expect.poll(() => recorder.proof.proof.state).toBe('recording')
    await expect(recorder.rehearse()).rejects.toThrow(/a session is being recorded/)
    // Cut short it proves nothing and is not told.
    expect((await storage.database.inCouncil(storage.council.id, readLastRehearsals))[0]?.rehearsal).toEqual(mute)
  })
})

test('a camera that is not there is told as such, with what was said, and the store that cannot be reached too', {
  timeout: 120_000,
}, async () => {
  await using storage = await openTestStorage()
  await using chamber = await enrolChamber(storage, 'http://127.0.0.1:9')
  const { findings } = await rehearse({
    ...{ identity: chamber.identity, ffmpeg: await findFfmpeg(process.env), spool: chamber.spool },
    ...{ plans: plansFrom('rtsp://127.0.0.1:9/cam', 1), seconds: 1, startWithinMs: 2000 },
  })
  expect(findings.find((one) => one.code === 'source-failed')?.detail).toMatch(/does not answer/)
  expect(findings.find((one) => one.code === 'store-failed')?.detail).toMatch(/cannot be reached/)
})

test('disk and clock are judged by what a session needs', () => {
  const room = (hours: number) => ({ freeBytes: hours * 3600 * 400_000, totalBytes: 1e12 })
  expect([11, 7, 2].map((hours) => judgeDisk(room(hours), 400_000).code)).toEqual(['disk-ample', 'disk-short', 'disk-full'])
  expect(judgeClock(undefined, 0)).toEqual([{ code: 'clock-unknown' }])
  expect(judgeClock(true, -61_000)).toEqual([{ code: 'clock-held' }, { code: 'clock-apart', value: -61 }])
})

test('a recorder rehearses by itself in the two hours before a convened session, once, and not while it records', () => {
  const hour = 3_600_000
  const recorder = recorderId.parse(newId())
  const of = (startsIn: number, stage: 'prepared' | 'recording' = 'prepared') => ({
    stage,
    session: { id: sessionId.parse(newId()), convenedFor: 100 * hour + startsIn, recorded: true } as never,
  })
  const agent = (state: 'idle' | 'recording', connected = true) => [{ recorder, connected, proof: { state } as never }]
  const due = (startsIn: number, agents = agent('idle'), lastMs = 0) =>
    dueRehearsals({ sessions: [of(startsIn)], agents, lastMs: new Map([[recorder, lastMs]]), nowMs: 100 * hour }).length
  expect([due(3 * hour), due(2 * hour), due(0.1 * hour), due(-1)]).toEqual([0, 1, 1, 0])
  expect([due(hour, agent('recording')), due(hour, agent('idle', false)), due(hour, agent('idle'), 98 * hour)]).toEqual([0, 0, 0])
})

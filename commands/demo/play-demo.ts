import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { approveActas } from '../../minutes/acta/approve-acta.ts'
import { freezeActa } from '../../minutes/acta/freeze-acta.ts'
import { publishSession } from '../../minutes/acta/keep-acta.ts'
import { signActa } from '../../minutes/acta/sign-acta.ts'
import { acceptSentences } from '../../minutes/review-acta.ts'
import type { SessionPlace } from '../../minutes/session-documents.ts'
import { sha256Now, toHex } from '../../storage/custody/sha256.ts'
import { unaccepted } from '../../storage/model/acta.ts'
import { type Session, type SessionStage, sessionStage } from '../../storage/model/session.ts'
import { sessionObjectKey } from '../../storage/objects/object-keys.ts'
import { putActa, readActa } from '../../storage/records/actas.ts'
import { readDocuments } from '../../storage/records/documents.ts'
import { putEvidence } from '../../storage/records/evidence.ts'
import { readProgress } from '../../storage/records/progress.ts'
import { readEvents } from '../../storage/records/session-events.ts'
import { listSessions, putSession, readStage } from '../../storage/records/sessions.ts'
import { readVerification } from '../../storage/records/verifications.ts'
import type { House } from '../house.ts'
import { conductRecorded, conductUnrecorded } from './conduct-session.ts'
import { approvalMarks, approvingSession, parseTurns, recordedSession, sampleAgenda, sampleMarks } from './demo-script.ts'
import type { PreparedDemo } from './prepare-demo.ts'
import { signInStaff } from './staff-client.ts'

/** Steps of the whole way, in order, as progress names them. */
export type DemoStep = 'record' | 'close' | 'transcribe' | 'draft' | 'approve' | 'sign' | 'keep' | 'publish' | 'verify'

/** The demo stopped before its end; the message says where and why. */
export class DemoFailedError extends Error {
  override readonly name = 'DemoFailedError'
}

export interface DemoPlay {
  house: House
  demo: PreparedDemo
  /** Folder of the sample session. */
  sample: string
  onStep(step: DemoStep, done?: number, total?: number): void
  signal: AbortSignal
}

/**
 * Plays the sample session through the whole way, and a short second one that approves its acta; what was done before is not done
 * again, so that a demo that was cut short goes on.
 * @returns the recorded session, published and verified
 */
export async function playDemo(play: DemoPlay): Promise<Session> {
  const { house, demo } = play
  const { session, approving } = await openSessions(play)
  const place: SessionPlace = { council: demo.council.id, session: session.id }
  const stage = () => readPlace(house, place)
  if (!reached(await stage(), 'recorded')) await record(play, session)
  await awaitStage(play, place, 'draft')
  if (!reached(await stage(), 'approved')) await approve(play, place, approving)
  play.onStep('sign')
  await freezeActa(house.minutes, place)
  if (!reached(await stage(), 'signed')) await sign(play, place)
  await awaitStage(play, place, 'kept')
  play.onStep('publish')
  await publishSession(house.minutes, place)
  await awaitVerification(play, place)
  return session
}

/** Whether the demo council's recorded session was published already. */
export async function isPlayed(house: House, demo: PreparedDemo): Promise<boolean> {
  const sessions = await house.storage.database.inCouncil(demo.council.id, listSessions)
  return sessions.some(({ session, stage, verification }) => session.recorded && stage === 'published' && verification !== undefined)
}

async function openSessions({ house, demo, sample }: DemoPlay): Promise<{ session: Session; approving: Session }> {
  const known = (await house.storage.database.inCouncil(demo.council.id, listSessions)).map((one) => one.session)
  const agenda = await readAgenda(sample)
  const now = Date.now()
  const session = known.find((one) => one.recorded) ?? recordedSession(demo.council, agenda, now)
  const approving = known.find((one) => !one.recorded) ?? approvingSession(demo.council, session, now + 60_000)
  const evidence = await Promise.all([
    placeEvidence(house, demo, session, sample, 'microphone-events'),
    placeEvidence(house, demo, session, sample, 'seats'),
    placeEvidence(house, demo, session, sample, 'reference'),
  ])
  await house.storage.database.inCouncil(demo.council.id, async (tx) => {
    for (const one of [session, approving]) if (!known.some((there) => there.id === one.id)) await putSession(tx, one)
    for (const one of evidence) await putEvidence(tx, one)
  })
  return { session, approving }
}

/** Files of the sample: who sits where, when microphones were on, and what was said, which the transcript is held against. */
const evidenceFiles = { 'microphone-events': 'microphone-events.jsonl', seats: 'seats.json', reference: 'transcript.stm' } as const

/** The microphones' own events are evidence of who spoke: the chamber's conference system would send them. */
async function placeEvidence(house: House, demo: PreparedDemo, session: Session, sample: string, kind: keyof typeof evidenceFiles) {
  const extension = extname(evidenceFiles[kind]).slice(1)
  const bytes = new Uint8Array(await readFile(join(sample, evidenceFiles[kind])))
  const sha256 = toHex(sha256Now(bytes))
  const key = sessionObjectKey(demo.council.id, session.id, kind, sha256, extension)
  const { version } = await house.storage.objects.put(key, bytes, { sha256, contentType: 'application/json' })
  return { session: session.id, kind, key, version, sha256 }
}

async function record(play: DemoPlay, session: Session): Promise<void> {
  const { demo, sample } = play
  const agenda = await readAgenda(sample)
  const turns = parseTurns(await readFile(join(sample, 'turns.rttm'), 'utf8'))
  const marks = sampleMarks(demo.council, session, agenda, turns)
  const kept = await play.house.storage.database.inCouncil(demo.council.id, (tx) => readEvents(tx, session.id))
  const sent = kept.filter(({ event }) => event.by !== 'recorder').length
  const onProgress = (done: number, total: number) => play.onStep('record', done, total)
  await conductRecorded({
    client: await signIn(play),
    session,
    marks,
    sent,
    endMs: Math.round(agenda.duration * 1000),
    onProgress,
    signal: play.signal,
  })
}

/** The secretary takes every sentence as hers, the next session approves the acta. */
async function approve(play: DemoPlay, place: SessionPlace, approving: Session): Promise<void> {
  play.onStep('approve')
  const { house, demo } = play
  const secretary = demo.council.members.find((one) => one.speaker === 'secretaria')
  await house.storage.database.inCouncil(place.council, async (tx) => {
    const acta = await readActa(tx, place.session)
    if (!acta || unaccepted(acta).length === 0) return
    const ids = unaccepted(acta).map((one) => one.id)
    const accepted = acceptSentences(acta, ids, secretary?.id ?? 'secretaria', Date.now())
    await putActa(tx, accepted, 'demo')
  })
  const held = await house.storage.database.inCouncil(place.council, (tx) => readStage(tx, approving.id))
  if (held === 'prepared') {
    await conductUnrecorded(await signIn(play), approving, approvalMarks(demo.council, approving))
    await house.storage.jobs.send('acta.draft', { council: place.council, session: approving.id })
  }
  await approveActas(house.minutes, { council: place.council, session: approving.id })
}

async function sign({ house, demo }: DemoPlay, place: SessionPlace): Promise<void> {
  const { secretary, mayor } = await house.keys.demoAuthority(demo.council)
  // The first revision is the sealed one; with a second the secretary has signed.
  const revisions = await house.storage.database.inCouncil(place.council, (tx) => readDocuments(tx, place.session, 'acta-pdf'))
  if (revisions.length < 2) await signActa(house.minutes, place, 'secretary', secretary)
  await signActa(house.minutes, place, 'mayor', mayor)
}

async function awaitVerification(play: DemoPlay, place: SessionPlace): Promise<void> {
  const { storage } = play.house
  play.onStep('verify')
  await storage.jobs.send('session.verify', place)
  for (let tries = 0; tries < 600; tries++) {
    const answer = await storage.database.inCouncil(place.council, (tx) => readVerification(tx, place.session))
    if (answer?.authentic) return
    if (answer) {
      const failed = answer.checks.filter((check) => !check.ok).map((check) => `${check.code}: ${check.detail}`)
      throw new DemoFailedError(`the session does not verify: ${failed.join('; ')}`)
    }
    await wait(500, undefined, { signal: play.signal })
  }
  throw new DemoFailedError('the session was not verified within five minutes')
}

const steps: Partial<Record<SessionStage, DemoStep>> = { recorded: 'close', closed: 'transcribe', transcribed: 'draft', signed: 'keep' }

/** Waits while the workers do their part, telling how far they are. */
async function awaitStage(play: DemoPlay, place: SessionPlace, wanted: SessionStage): Promise<void> {
  const { storage } = play.house
  for (;;) {
    const stage = await readPlace(play.house, place)
    if (reached(stage, wanted)) return
    const progress = await storage.database.inCouncil(place.council, (tx) => readProgress(tx, place.session))
    const latest = progress.find((one) => one.step === 'transcribe')
    const step = steps[stage] ?? 'close'
    if (step === 'transcribe' && latest) play.onStep(step, latest.done, latest.total)
    else play.onStep(step)
    const [failed] = await storage.jobs.listFailed(1)
    if (failed) throw new DemoFailedError(`${failed.kind} failed for good: ${failed.cause}`)
    await wait(500, undefined, { signal: play.signal })
  }
}

async function readPlace(house: House, place: SessionPlace): Promise<SessionStage> {
  return (await house.storage.database.inCouncil(place.council, (tx) => readStage(tx, place.session))) ?? 'prepared'
}

const reached = (stage: SessionStage, wanted: SessionStage) => sessionStage.options.indexOf(stage) >= sessionStage.options.indexOf(wanted)

async function readAgenda(sample: string) {
  return sampleAgenda.parse(JSON.parse(await readFile(join(sample, 'agenda.json'), 'utf8')))
}

async function signIn({ house, demo }: DemoPlay) {
  const secretary = demo.accounts.find((one) => one.role === 'secretary')
  if (!secretary) throw new DemoFailedError('the demo has no account of a secretary')
  return await signInStaff(`${house.address}/c/${demo.slug}`, secretary.login, secretary.password)
}

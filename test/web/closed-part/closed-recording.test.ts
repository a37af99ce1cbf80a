import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openClosedParts } from '../../../minutes/export/open-closed-parts.ts'
import type { Recorder } from '../../../recorder/recorder.ts'
import { exportPath } from '../../../storage/custody/export-layout.ts'
import { journalBytes } from '../../../storage/custody/journal-tree.ts'
import { openSealed } from '../../../storage/custody/sealing.ts'
import { newId } from '../../../storage/model/ids.ts'
import { type GapLine, isSealedLine, isSegmentLine } from '../../../storage/model/recording.ts'
import type { Session } from '../../../storage/model/session.ts'
import { sessionEvent } from '../../../storage/model/session-events.ts'
import { sealedPrefix, segmentKey, segmentsPrefix } from '../../../storage/objects/object-keys.ts'
import { runProgram } from '../../../storage/programs/run-program.ts'
import { reconcileCouncil } from '../../../storage/reconcile.ts'
import { putAccount } from '../../../storage/records/accounts.ts'
import { putCouncil } from '../../../storage/records/councils.ts'
import { readJournal } from '../../../storage/records/journal.ts'
import { appendEvents } from '../../../storage/records/session-events.ts'
import { putSession } from '../../../storage/records/sessions.ts'
import type { RunningWeb } from '../../../web/main.ts'
import { hashPassword } from '../../../web/sign-in/password-hash.ts'
import { probeJoined } from '../../recorder/recorded.ts'
import { startTestWeb } from '../../servers/running-web.ts'
import { openTestStorage, type TestStorage, testSession } from '../../servers/test-storage.ts'
import { enrolChamber } from '../agent/chamber.ts'
import { password, signIn } from '../control/chamber.ts'

let storage: TestStorage
let web: RunningWeb
let seq = 0

beforeAll(async () => {
  storage = await openTestStorage()
  const passwordHash = await hashPassword(password)
  await storage.database.inCouncil(storage.council.id, (tx) =>
    putAccount(tx, { id: newId(), login: 'secretaria', name: 'Noela', role: 'secretary', passwordHash }),
  )
  web = await startTestWeb(storage)
})
afterAll(async () => {
  await web?.[Symbol.asyncDispose]()
  await storage?.[Symbol.asyncDispose]()
})

async function mark(fields: object, session: Session = storage.session): Promise<void> {
  const event = sessionEvent.parse({
    ...{ v: 1, id: newId(), session: session.id, device: 'tablet-9', seq: ++seq, by: { role: 'secretary', id: 'x' } },
    ...{ at: { wallMs: Date.now(), monotonicNs: '1', boot: 'b' }, ...fields },
  })
  await storage.database.inCouncil(storage.council.id, (tx) => appendEvents(tx, session.id, [event]))
}

async function tellRecorder(session: Session, cookie: string, action: string): Promise<number> {
  const response = await fetch(`${web.address}/c/proba/sala/${session.slug}/gravador`, {
    ...{ method: 'POST', body: JSON.stringify({ action }) },
    headers: { 'Content-Type': 'application/json', Accept: 'application/json', cookie },
  })
  return response.status
}

async function keysUnder(prefix: string): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of storage.objects.list(prefix)) keys.push(key)
  return keys
}

const rest = ({ proof: { proof } }: Recorder) => [proof.state, proof.cause]
const soon = { timeout: 60_000, interval: 50 }

test('R17: a real recorder stops in a closed part and its journal says why; a pause that a person pressed meanwhile outlives the part', {
  timeout: 300_000,
}, async () => {
  const { session, council } = storage
  await using chamber = await enrolChamber(storage, web.address)
  await using recorder = await chamber.open()
  const cookie = (await signIn(web.address, 'proba', 'secretaria')) ?? ''
  const command = (action: string) => tellRecorder(session, cookie, action)
  // The closed part may have ended a while ago: what a recorder is told comes with its proofs, one a second.
  const heardProofs = async (count: number) => {
    let left = count
    await new Promise<void>((resolve) => {
      const deaf = recorder.onProof(() => {
        if (--left > 0) return
        deaf()
        resolve()
      })
    })
  }
  await expect.poll(() => command('start'), soon).toBe(202)
  await expect.poll(() => rest(recorder), soon).toEqual(['recording', undefined])
  await mark({ type: 'closed.began', ground: 'honra', recording: 'none' })
  await expect.poll(() => rest(recorder), soon).toEqual(['paused', 'closed-part'])
  const kept = recorder.proof.proof.segments
  expect(await command('pause')).toBe(202)
  await expect.poll(() => rest(recorder), soon).toEqual(['paused', undefined])
  await mark({ type: 'closed.ended' })
  await heardProofs(4)
  expect(rest(recorder)).toEqual(['paused', undefined])
  expect(recorder.proof.proof.segments).toBe(kept)
  expect(await command('resume')).toBe(202)
  await expect.poll(() => rest(recorder), soon).toEqual(['recording', undefined])
  // Again, and the person takes the pause back while the part is still closed: then its end is enough.
  await mark({ type: 'closed.began', ground: 'honra', recording: 'none' })
  await expect.poll(() => rest(recorder), soon).toEqual(['paused', 'closed-part'])
  await command('pause')
  await expect.poll(() => rest(recorder), soon).toEqual(['paused', undefined])
  expect(await command('resume')).toBe(409)
  expect(rest(recorder)).toEqual(['paused', 'closed-part'])
  await mark({ type: 'closed.ended' })
  await expect.poll(() => rest(recorder), soon).toEqual(['recording', undefined])
  await recorder.stop(session.id)
  await recorder.ended(session.id)
  await expect.poll(() => recorder.isDelivered, soon).toBe(true)
  const lines = (await storage.database.inCouncil(council.id, (tx) => readJournal(tx, session.id))).map((row) => row.content)
  const gaps = lines.filter((line): line is GapLine => 'kind' in line && line.kind === 'gap')
  expect(gaps.map((gap) => gap.cause)).toEqual(['closed-part', 'closed-part'])
  for (const gap of gaps) {
    const inside = lines.filter((line) => 'index' in line && line.ptsMs < gap.toMs && line.ptsMs + line.durationMs > gap.fromMs)
    expect(inside).toEqual([])
  }
  expect(chamber.troubles.filter((one) => /refused/.test(one))).toEqual([])
})

const program = await runProgram('age', ['--version'], { timeoutMs: 10_000 }).then(
  () => '',
  () => ' (without the program age, which is not on this machine)',
)

test(`R17: recorded for the secretary alone, a closed part leaves the chamber encrypted, is missed by everybody else, and opens with the key${program}`, {
  timeout: 300_000,
}, async () => {
  const identity = await generateX25519Identity()
  const recovery = await generateX25519Identity()
  const closedPartKeys = [await identityToRecipient(identity), await identityToRecipient(recovery)]
  const council = { ...storage.council, closedPartRecording: 'restricted' as const, closedPartKeys }
  const session = testSession(council, { slug: '2026-11-24' })
  await storage.database.inCouncil(council.id, async (tx) => {
    await putCouncil(tx, council, 'proba')
    await putSession(tx, session)
  })
  await using chamber = await enrolChamber(storage, web.address)
  const cookie = (await signIn(web.address, 'proba', 'secretaria')) ?? ''
  const folder = join(chamber.spool, session.id)
  {
    await using recorder = await chamber.open()
    await expect.poll(() => tellRecorder(session, cookie, 'start'), soon).toBe(202)
    await expect.poll(() => recorder.proof.proof.segments, soon).toBeGreaterThanOrEqual(2)
    await mark({ type: 'closed.began', ground: 'honra', recording: 'restricted' }, session)
    await expect.poll(() => recorder.proof.proof.sealed, soon).toBe(true)
    const before = recorder.proof.proof.segments
    await expect.poll(() => recorder.proof.proof.segments, soon).toBeGreaterThanOrEqual(before + 3)
    expect(recorder.preview).toBeUndefined()
  }
  // The agent goes and comes back in the middle of it, as after a power cut: it goes on encrypting.
  await using recorder = await chamber.open()
  await expect.poll(() => rest(recorder), soon).toEqual(['recording', undefined])
  expect(recorder.proof.proof.sealed).toBe(true)
  await mark({ type: 'closed.ended' }, session)
  await expect.poll(() => recorder.proof.proof.sealed, soon).toBeUndefined()
  const before = recorder.proof.proof.segments
  await expect.poll(() => recorder.proof.proof.segments, soon).toBeGreaterThanOrEqual(before + 2)
  await recorder.stop(session.id)
  await recorder.ended(session.id)
  await expect.poll(() => recorder.isDelivered, soon).toBe(true)

  const lines = (await storage.database.inCouncil(council.id, (tx) => readJournal(tx, session.id))).map((row) => row.content)
  const sealed = lines.filter(isSealedLine)
  const gaps = lines.filter((line): line is GapLine => 'kind' in line && line.kind === 'gap')
  expect(sealed.length).toBeGreaterThanOrEqual(3)
  expect(gaps.map((gap) => gap.cause)).toEqual(['closed-part'])
  for (const line of lines.filter(isSegmentLine)) {
    expect(sealed.some((one) => one.ptsMs < line.ptsMs + line.durationMs && one.ptsMs + one.durationMs > line.ptsMs)).toBe(false)
    expect(line.ptsMs + line.durationMs <= (gaps[0]?.fromMs ?? 0) || line.ptsMs >= (gaps[0]?.toMs ?? 0)).toBe(true)
  }
  // What the store holds under the session's own place is the open part alone; the sealed one lies apart.
  const stored = await keysUnder(segmentsPrefix(council.id, session.id))
  expect(stored.length).toBe(lines.filter(isSegmentLine).length)
  const apart = await keysUnder(sealedPrefix(council.id, session.id))
  expect(apart.sort()).toEqual(sealed.map((line) => segmentKey(council.id, line)).sort())
  // Nothing of it is left in the clear on the recorder's disk once the store has it.
  const left = await readdir(folder, { recursive: true })
  expect(left.filter((name) => name.endsWith('.age')).length).toBe(sealed.length)
  for (const name of left.filter((one) => one.endsWith('.age'))) expect(left).not.toContain(name.replace(/\.age$/, ''))
  expect(await reconcileCouncil(storage, council.id)).toMatchObject({ findings: [] })

  // An export of it, as far as it goes: journal and sealed files; opened by the command for whoever holds either key.
  const out = join(chamber.spool, '..', 'copia')
  await mkdir(join(out, exportPath.sealedSegments), { recursive: true })
  await writeFile(join(out, exportPath.journal), journalBytes(lines))
  for (const line of sealed) await writeFile(join(out, exportPath.sealed(line)), await storage.objects.read(segmentKey(council.id, line)))
  const opened = await openClosedParts(out, [recovery], join(out, 'aberto'))
  expect(opened.segments).toBe(sealed.length)
  // A part is what one ffmpeg wrote: the one that the recorder began with the closed part lasts longest.
  const lengths = await Promise.all(opened.files.map((name) => probeJoined([join(out, 'aberto', name)])))
  expect(Math.max(...lengths.map((one) => one.videoSeconds))).toBeGreaterThan(8)
  expect(lengths.every((one) => one.monotonous)).toBe(true)
  const [first] = sealed
  if (first === undefined) throw new Error('nothing was sealed')
  await expect(openClosedParts(out, [await generateX25519Identity()], join(out, 'outra'))).rejects.toMatchObject({ reason: 'key' })
  if (program === '') {
    await writeFile(join(out, 'key.txt'), `# public key: ${closedPartKeys[0]}\n${identity}\n`, { mode: 0o600 })
    const arguments_ = ['--decrypt', '--identity', join(out, 'key.txt'), join(out, exportPath.sealed(first))]
    const plain = await runProgram('age', arguments_, { timeoutMs: 30_000 })
    const ours = await openSealed(new Uint8Array(await readFile(join(out, exportPath.sealed(first)))), [identity])
    expect(Buffer.compare(plain.stdout, ours)).toBe(0)
  }
  await writeFile(join(out, exportPath.sealed(first)), 'outra cousa')
  await expect(openClosedParts(out, [identity], join(out, 'cambiado'))).rejects.toMatchObject({ reason: 'altered' })
})

import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Recorder } from '../../../recorder/recorder.ts'
import { newId } from '../../../storage/model/ids.ts'
import type { GapLine } from '../../../storage/model/recording.ts'
import { sessionEvent } from '../../../storage/model/session-events.ts'
import { putAccount } from '../../../storage/records/accounts.ts'
import { readJournal } from '../../../storage/records/journal.ts'
import { appendEvents } from '../../../storage/records/session-events.ts'
import type { RunningWeb } from '../../../web/main.ts'
import { hashPassword } from '../../../web/sign-in/password-hash.ts'
import { startTestWeb } from '../../servers/running-web.ts'
import { openTestStorage, type TestStorage } from '../../servers/test-storage.ts'
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

async function mark(fields: object): Promise<void> {
  const { session } = storage
  const event = sessionEvent.parse({
    ...{ v: 1, id: newId(), session: session.id, device: 'tablet-9', seq: ++seq, by: { role: 'secretary', id: 'x' } },
    ...{ at: { wallMs: Date.now(), monotonicNs: '1', boot: 'b' }, ...fields },
  })
  await storage.database.inCouncil(storage.council.id, (tx) => appendEvents(tx, session.id, [event]))
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
  const command = async (action: string) => {
    const response = await fetch(`${web.address}/c/proba/sala/${session.slug}/gravador`, {
      ...{ method: 'POST', body: JSON.stringify({ action }) },
      headers: { 'Content-Type': 'application/json', Accept: 'application/json', cookie },
    })
    return response.status
  }
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

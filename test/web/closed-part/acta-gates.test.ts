import { afterAll, beforeAll, expect, test } from 'vitest'
import { draftSession } from '../../../minutes/acta/draft-session.ts'
import { type Acta, sentencesOf } from '../../../storage/model/acta.ts'
import { newId } from '../../../storage/model/ids.ts'
import { tellsWithheld } from '../../../storage/model/public-view.ts'
import { sessionEvent } from '../../../storage/model/session-events.ts'
import { readActa } from '../../../storage/records/actas.ts'
import { appendEvents } from '../../../storage/records/session-events.ts'
import { setPublished, setStage } from '../../../storage/records/sessions.ts'
import type { RunningWeb } from '../../../web/main.ts'
import { type PublishedSession, putPublishedSession } from '../../servers/published-session.ts'
import { startTestWeb } from '../../servers/running-web.ts'
import { openTestStorage, type TestStorage } from '../../servers/test-storage.ts'

let storage: TestStorage
let web: RunningWeb
const secret = { fromMs: 60_000, toMs: 100_000 }

beforeAll(async () => {
  storage = await openTestStorage()
  web = await startTestWeb(storage)
})
afterAll(async () => {
  await web?.[Symbol.asyncDispose]()
  await storage?.[Symbol.asyncDispose]()
})

/** The acta that the product drafts of a session, with or without a closed part in it. */
async function drafted(slug: string, closed?: typeof secret): Promise<{ of: PublishedSession; acta: Acta }> {
  const wishes = { slug, seconds: 16, published: false, verified: false, stage: 'transcribed' as const }
  const of = await putPublishedSession(storage, { ...wishes, ...(closed ? { closed } : {}) })
  await draftSession({ storage }, { council: of.council.id, session: of.session.id })
  const acta = await storage.database.inCouncil(of.council.id, (tx) => readActa(tx, of.session.id))
  if (!acta) throw new Error('nothing was drafted')
  return { of, acta }
}

const utterancesIn = (acta: Acta, of: PublishedSession) => {
  const inside = of.transcript.utterances.filter((one) => one.fromMs < secret.toMs && one.toMs > secret.fromMs).map((one) => one.id)
  const told = acta.blocks.flatMap(sentencesOf).flatMap((sentence) => sentence.sources.flatMap((source) => source.utterances))
  return told.filter((id) => inside.includes(id))
}

test('R17: a draft is made without what was said in a closed part; without the part it would tell it', async () => {
  const open = await drafted('borrador-aberto')
  expect(utterancesIn(open.acta, open.of).length).toBeGreaterThan(0)
  const { acta, of } = await drafted('borrador-pechado', secret)
  expect(utterancesIn(acta, of)).toEqual([])
  expect(tellsWithheld(acta, [secret])).toBe(false)
  // Nor is any draft handed to who did not sign in, by whatever address the editor has.
  for (const address of [
    `/c/${of.slug}/editor/${of.session.slug}`,
    `/c/${of.slug}/${of.session.slug}`,
    `/c/${of.slug}/${of.session.slug}/acta.pdf`,
  ]) {
    const response = await fetch(web.address + address, { redirect: 'manual' })
    expect([303, 401, 403, 404], address).toContain(response.status)
  }
})

test('R17: a signed acta that tells what a late tap closed is not handed out, nor named; before the tap it is', async () => {
  const { of } = await drafted('acta-asinada')
  await storage.database.inCouncil(of.council.id, async (tx) => {
    await setStage(tx, of.session.id, 'published')
    await setPublished(tx, of.session.id, Date.now())
  })
  const path = `/c/${of.slug}/${of.session.slug}`
  const pdf = () => fetch(`${web.address}${path}/acta.pdf`)
  const page = async () => (await fetch(web.address + path)).text()
  expect([(await pdf()).status, (await page()).includes('acta.pdf')]).toEqual([200, true])
  const mark = (seq: number, mediaMs: number, fields: object) =>
    sessionEvent.parse({
      ...{ v: 1, id: newId(), session: of.session.id, device: 'tablet-9', seq, by: { role: 'secretary', id: 'x' }, mediaMs },
      ...{ at: { wallMs: of.session.convenedFor + mediaMs, monotonicNs: '1', boot: 'b' }, ...fields },
    })
  const taps = [
    mark(1, secret.fromMs, { type: 'closed.began', ground: 'honra', recording: 'none' }),
    mark(2, secret.toMs, { type: 'closed.ended' }),
  ]
  await storage.database.inCouncil(of.council.id, (tx) => appendEvents(tx, of.session.id, taps))
  expect([(await pdf()).status, (await page()).includes('acta.pdf')]).toEqual([404, false])
})

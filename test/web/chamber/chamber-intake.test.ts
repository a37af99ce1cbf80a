import { createHash, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { requestPurpose } from '../../../recorder/control-protocol.ts'
import { withheldWallOf } from '../../../storage/model/closed-parts.ts'
import { newId } from '../../../storage/model/ids.ts'
import { putAccount } from '../../../storage/records/accounts.ts'
import { readAudit } from '../../../storage/records/audit.ts'
import { putCouncil } from '../../../storage/records/councils.ts'
import { appendEvents, readEvents } from '../../../storage/records/session-events.ts'
import { putSession } from '../../../storage/records/sessions.ts'
import { putChamberKey, putTablet, revokeTablet } from '../../../storage/records/tablets.ts'
import { ChamberBook } from '../../../web/chamber/chamber-book.ts'
import { type ChamberEntry, chamberEntry, entryPath, syncAnswer, syncPath } from '../../../web/chamber/chamber-protocol.ts'
import { localClosedParts } from '../../../web/chamber/local-closed.ts'
import { readClosedParts } from '../../../web/closed-part/closures.ts'
import { hashPassword } from '../../../web/sign-in/password-hash.ts'
import { councilOf, openedSession } from '../../fixtures/council/marked-session.ts'
import { startTestWeb } from '../../servers/running-web.ts'
import { openTestStorage } from '../../servers/test-storage.ts'
import { enrolChamber } from '../agent/chamber.ts'
import { makeTablet } from './chamber-tablet.ts'

test('what a recorder brings back is taken once, as the tablet signed it, and only while the tablet is the council’s', async () => {
  await using storage = await openTestStorage()
  const { council, session } = storage
  await using web = await startTestWeb(storage)
  await using chamber = await enrolChamber(storage, web.address)
  const tablet = await makeTablet()
  const account = newId()
  const inCouncil = <T>(work: Parameters<typeof storage.database.inCouncil<T>>[1]) => storage.database.inCouncil(council.id, work)
  await inCouncil(async (tx) => {
    await putAccount(tx, { id: account, login: 'secretaria', name: 'Noela', role: 'secretary', passwordHash: await hashPassword('x') })
    await putTablet(tx, { id: tablet.id, name: 'Tableta', account, credentialHash: randomUUID(), createdAtMs: Date.now() })
  })
  const post = async (path: string, body: unknown) => {
    const text = JSON.stringify(body)
    const purpose = requestPurpose(path, createHash('sha256').update(text).digest('hex'))
    const credential = Buffer.from(JSON.stringify(chamber.identity.credential(purpose))).toString('base64')
    const headers = { 'Content-Type': 'application/json', Authorization: `Escano ${credential}` }
    const response = await fetch(web.address + path, { method: 'POST', headers, body: text })
    return { status: response.status, body: (await response.json()) as unknown }
  }
  const sync = async () => syncAnswer.parse((await post(syncPath, { page: { addresses: [], authority: 'x' }, rows: {} })).body)
  const entry = async (kind: ChamberEntry['kind'], body: object, of = session): Promise<ChamberEntry> => {
    const text = JSON.stringify(body)
    const signature = await tablet.sign(kind, of.id, text)
    return chamberEntry.parse({ id: newId(), kind, tablet: tablet.id, session: of.id, body: text, signature })
  }
  const star = () => ({
    ...{ v: 1, id: newId(), session: session.id, device: 'another', seq: 1, by: { role: 'mayor', id: 'somebody' } },
    ...{ at: { wallMs: Date.now(), monotonicNs: '0', boot: 'b' }, type: 'note', text: 'sen liña' },
  })
  const marks = async () => (await inCouncil((tx) => readEvents(tx, session.id))).filter(({ event }) => event.type === 'note')

  expect((await sync()).tablets).toEqual([])
  await inCouncil(async (tx) => putChamberKey(tx, tablet.id, { key: tablet.key, pinHash: await hashPassword('481516') }))
  expect((await sync()).tablets.map((one) => one.id)).toEqual([tablet.id])

  const before = (await marks()).length
  const sent = await entry('marks', { events: [star()] })
  for (let n = 0; n < 2; n++) expect((await post(entryPath, sent)).status).toBe(200)
  const added = (await marks()).slice(before)
  expect(added.map(({ event }) => [event.device, event.by])).toEqual([[`tablet-${tablet.id}`, { role: 'secretary', id: account }]])

  const asked = await entry('command', { id: newId(), action: 'pause' })
  for (let n = 0; n < 2; n++) expect((await post(entryPath, asked)).status).toBe(200)
  const noted = (await inCouncil((tx) => readAudit(tx))).filter((one) => one.action === 'recorder-pause')
  expect(noted).toHaveLength(1)
  expect(noted[0]?.by).toBe(account)

  // R17: a closed part of then withholds once, from 20 s before its tap, whether the law lets it or not; and the chamber hears the same.
  const agreed = openedSession(3, ['ditame'], { council: { ...councilOf(3), id: council.id, dir3: council.dir3 } })
  agreed.decide([3, 0, 0], 'approved', { purpose: 'secret-debate', majority: 'absolute' })
  const lawful = { council: agreed.council, session: { ...agreed.session, convenedFor: Date.now() } }
  for (const of of [{ council, session }, lawful]) {
    if (of === lawful)
      await inCouncil(async (tx) => {
        await putCouncil(tx, of.council, 'proba')
        await putSession(tx, of.session)
        await appendEvents(tx, of.session.id, agreed.events)
      })
    const fromMs = Date.now() - 60_000
    const tap = (wallMs: number, said: object) => ({
      ...star(),
      session: of.session.id,
      at: { wallMs, monotonicNs: '0', boot: 'b' },
      ...said,
    })
    const began = tap(fromMs, { type: 'closed.began', ground: 'honra', recording: 'none' })
    const ended = tap(fromMs + 30_000, { type: 'closed.ended' })
    for (const events of [[began], [ended], [began, ended]])
      expect((await post(entryPath, await entry('marks', { events }, of.session))).status).toBe(200)
    const parts = await inCouncil((tx) => readClosedParts(tx, of))
    expect(parts.map((one) => one.marks)).toEqual([[began.id, ended.id]])
    expect(parts.map(withheldWallOf)).toEqual([{ fromMs: fromMs - 20_000, toMs: fromMs + 50_000 }])
    const book = await ChamberBook.open(join(chamber.spool, of.session.id))
    await book.learn(await sync())
    expect(localClosedParts(book, of.session.id)).toEqual(parts)
  }

  // The recorder carries what the tablet signed, and can make nothing of it.
  expect((await post(entryPath, { ...sent, body: JSON.stringify({ events: [star()] }) })).status).toBe(403)
  expect((await post(entryPath, { ...sent, kind: 'command' })).status).toBe(403)
  await inCouncil((tx) => revokeTablet(tx, tablet.id))
  expect((await sync()).tablets).toEqual([])
  expect((await post(entryPath, await entry('marks', { events: [star()] }))).status).toBe(403)
  expect(await marks()).toHaveLength(before + 1)
})

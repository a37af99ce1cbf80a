import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demoCouncil } from '../../../commands/demo/demo-council.ts'
import { approvalMarks, approvingSession } from '../../../commands/demo/demo-script.ts'
import { type InstallationKeys, openKeys } from '../../../commands/installation-keys.ts'
import { ApprovalRefusedError, approveActas } from '../../../minutes/acta/approve-acta.ts'
import { draftSession } from '../../../minutes/acta/draft-session.ts'
import { FreezeRefusedError, freezeActa } from '../../../minutes/acta/freeze-acta.ts'
import { keepActa, publishSession, withdrawSession } from '../../../minutes/acta/keep-acta.ts'
import { SigningRefusedError, signActa } from '../../../minutes/acta/sign-acta.ts'
import type { MinutesParts } from '../../../minutes/minutes-parts.ts'
import { newestDocument } from '../../../minutes/session-documents.ts'
import { SignatureOrderError } from '../../../minutes/signature/pades.ts'
import type { Council } from '../../../storage/model/council.ts'
import { newId, sessionId } from '../../../storage/model/ids.ts'
import type { Session } from '../../../storage/model/session.ts'
import { sessionEvent } from '../../../storage/model/session-events.ts'
import { findFfmpeg } from '../../../storage/programs/ffmpeg.ts'
import { putActa, readActa } from '../../../storage/records/actas.ts'
import { readBook } from '../../../storage/records/book.ts'
import { readCheckpoints, readLogEntries } from '../../../storage/records/council-log.ts'
import { putCouncil } from '../../../storage/records/councils.ts'
import { appendEvents } from '../../../storage/records/session-events.ts'
import { putSession, readSessionSummary, readStage } from '../../../storage/records/sessions.ts'
import { openTestStorage, type TestStorage } from '../../servers/test-storage.ts'

let storage: TestStorage
let keys: InstallationKeys
let parts: MinutesParts
let folder: string
let council: Council
/** `held` is a session without recording; `next` the one that approves its acta. */
let held: Session
let next: Session

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'escano-acta-'))
  storage = await openTestStorage()
  keys = openKeys({ folder: join(folder, 'keys'), data: join(folder, 'data') })
  const ffmpeg = await findFfmpeg(process.env)
  parts = { storage, ffmpeg, sealsOf: keys.sealsOf, trust: keys.trust, publicUrl: 'http://127.0.0.1:1', product: 'escano test' }
  council = demoCouncil()
  held = { ...approvingSession(council, { id: newId(), convenedFor: Date.now() } as Session, Date.now()), actaNumber: 1, slug: 'held' }
  next = { ...approvingSession(council, held, Date.now() + 1000), actaNumber: 2, slug: 'next' }
  await storage.database.inCouncil(council.id, async (tx) => {
    await putCouncil(tx, council, 'demo-acta-life')
    for (const session of [held, next]) await putSession(tx, session)
  })
  await mark(held)
  await draftSession(parts, place(held))
})
afterAll(async () => {
  await storage[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

const place = (session: Session) => ({ council: council.id, session: session.id })
const stage = () => storage.database.inCouncil(council.id, (tx) => readStage(tx, held.id))
const log = () => storage.database.inCouncil(council.id, (tx) => readLogEntries(tx))

async function mark(session: Session): Promise<void> {
  const at = { wallMs: Date.now(), monotonicNs: '0', boot: 'boot' }
  const events = approvalMarks(council, session).map((one, index) =>
    sessionEvent.parse({
      v: 1,
      id: newId(),
      session: session.id,
      device: 'tablet',
      seq: index + 1,
      by: { role: 'secretary', id: 's' },
      at,
      ...one.event,
    }),
  )
  await storage.database.inCouncil(council.id, (tx) => appendEvents(tx, session.id, events))
}

describe('R21: a session without recording walks from draft to book', () => {
  test('the draft says that there is no recording, and drafting again changes nothing', async () => {
    await draftSession(parts, place(held))
    const acta = await storage.database.inCouncil(council.id, (tx) => readActa(tx, held.id))
    expect(acta?.version).toBe(1)
    expect(JSON.stringify(acta)).toContain('Desta sesión non hai gravación.')
    expect(await stage()).toBe('draft')
  })

  test('R33: nothing is frozen before a later session approved it', async () => {
    await expect(freezeActa(parts, place(held))).rejects.toThrow(FreezeRefusedError)
    expect(await approveActas(parts, place(next))).toEqual([])
    expect(await stage()).toBe('draft')
  })

  test('R32: a sentence of the machine that nobody accepted holds the approval back', async () => {
    await mark(next)
    const before = await storage.database.inCouncil(council.id, (tx) => readActa(tx, held.id))
    if (!before) throw new Error('the draft is there')
    const heard = { id: 'heard.1', text: 'Algo oído.', language: 'gl' as const, origin: 'machine' as const, sources: [] }
    const turn = { kind: 'incident' as const, id: 'heard', sentences: [heard] }
    await storage.database.inCouncil(council.id, (tx) => putActa(tx, { ...before, version: 2, blocks: [...before.blocks, turn] }, 'test'))
    await expect(approveActas(parts, place(next))).rejects.toThrow(ApprovalRefusedError)
    await storage.database.inCouncil(council.id, (tx) => putActa(tx, { ...before, version: 3 }, 'test'))
  })

  test('the next session approves it, once', async () => {
    expect(await approveActas(parts, place(next))).toEqual([held.id])
    expect(await approveActas(parts, place(next))).toEqual([held.id])
    const acta = await storage.database.inCouncil(council.id, (tx) => readActa(tx, held.id))
    expect(acta).toMatchObject({ version: 4, approval: { session: next.id } })
  })

  test('R57: the mayor does not sign before the secretary, and nobody before it is frozen', async () => {
    const { secretary, mayor } = await keys.demoAuthority(council)
    await expect(signActa(parts, place(held), 'secretary', secretary)).rejects.toThrow(SigningRefusedError)
    await freezeActa(parts, place(held))
    await freezeActa(parts, place(held))
    await expect(signActa(parts, place(held), 'mayor', mayor)).rejects.toThrow(SignatureOrderError)
    await signActa(parts, place(held), 'secretary', secretary)
    await expect(signActa(parts, place(held), 'secretary', secretary)).rejects.toThrow(SignatureOrderError)
    expect(await stage()).toBe('frozen')
    await signActa(parts, place(held), 'mayor', mayor)
    expect(await stage()).toBe('signed')
    const pdf = await storage.database.inCouncil(council.id, (tx) => newestDocument(tx, held.id, 'acta-pdf'))
    expect(pdf?.revision).toBe(3)
  })

  test('R37: it enters the book and the log once, however often the step runs', async () => {
    await keepActa(parts, place(held))
    await keepActa(parts, place(held))
    const book = await storage.database.inCouncil(council.id, (tx) => readBook(tx, new Date().getFullYear()))
    expect(book.map((entry) => [entry.number, entry.session])).toEqual([[1, held.id]])
    expect((await log()).map((entry) => entry.kind)).toEqual(['acta-version', 'acta-signed', 'acta-signed', 'acta-approved', 'book-entry'])
    const checkpoints = await storage.database.inCouncil(council.id, (tx) => readCheckpoints(tx))
    expect(checkpoints.map((one) => [one.size, one.tokenBase64 !== undefined])).toEqual([[5, true]])
  })

  test('«Publicar» and «Retirar» each leave an entry; a withdrawn session is not public', async () => {
    const publishedAt = async () =>
      (await storage.database.inCouncil(council.id, (tx) => readSessionSummary(tx, held.id)))?.publishedAtMs ?? null
    await publishSession(parts, place(held))
    expect(await publishedAt()).not.toBeNull()
    await withdrawSession(parts, place(held))
    expect(await publishedAt()).toBeNull()
    await publishSession(parts, place(held))
    expect((await log()).slice(5).map((entry) => entry.kind)).toEqual(['published', 'withdrawn', 'published'])
  })
})

test('R14: the diligence of a session not held needs no approval, is signed by the secretary alone, and takes its number in the book', async () => {
  const failed: Session = { ...next, id: sessionId.parse(newId()), actaNumber: 2, slug: 'not-held' }
  const at = { wallMs: Date.now(), monotonicNs: '0', boot: 'boot' }
  const said = { v: 1, id: newId(), session: failed.id, device: 'tablet', seq: 1, by: { role: 'secretary', id: 's' }, at }
  await storage.database.inCouncil(council.id, async (tx) => {
    await putSession(tx, failed)
    await appendEvents(tx, failed.id, [
      sessionEvent.parse({ ...said, type: 'session.not-held', ground: 'no-quorum', cause: 'falta de quórum' }),
    ])
  })
  await draftSession(parts, place(failed))
  await draftSession(parts, place(failed))
  const acta = await storage.database.inCouncil(council.id, (tx) => readActa(tx, failed.id))
  expect(acta).toMatchObject({ documentType: 'TD12', version: 1 })
  await freezeActa(parts, place(failed))
  const { secretary, mayor } = await keys.demoAuthority(council)
  await expect(signActa(parts, place(failed), 'mayor', mayor)).rejects.toThrow(SigningRefusedError)
  await signActa(parts, place(failed), 'secretary', secretary)
  const before = (await log()).length
  await keepActa(parts, place(failed))
  expect(await storage.database.inCouncil(council.id, (tx) => readStage(tx, failed.id))).toBe('kept')
  const book = await storage.database.inCouncil(council.id, (tx) => readBook(tx, new Date().getFullYear()))
  expect(book.map((entry) => [entry.number, entry.session])).toEqual([
    [1, held.id],
    [2, failed.id],
  ])
  expect((await log()).slice(before).map((entry) => entry.kind)).toEqual(['book-entry'])
})

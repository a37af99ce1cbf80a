import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Verification } from '../../../storage/custody/trust.ts'
import { newId } from '../../../storage/model/ids.ts'
import { type SessionEvent, sessionEvent } from '../../../storage/model/session-events.ts'
import { endSignIn, findAccount, listAccounts, putAccount, putSignIn, readAccount, readSignIn } from '../../../storage/records/accounts.ts'
import { readAudit, writeAudit } from '../../../storage/records/audit.ts'
import { putCouncil, readCouncil } from '../../../storage/records/councils.ts'
import type { Tx } from '../../../storage/records/database.ts'
import { readProgress, reportProgress } from '../../../storage/records/progress.ts'
import { appendEvents, EventConflictError, readEvents } from '../../../storage/records/session-events.ts'
import {
  findSession,
  listSessions,
  putSession,
  readSession,
  readSessionSummary,
  readStage,
  StageOrderError,
  setPublished,
  setStage,
} from '../../../storage/records/sessions.ts'
import { UnstorableTextError } from '../../../storage/records/stored-json.ts'
import { putVerification, readVerification } from '../../../storage/records/verifications.ts'
import { openTestStorage, type TestStorage, testSession } from '../../servers/test-storage.ts'
import { inNewSession } from './in-new-session.ts'

let storage: TestStorage
const within = <T>(work: (tx: Tx) => Promise<T>) => storage.database.inCouncil(storage.council.id, work)
const inSession = <T>(work: (tx: Tx, session: TestStorage['session']) => Promise<T>) => inNewSession(storage, work)
const hex = (text: string) => createHash('sha256').update(text).digest('hex')

beforeAll(async () => {
  storage = await openTestStorage()
})
afterAll(async () => await storage?.[Symbol.asyncDispose]())

describe('people and councils', () => {
  test('a council is written again when it changes', async () => {
    await within((tx) => putCouncil(tx, { ...storage.council, room: 'Sala nova' }, 'proba'))
    expect(await within(readCouncil)).toEqual({ ...storage.council, room: 'Sala nova' })
  })

  test('an account is found by its login, and its sign-in ends by time or by will', async () => {
    const member = storage.council.members[0]?.id
    const account = { id: newId(), login: 'secretaria', name: 'Iria Lema', role: 'secretary' as const, passwordHash: '$argon2id$x' }
    await within(async (tx) => {
      await putAccount(tx, account)
      await putAccount(tx, { ...account, id: newId(), login: 'alcaldesa', role: 'mayor', ...(member ? { member } : {}) })
      await putAccount(tx, { ...account, passwordHash: '$argon2id$y' })
      expect(await findAccount(tx, 'secretaria')).toEqual({ ...account, passwordHash: '$argon2id$y' })
      expect((await findAccount(tx, 'alcaldesa'))?.member).toBe(member)
      expect(await readAccount(tx, account.id)).toMatchObject({ login: 'secretaria' })
      expect(await findAccount(tx, "' or 1=1 --")).toBeUndefined()
      expect((await listAccounts(tx)).map((one) => one.login)).toEqual(['alcaldesa', 'secretaria'])
      await putSignIn(tx, { tokenHash: hex('a'), account: account.id, expiresAtMs: 2000 })
      await putSignIn(tx, { tokenHash: hex('b'), account: account.id, expiresAtMs: 3000 })
      expect(await readSignIn(tx, hex('a'), 1999)).toEqual({ tokenHash: hex('a'), account: account.id, expiresAtMs: 2000 })
      expect(await readSignIn(tx, hex('a'), 2000)).toBeUndefined()
      await endSignIn(tx, hex('b'), 1000)
      expect(await readSignIn(tx, hex('b'), 1000)).toBeUndefined()
      expect(await readSignIn(tx, hex('a'), 1000)).toBeDefined()
    })
  })

  test('the audit grows', async () => {
    await within((tx) => writeAudit(tx, { by: 'a', action: 'publish', object: 's', result: 'ok' }))
    await within((tx) => writeAudit(tx, { by: 'a', action: 'withdraw', object: 's', result: 'ok' }))
    expect((await within((tx) => readAudit(tx))).map((one) => one.action)).toEqual(['withdraw', 'publish'])
  })
})

describe('a session', () => {
  test('is found by id and by slug, and listed with where it stands', async () => {
    const verification: Verification = { authentic: true, trust: 'demo', checks: [{ code: 'journal', ok: true, detail: '' }] }
    await inSession(async (tx, session) => {
      expect(await readSession(tx, session.id)).toEqual(session)
      expect(await findSession(tx, session.slug)).toEqual(session)
      expect(await findSession(tx, 'outra')).toBeUndefined()
      expect(await readSessionSummary(tx, session.id)).toEqual({ session, stage: 'prepared' })
      await setPublished(tx, session.id, 1234)
      await putVerification(tx, session.id, verification, 99)
      expect(await readVerification(tx, session.id)).toEqual({ ...verification, atMs: 99 })
      const expected = { session, stage: 'prepared', publishedAtMs: 1234, verification }
      expect(await readSessionSummary(tx, session.id)).toEqual(expected)
      expect((await listSessions(tx)).find((one) => one.session.id === session.id)).toEqual(expected)
      await putSession(tx, { ...session, place: 'Outra sala' })
      expect(await readSessionSummary(tx, session.id)).toMatchObject({ publishedAtMs: 1234, session: { place: 'Outra sala' } })
      await setPublished(tx, session.id, null)
      expect(await readSessionSummary(tx, session.id)).not.toHaveProperty('publishedAtMs')
    })
  })

  test('goes on its way and never back unsaid', async () => {
    await inSession(async (tx, { id }) => {
      await setStage(tx, id, 'recorded')
      await setStage(tx, id, 'recorded')
      await expect(setStage(tx, id, 'prepared')).rejects.toThrow(StageOrderError)
      await expect(setStage(tx, id, 'kept', { from: 'signed' })).rejects.toThrow(/is recorded, expected signed/)
      await setStage(tx, id, 'prepared', { from: 'recorded' })
      expect(await readStage(tx, id)).toBe('prepared')
      await expect(setStage(tx, testSession(storage.council).id, 'closed')).rejects.toThrow(StageOrderError)
    })
  })

  test('keeps the latest of each step of its progress', async () => {
    await inSession(async (tx, { id }) => {
      await reportProgress(tx, id, { step: 'transcript', done: 1, total: 9 })
      await reportProgress(tx, id, { step: 'transcript', done: 2, total: 9, detail: 'turno 2' })
      expect(await readProgress(tx, id)).toEqual([{ step: 'transcript', done: 2, total: 9, detail: 'turno 2', atMs: expect.any(Number) }])
    })
  })
})

function event(session: TestStorage['session'], seq: number, changes: object = {}): SessionEvent {
  return sessionEvent.parse({
    v: 1,
    id: newId(),
    session: session.id,
    device: 'tablet',
    seq,
    by: { role: 'secretary', id: 'x' },
    at: { wallMs: seq, monotonicNs: '1', boot: 'b' },
    type: 'note',
    text: 'algo «aconteceu» 🪑',
    ...changes,
  })
}

describe('the events of a session', () => {
  test('are kept in the order they came, each once', async () => {
    await inSession(async (tx, session) => {
      const [one, two, three] = [event(session, 1), event(session, 2), event(session, 3)]
      expect(await appendEvents(tx, session.id, [one, two, one])).toEqual({ accepted: [one.id, two.id], known: [one.id] })
      expect(await appendEvents(tx, session.id, [three, two])).toEqual({ accepted: [three.id], known: [two.id] })
      expect(await readEvents(tx, session.id)).toEqual([one, two, three].map((of, index) => ({ row: index + 1, event: of })))
      expect((await readEvents(tx, session.id, 2)).map((row) => row.event)).toEqual([three])
    })
  })

  test('are never changed: a known id with other content is refused', async () => {
    await inSession(async (tx, session) => {
      const one = event(session, 1)
      await appendEvents(tx, session.id, [one])
      await expect(appendEvents(tx, session.id, [event(session, 1, { id: one.id, text: 'outra cousa' })])).rejects.toThrow(
        EventConflictError,
      )
      await expect(appendEvents(tx, session.id, [event(testSession(storage.council), 1)])).rejects.toThrow(EventConflictError)
      expect(await readEvents(tx, session.id)).toHaveLength(1)
    })
  })

  test('that come from many at once get rows without gaps', async () => {
    const session = await inSession(async (_tx, of) => of)
    const batches = Array.from({ length: 12 }, (_, batch) => [event(session, 2 * batch + 1), event(session, 2 * batch + 2)])
    await Promise.all(batches.map((events) => within((tx) => appendEvents(tx, session.id, events))))
    const rows = await within((tx) => readEvents(tx, session.id))
    expect(rows.map((row) => row.row)).toEqual(Array.from({ length: 24 }, (_, index) => index + 1))
  })

  test('with a character that no record can keep are refused with a sentence', async () => {
    for (const text of ['nulo \0 aquí', 'media \ud83e parella']) {
      await expect(inSession((tx, session) => appendEvents(tx, session.id, [event(session, 1, { text })]))).rejects.toThrow(
        UnstorableTextError,
      )
    }
    const harmless = 'barra \\u0000 escrita'
    await inSession(async (tx, session) => {
      await appendEvents(tx, session.id, [event(session, 1, { text: harmless })])
      expect((await readEvents(tx, session.id))[0]?.event).toMatchObject({ text: harmless })
    })
  })
})

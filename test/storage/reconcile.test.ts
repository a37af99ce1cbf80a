import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SegmentUploader } from '../../recorder/segment-uploader.ts'
import { type ChamberNotes, differenceCode, differencesToShow } from '../../storage/model/chamber-notes.ts'
import { newId, sessionId } from '../../storage/model/ids.ts'
import { reconcileCouncil } from '../../storage/reconcile.ts'
import { readReceipts } from '../../storage/records/journal.ts'
import { setStage } from '../../storage/records/sessions.ts'
import { type KeptSpoolReport, putSpoolReport } from '../../storage/records/spool-reports.ts'
import { MessageKeeper } from '../../web/agent/keep-message.ts'
import { CredentialCheck } from '../../web/agent/recorder-credential.ts'
import { differencesOf, readChamberNotes } from '../../web/control/chamber-notes.ts'
import { differencesWords } from '../../web/words/staff-words.ts'
import { openSpooledSession, type SpooledSession } from '../recorder/faults/spooled-session.ts'
import { type OpensslAuthority, startOpensslAuthority } from '../servers/openssl-authority.ts'
import { openTestStorage, type TestStorage } from '../servers/test-storage.ts'
import { type Chamber, enrolChamber, startAgentServer, type TestServer } from '../web/agent/chamber.ts'

const dayMs = 24 * 3_600_000

describe('spool, store and records are held against each other: each difference is told as its own', () => {
  let storage: TestStorage
  let authority: OpensslAuthority
  let server: TestServer
  let chamber: Chamber
  let spooled: SpooledSession

  const found = async (nowMs = Date.now()) =>
    (await reconcileCouncil(storage, storage.council.id, { nowMs, everything: true })).findings.map(({ code, line, detail }) => ({
      ...{ code, line, detail },
    }))
  const told = (of: Partial<KeptSpoolReport['sessions'][number]>) =>
    storage.database.inCouncil(storage.council.id, (tx) =>
      putSpoolReport(tx, {
        ...{ recorder: chamber.enrolment.recorder, receivedMs: Date.now(), diskFreeBytes: 1, diskTotalBytes: 2 },
        sessions: [
          {
            ...{ session: storage.session.id, lines: 4, signed: 0, segments: 4, confirmed: 3, removed: 0 },
            ...{ missing: [], altered: [], bytes: 4000, sinceMs: null, ...of },
          },
        ],
      }),
    )

  beforeAll(async () => {
    storage = await openTestStorage()
    authority = await startOpensslAuthority()
    server = await startAgentServer(storage, authority.timeStamps)
    chamber = await enrolChamber(storage, server.url)
    spooled = await openSpooledSession(storage, chamber, async () => 0)
    for (let count = 0; count < 3; count++) await spooled.add(1000)
    await using uploader = new SegmentUploader({ identity: chamber.identity })
    uploader.carry(spooled.spool)
    while (spooled.spool.counts.unconfirmed > 0) await wait(20)
  }, 120_000)
  afterAll(async () => {
    for (const one of [spooled, chamber, server, authority, storage]) await one?.[Symbol.asyncDispose]()
  })

  test('nothing, while what was recorded is on its way', async () => {
    await spooled.add(1000)
    await told({})
    expect(await found()).toEqual([])
  })

  test('what the recorder no longer has on its disk, and whether the store has it', async () => {
    await told({ missing: [0, 3] })
    expect(await found()).toEqual([
      { code: 'spool-missing', line: 0, detail: 'the store holds it' },
      { code: 'spool-missing', line: 3, detail: 'the only copy' },
    ])
  })

  test('what is not on its disk as it was journalled', async () => {
    await told({ altered: [1] })
    expect(await found()).toEqual([{ code: 'spool-altered', line: 1, detail: 'the store holds it' }])
  })

  test('receipts that are there and not here: a backup was restored', async () => {
    await told({ confirmed: 4 })
    expect(await found()).toEqual([{ code: 'spool-receipts', line: undefined, detail: '3 here, 4 there' }])
  })

  test('what its recorder has finished with and the store never confirmed', async () => {
    await told({})
    const known = await new CredentialCheck(storage).verify(chamber.identity.credential('link'), 'link')
    const envelope = { id: newId() as never, seq: 9, session: storage.session.id, monotonicNs: '1', wallMs: 1, boot: 'b' }
    await new MessageKeeper(storage).keep(known, { ...envelope, type: 'finished', lines: 4 })
    expect(await found()).toEqual([{ code: 'receipt-missing', line: 3, detail: 'segment 0/3' }])
  })

  test('objects of the store that were altered, are gone, or that nobody knows; the tablet is told each kind once', async () => {
    const receipts = await storage.database.inCouncil(storage.council.id, (tx) => readReceipts(tx, storage.session.id))
    const path = (line: number) => join(storage.config.data, 'objects', receipts.find((one) => one.line === line)?.key ?? '')
    await writeFile(path(0), 'x'.repeat(1000))
    await rm(path(1))
    await writeFile(path(2).replace(/[0-9a-f]{64}/, 'f'.repeat(64)), 'stray')
    const codes = (await found()).map(({ code, line }) => [code, line])
    expect(codes).toEqual([
      ['object-altered', 0],
      ['object-missing', 1],
      ['receipt-missing', 3],
      ['object-unknown', undefined],
    ])
    const notes = await storage.database.inCouncil(storage.council.id, (tx) => readChamberNotes(tx, undefined))
    expect(notes.rehearsal).toBeUndefined()
    expect(notes.differences?.of.map(({ code, count }) => [code, count])).toEqual(codes.map(([code]) => [code, 1]))
    expect(differencesToShow(notes, { session: storage.session.id, busy: true })[0]?.code).toBe('object-altered')
  })

  test('a recorder with something left that was not heard of for days', async () => {
    await told({})
    await storage.database.inCouncil(storage.council.id, (tx) => setStage(tx, storage.session.id, 'recording'))
    const silent = async (days: number) => (await found(Date.now() + days * dayMs)).filter((one) => one.code === 'spool-silent')
    expect(await silent(1)).toEqual([])
    expect(await silent(3)).toEqual([{ code: 'spool-silent', line: undefined, detail: '1 segments, 3 days' }])
  })
})

test('differences of another session wait until nothing goes on; its own come first, the gravest first', () => {
  const [own, other] = [sessionId.parse(newId()), sessionId.parse(newId())]
  const findings = (['spool-missing', 'object-double', 'spool-missing', 'object-missing'] as const).map((code, at) => ({
    ...{ code, session: at < 3 ? own : other, slug: 's', detail: '' },
  }))
  const notes: ChamberNotes = {
    differences: {
      atMs: 1,
      of: differencesOf(
        { findings },
        new Map([
          [own, 1],
          [other, 2],
        ]),
      ),
    },
  }
  const shown = (busy: boolean) => differencesToShow(notes, { session: own, busy }).map(({ code, count }) => `${code} ${count}`)
  expect(shown(true)).toEqual(['object-double 1', 'spool-missing 2'])
  expect(shown(false)).toEqual(['object-double 1', 'spool-missing 2', 'object-missing 1'])
  expect(differencesToShow(undefined, { session: own, busy: false })).toEqual([])
})

test('each kind of difference says in both languages what happened and what to do, for one and for several', () => {
  for (const language of ['gl', 'es'] as const) {
    for (const code of differenceCode.options) {
      for (const count of [1, 3]) {
        const [what, todo] = differencesWords[language].codes[code](count)
        expect(
          [what, todo].every((sentence) => /^[\p{Lu}\d].+\.$/u.test(sentence)),
          `${language} ${code}`,
        ).toBe(true)
        if (!['spool-receipts', 'spool-silent'].includes(code)) expect(what.includes('3'), `${language} ${code}`).toBe(count === 3)
      }
    }
  }
})

import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Acta, acta } from '../../../storage/model/acta.ts'
import { eventId, newId, recorderId } from '../../../storage/model/ids.ts'
import type { JournalLine } from '../../../storage/model/recording.ts'
import { transcript } from '../../../storage/model/transcript.ts'
import { ActaVersionError, listActaVersions, putActa, readActa } from '../../../storage/records/actas.ts'
import { BookOrderError, putBookEntry, readBook } from '../../../storage/records/book.ts'
import {
  appendLogEntry,
  CheckpointConflictError,
  putCheckpoint,
  readCheckpoints,
  readLogEntries,
} from '../../../storage/records/council-log.ts'
import type { Tx } from '../../../storage/records/database.ts'
import { DocumentRevisionError, putDocument, readDocuments } from '../../../storage/records/documents.ts'
import { putEvidence, readEvidence } from '../../../storage/records/evidence.ts'
import {
  appendHead,
  appendJournalLine,
  countJournal,
  JournalOrderError,
  putFinished,
  putReceipt,
  readFinished,
  readHeads,
  readJournal,
  readJournalLine,
  readReceipts,
  setHeadToken,
} from '../../../storage/records/journal.ts'
import { enrolRecorder, listRecorders, readRecorder } from '../../../storage/records/recorders.ts'
import {
  putCaptions,
  putChunkPlan,
  putChunkResult,
  putTranscript,
  readCaptions,
  readChunkPlan,
  readChunkResults,
  readTranscript,
  TranscriptVersionError,
} from '../../../storage/records/transcripts.ts'
import { openTestStorage, type TestStorage, testSession } from '../../servers/test-storage.ts'
import { inNewSession } from './in-new-session.ts'

let storage: TestStorage
const within = <T>(work: (tx: Tx) => Promise<T>) => storage.database.inCouncil(storage.council.id, work)
const inSession = <T>(work: (tx: Tx, session: TestStorage['session']) => Promise<T>) => inNewSession(storage, work)
const hex = (text: string) => createHash('sha256').update(text).digest('hex')
const at = (name: string) => ({ key: `k/${name}`, version: '1', sha256: hex(name) })

beforeAll(async () => {
  storage = await openTestStorage()
})
afterAll(async () => await storage?.[Symbol.asyncDispose]())

describe('what a recorder sent', () => {
  const recorder = recorderId.parse(newId())
  const enrolled = { id: recorder, name: 'Salón', publicKeyBase64: Buffer.alloc(32, 7).toString('base64') }
  beforeAll(() => within((tx) => enrolRecorder(tx, enrolled)))

  const line = (session: TestStorage['session'], index: number, changes: object = {}): JournalLine => {
    const clock = { wallMs: 1, monotonicNs: '18446744073709551615', boot: 'b' }
    const content = { v: 1 as const, session: session.id, recorder, part: 0, track: 'master' as const, index, sha256: hex(String(index)) }
    return { ...content, bytes: 10, ptsMs: index * 4000, durationMs: 4000, ...clock, ...changes }
  }

  test('a recorder is enrolled once and can be revoked', async () => {
    await within(async (tx) => {
      expect(await readRecorder(tx, recorder)).toEqual(enrolled)
      await enrolRecorder(tx, { ...enrolled, revokedAtMs: 5 })
      expect(await listRecorders(tx)).toEqual([{ ...enrolled, revokedAtMs: 5 }])
      await enrolRecorder(tx, enrolled)
      expect(await readRecorder(tx, recorder)).not.toHaveProperty('revokedAtMs')
    })
  })

  test('lines are taken in their order; a repeated one is known, a changed or early one refused', async () => {
    await inSession(async (tx, session) => {
      const of = { session: session.id, recorder }
      expect(await appendJournalLine(tx, { ...of, line: 0, content: line(session, 0) })).toBe(true)
      expect(await appendJournalLine(tx, { ...of, line: 1, content: line(session, 1) })).toBe(true)
      expect(await appendJournalLine(tx, { ...of, line: 0, content: line(session, 0) })).toBe(false)
      await expect(appendJournalLine(tx, { ...of, line: 3, content: line(session, 3) })).rejects.toThrow(/came before line 2/)
      await expect(appendJournalLine(tx, { ...of, line: 1, content: line(session, 9) })).rejects.toThrow(JournalOrderError)
      await expect(appendJournalLine(tx, { ...of, line: 2, content: line(testSession(storage.council), 2) })).rejects.toThrow(
        JournalOrderError,
      )
      expect(await countJournal(tx, of)).toBe(2)
      expect(await readJournal(tx, session.id)).toEqual([0, 1].map((n) => ({ recorder, line: n, content: line(session, n) })))
      expect(await readJournalLine(tx, of, 1)).toEqual({ recorder, line: 1, content: line(session, 1) })
      expect(await readJournalLine(tx, of, 2)).toBeUndefined()
      expect(await readJournal(tx, session.id, recorderId.parse(newId()))).toEqual([])
    })
  })

  test('a receipt is for a line that is here, and for one version for ever', async () => {
    await inSession(async (tx, session) => {
      await appendJournalLine(tx, { session: session.id, recorder, line: 0, content: line(session, 0) })
      const receipt = { recorder, line: 0, key: 'k', version: 'v', sizeBytes: 10 }
      await putReceipt(tx, { session: session.id, ...receipt })
      await putReceipt(tx, { session: session.id, ...receipt })
      await expect(putReceipt(tx, { session: session.id, ...receipt, version: 'w' })).rejects.toThrow(/was confirmed as k version v/)
      expect(await readReceipts(tx, session.id)).toEqual([receipt])
    })
    await expect(
      inSession((tx, session) => putReceipt(tx, { session: session.id, recorder, line: 7, key: 'k', version: 'v', sizeBytes: 1 })),
    ).rejects.toThrow()
  })

  test('heads grow, get their time-stamp once, and the last word is the last', async () => {
    await inSession(async (tx, session) => {
      const of = { session: session.id, recorder }
      await appendHead(tx, { ...of, size: 2, rootHex: hex('2'), note: 'n2' })
      await appendHead(tx, { ...of, size: 5, rootHex: hex('5'), note: 'n5' })
      await appendHead(tx, { ...of, size: 2, rootHex: hex('2'), note: 'n2' })
      await expect(appendHead(tx, { ...of, size: 3, rootHex: hex('3'), note: 'n3' })).rejects.toThrow(JournalOrderError)
      await expect(appendHead(tx, { ...of, size: 5, rootHex: hex('x'), note: 'n5' })).rejects.toThrow(JournalOrderError)
      await setHeadToken(tx, { ...of, size: 5, tokenBase64: 'AAAA', late: true })
      await setHeadToken(tx, { ...of, size: 5, tokenBase64: 'BBBB', late: false })
      expect(await readHeads(tx, session.id)).toEqual([
        { recorder, size: 2, rootHex: hex('2'), note: 'n2' },
        { recorder, size: 5, rootHex: hex('5'), note: 'n5', tokenBase64: 'AAAA', late: true },
      ])
      await putFinished(tx, { ...of, lines: 5 })
      await putFinished(tx, { ...of, lines: 5 })
      await expect(putFinished(tx, { ...of, lines: 6 })).rejects.toThrow(/finished with 5 lines/)
      expect(await readFinished(tx, session.id)).toEqual([{ recorder, lines: 5 }])
    })
  })
})

describe('what is made of a recording', () => {
  const words = (session: string, version: number) =>
    transcript.parse({
      v: 1,
      session,
      version,
      languages: ['gl'],
      engine: { name: 'e', build: 'b' },
      model: null,
      evidence: [],
      utterances: [],
    })

  test('evidence, plan, results of chunks and captions', async () => {
    await inSession(async (tx, { id }) => {
      await putEvidence(tx, { session: id, kind: 'seats', ...at('a') })
      await putEvidence(tx, { session: id, kind: 'seats', ...at('b') })
      expect(await readEvidence(tx, id)).toEqual([{ kind: 'seats', ...at('b') }])
      expect(await readChunkPlan(tx, id)).toBeUndefined()
      await putChunkPlan(tx, id, { chunks: [1, 2] })
      await putChunkPlan(tx, id, [{ fromMs: 0 }])
      expect(await readChunkPlan(tx, id)).toEqual([{ fromMs: 0 }])
      await putChunkResult(tx, { session: id, chunk: 1, key: 'one', result: { text: 'ola' } })
      await putChunkResult(tx, { session: id, chunk: 1, key: 'one', result: { text: 'outra' } })
      await putChunkResult(tx, { session: id, chunk: 0, key: 'zero', result: [] })
      expect(await readChunkResults(tx, id, ['one', 'zero', 'none'])).toEqual([
        { chunk: 0, key: 'zero', result: [] },
        { chunk: 1, key: 'one', result: { text: 'ola' } },
      ])
      expect(await readChunkResults(tx, id, [])).toEqual([])
      await putCaptions(tx, id, 'gl', at('c'))
      expect(await readCaptions(tx, id)).toEqual([{ language: 'gl', ...at('c') }])
    })
  })

  test('versions of a transcript follow one another', async () => {
    await inSession(async (tx, { id }) => {
      expect(await readTranscript(tx, id)).toBeUndefined()
      await putTranscript(tx, words(id, 1), at('t1'))
      await putTranscript(tx, words(id, 1), at('t1'))
      await expect(putTranscript(tx, words(id, 1), at('other'))).rejects.toThrow(TranscriptVersionError)
      await expect(putTranscript(tx, words(id, 3), at('t3'))).rejects.toThrow(/expected 2/)
      await putTranscript(tx, words(id, 2), at('t2'))
      expect(await readTranscript(tx, id)).toEqual({ transcript: words(id, 2), ...at('t2') })
    })
  })

  test('of two who write the next version of an acta, one is told to read again', async () => {
    const session = await inSession(async (_tx, of) => of)
    const version = (number: number, text: string): Acta =>
      acta.parse({
        v: 1,
        session: session.id,
        version: number,
        language: 'gl',
        blocks: [{ kind: 'title', id: 't', sentences: [{ id: 's', text, language: 'gl', origin: 'person', sources: [] }] }],
      })
    await within((tx) => putActa(tx, version(1, 'un'), 'escano'))
    await within((tx) => putActa(tx, version(1, 'un'), 'escano'))
    const both = await Promise.allSettled(['dous', 'tres'].map((text) => within((tx) => putActa(tx, version(2, text), text))))
    expect(both.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(both.find((one) => one.status === 'rejected')?.reason).toBeInstanceOf(ActaVersionError)
    await within(async (tx) => {
      expect((await readActa(tx, session.id))?.version).toBe(2)
      expect(await readActa(tx, session.id, 1)).toEqual(version(1, 'un'))
      expect((await listActaVersions(tx, session.id)).map((one) => one.version)).toEqual([1, 2])
    })
  })

  test('revisions of a document count from one per kind', async () => {
    await inSession(async (tx, { id }) => {
      const document = { session: id, kind: 'acta-pdf' as const, revision: 1, sizeBytes: 5_000_000_000, createdAtMs: 7, ...at('p1') }
      await putDocument(tx, document)
      await putDocument(tx, { ...document, createdAtMs: 8 })
      await expect(putDocument(tx, { ...document, revision: 3, ...at('p3') })).rejects.toThrow(DocumentRevisionError)
      await expect(putDocument(tx, { ...document, ...at('p2') })).rejects.toThrow(DocumentRevisionError)
      await putDocument(tx, { ...document, revision: 2, ...at('p2') })
      await putDocument(tx, { ...document, kind: 'master', ...at('m') })
      const { session: _, ...first } = document
      expect((await readDocuments(tx, id, 'acta-pdf'))[0]).toEqual(first)
      expect((await readDocuments(tx, id)).map((one) => `${one.kind} ${one.revision}`)).toEqual(['acta-pdf 1', 'acta-pdf 2', 'master 1'])
    })
  })
})

describe('the log and the book of a council', () => {
  const entry = (ref: string) => ({ v: 1 as const, time: '2026-11-23T10:00:00Z', kind: 'published' as const, hashes: [hex(ref)], ref })

  test('the log numbers its entries without gaps, also when many write at once', async () => {
    const indexes = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((ref) => within((tx) => appendLogEntry(tx, entry(ref)))))
    expect([...indexes].sort()).toEqual([0, 1, 2, 3, 4, 5])
    const entries = await within((tx) => readLogEntries(tx, 4))
    expect(entries).toHaveLength(2)
    expect(entries[0]?.kind).toBe('published')
  })

  test('a log has one checkpoint of each size', async () => {
    await within(async (tx) => {
      await putCheckpoint(tx, { size: 6, note: 'n6', tokenBase64: 'AAAA' })
      await putCheckpoint(tx, { size: 7, note: 'n7' })
      await putCheckpoint(tx, { size: 6, note: 'n6', tokenBase64: 'AAAA' })
      await expect(putCheckpoint(tx, { size: 6, note: 'other' })).rejects.toThrow(CheckpointConflictError)
      expect(await readCheckpoints(tx)).toEqual([
        { size: 6, note: 'n6', tokenBase64: 'AAAA' },
        { size: 7, note: 'n7' },
      ])
    })
  })

  test('the book has no gaps, and each acta names the one before', async () => {
    const sessions = await Promise.all([1, 2, 3].map(() => inSession(async (_tx, of) => of.id)))
    const entryOf = (number: number, previous: string) => ({
      year: 2026,
      number,
      session: sessions[number - 1] ?? eventId.parse(newId()),
      sha256: hex(`acta ${number}`),
      previousHash: previous,
    })
    const bind = (number: number, previous: string) =>
      within((tx) => putBookEntry(tx, entryOf(number, previous) as Parameters<typeof putBookEntry>[1]))
    await bind(1, '0'.repeat(64))
    await bind(1, '0'.repeat(64))
    await expect(bind(3, hex('acta 1'))).rejects.toThrow(/expected 2/)
    await expect(bind(2, hex('x'))).rejects.toThrow(BookOrderError)
    await bind(2, hex('acta 1'))
    expect((await within((tx) => readBook(tx, 2026))).map((one) => one.number)).toEqual([1, 2])
  })
})

import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openAgentIdentity } from '../../../recorder/agent-identity.ts'
import { requestPurpose } from '../../../recorder/control-protocol.ts'
import { emptyFrontier } from '../../../storage/custody/frontier.ts'
import { signHead, treeOrigin } from '../../../storage/custody/journal-tree.ts'
import { newId, type SessionId, sessionId } from '../../../storage/model/ids.ts'
import type { SegmentLine } from '../../../storage/model/recording.ts'
import { segmentKey } from '../../../storage/objects/object-keys.ts'
import { appendHead, appendJournalLine, readHeads } from '../../../storage/records/journal.ts'
import { enrolRecorder } from '../../../storage/records/recorders.ts'
import { putSession } from '../../../storage/records/sessions.ts'
import { HeadStamps } from '../../../web/agent/head-stamps.ts'
import { MessageKeeper } from '../../../web/agent/keep-message.ts'
import { CredentialCheck } from '../../../web/agent/recorder-credential.ts'
import { openTestStorage, type TestStorage, testSession } from '../../servers/test-storage.ts'
import { type Chamber, enrolChamber, startAgentServer, type TestServer } from './chamber.ts'

const refusing = { name: 'none', respond: () => Promise.reject(new Error('the authority is down')) }

let storage: TestStorage
let server: TestServer
let chamber: Chamber
beforeAll(async () => {
  storage = await openTestStorage()
  server = await startAgentServer(storage, refusing)
  chamber = await enrolChamber(storage, server.url)
})
afterAll(async () => {
  await chamber?.[Symbol.asyncDispose]()
  await server?.[Symbol.asyncDispose]()
  await storage?.[Symbol.asyncDispose]()
})

const bytes = Buffer.from('four seconds of a plenary session')
const hash = (of: Uint8Array | string) => createHash('sha256').update(of).digest('hex')

async function newSession(): Promise<SessionId> {
  const session = testSession(storage.council, { slug: `s-${newId()}` })
  await storage.database.inCouncil(storage.council.id, (tx) => putSession(tx, session))
  return session.id
}

function segment(session: SessionId, changes: Partial<SegmentLine> = {}): SegmentLine {
  const { recorder } = chamber.enrolment
  const times = { ptsMs: 0, durationMs: 4000, wallMs: 1, monotonicNs: '1', boot: 'b' }
  return { v: 1, session, recorder, part: 0, track: 'master', index: 0, sha256: hash(bytes), bytes: bytes.length, ...times, ...changes }
}

function authorization(path: string, body: string, of = chamber.identity): string {
  return `Escano ${Buffer.from(JSON.stringify(of.credential(requestPurpose(path, hash(body))))).toString('base64')}`
}

async function ask(path: string, of: unknown, header?: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const body = JSON.stringify(of)
  const headers = { 'Content-Type': 'application/json', Authorization: header ?? authorization(path, body) }
  const response = await fetch(server.url + path, { method: 'POST', headers, body })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

const md5 = createHash('md5').update(bytes).digest('base64')
const ticketFor = (line: SegmentLine) => ask('/agent/ticket', { session: line.session, leaf: 0, line, md5 })
const receiptFor = (line: SegmentLine) => ask('/agent/receipt', { session: line.session, leaf: 0, line })
const journal = (line: SegmentLine) =>
  storage.database.inCouncil(storage.council.id, (tx) =>
    appendJournalLine(tx, { session: line.session, recorder: line.recorder, line: 0, content: line }),
  )

async function put(ticket: Record<string, unknown>, what: Uint8Array): Promise<number> {
  const headers = Object.entries(ticket.headers as Record<string, string>).filter(([name]) => name !== 'content-length')
  const response = await fetch(new URL(String(ticket.url), server.url), { method: 'PUT', headers, body: new Uint8Array(what) })
  await response.arrayBuffer()
  return response.status
}

describe('a segment on its way to the store', () => {
  test('gets a ticket, is put, and gets a receipt for what was read back', async () => {
    const line = segment(await newSession())
    await journal(line)
    const ticket = await ticketFor(line)
    expect(ticket.status).toBe(200)
    expect(await put(ticket.body, bytes)).toBe(200)
    expect(await receiptFor(line)).toEqual({
      status: 200,
      body: { key: segmentKey(storage.council.id, line), version: '1', sha256: line.sha256, sizeBytes: bytes.length },
    })
    // The answer may get lost: asked again, it is the same.
    expect((await receiptFor(line)).status).toBe(200)
  })

  test('with one byte changed on the way is refused and is not in the store', async () => {
    const line = segment(await newSession())
    await journal(line)
    const ticket = await ticketFor(line)
    const changed = Buffer.from(bytes)
    changed[3] = (changed[3] ?? 0) ^ 1
    expect(await put(ticket.body, changed)).toBe(422)
    expect(await put(ticket.body, Buffer.concat([bytes, bytes]))).toBe(413)
    expect(await storage.objects.head(segmentKey(storage.council.id, line))).toBeUndefined()
    expect((await receiptFor(line)).status).toBe(409)
    const forged = { ...ticket.body, url: String(ticket.body.url).replace('length=', 'length=9') }
    expect(await put(forged, bytes)).toBe(403)
  })

  test('that the disk changed after it was put gets no receipt', async () => {
    const line = segment(await newSession())
    await journal(line)
    await put((await ticketFor(line)).body, bytes)
    await writeFile(join(storage.config.data, 'objects', segmentKey(storage.council.id, line)), Buffer.alloc(bytes.length, 7))
    expect(await receiptFor(line)).toMatchObject({ status: 422, body: { error: expect.stringMatching(/the store holds/) } })
  })

  test('gets no receipt before its line is known, nor for another line than the journal has', async () => {
    const line = segment(await newSession())
    // Not 409: that would say that it is not in the store, and have it put there twice.
    expect((await receiptFor(line)).status).toBe(424)
    await journal(line)
    expect((await receiptFor({ ...line, durationMs: 4001 })).status).toBe(403)
  })

  test('of another recorder, of an unknown session, or too large gets no ticket', async () => {
    const line = segment(await newSession())
    const foreign = { ...line, recorder: newId() as SegmentLine['recorder'] }
    expect((await ticketFor(foreign)).status).toBe(403)
    expect((await ticketFor(segment(sessionId.parse(newId())))).status).toBe(404)
    expect((await ticketFor({ ...line, bytes: 1e9 })).status).toBe(413)
    expect((await ask('/agent/ticket', { session: 'x' })).status).toBe(400)
  })
})

describe('whoever asks', () => {
  test('without a credential, with one of another request, or with one used before is refused', async () => {
    const line = segment(await newSession())
    const body = JSON.stringify({ session: line.session, leaf: 0, line, md5 })
    const asked = JSON.parse(body) as unknown
    expect((await ask('/agent/ticket', asked, 'Escano e30=')).status).toBe(401)
    expect((await ask('/agent/ticket', asked, 'Bearer x')).status).toBe(401)
    expect((await ask('/agent/ticket', asked, authorization('/agent/receipt', body))).status).toBe(401)
    expect((await ask('/agent/ticket', asked, authorization('/agent/ticket', `${body} `))).status).toBe(401)
    const once = authorization('/agent/ticket', body)
    expect((await ask('/agent/ticket', asked, once)).status).toBe(200)
    expect(await ask('/agent/ticket', asked, once)).toMatchObject({ status: 401, body: { error: expect.stringMatching(/used before/) } })
  })

  test('with the key of another recorder, from another hour, or revoked is refused', async () => {
    const check = new CredentialCheck(storage)
    await using other = await enrolChamber(storage, server.url)
    const posing = await openAgentIdentity(chamber.enrolment, other.keyFile)
    await expect(check.verify(posing.credential('link'), 'link')).rejects.toThrow(/signature of this recorder does not fit/)
    await expect(check.verify(chamber.identity.credential('link', 3_600_000), 'link')).rejects.toThrow(/clocks differ by 3600 s/)
    await expect(check.verify({ recorder: 'x' }, 'link')).rejects.toThrow(/no credential/)
    const { recorder: id, council } = other.enrolment
    const publicKeyBase64 = Buffer.from(other.identity.publicKey).toString('base64')
    await expect(check.verify(other.identity.credential('link'), 'link')).resolves.toMatchObject({ dir3: storage.council.dir3 })
    await storage.database.inCouncil(council, (tx) => enrolRecorder(tx, { id, name: 'Salón', publicKeyBase64, revokedAtMs: 1 }))
    await expect(check.verify(other.identity.credential('link'), 'link')).rejects.toThrow(/not enrolled/)
  })
})

describe('a head', () => {
  const known = () => ({
    council: storage.council.id,
    dir3: storage.council.dir3,
    recorder: { id: chamber.enrolment.recorder, name: 'Salón', publicKeyBase64: '' },
    publicKey: chamber.identity.publicKey,
  })
  const envelope = (session: SessionId, seq: number) => ({ id: newId() as never, seq, session, monotonicNs: '1', wallMs: 1, boot: 'b' })

  test('that another key signed, of another root, or of more lines than there are is refused', async () => {
    const session = await newSession()
    const keeper = new MessageKeeper(storage)
    const line = segment(session)
    expect(await keeper.keep(known(), { ...envelope(session, 1), type: 'journal', line: 0, content: line })).toBe(true)
    expect(await keeper.keep(known(), { ...envelope(session, 1), type: 'journal', line: 0, content: line })).toBe(false)
    const origin = treeOrigin(storage.council.dir3, session, chamber.enrolment.recorder)
    const { appendLeaf } = await import('../../../storage/custody/frontier.ts')
    const { lineLeafHash } = await import('../../../storage/custody/journal-tree.ts')
    const right = appendLeaf(emptyFrontier, lineLeafHash(line))
    const wrong = appendLeaf(emptyFrontier, lineLeafHash({ ...line, durationMs: 1 }))
    const say = async (tree: typeof right, signer = chamber.identity) =>
      keeper.keep(known(), { ...envelope(session, 2), type: 'head', note: await signHead(tree, signer.noteSigner(origin)) })
    await using other = await enrolChamber(storage, server.url)
    await expect(say(right, other.identity)).rejects.toMatchObject({ name: 'NoteUnknownKeyError' })
    await expect(say(wrong)).rejects.toThrow(/another root than the journal gives/)
    await expect(say(appendLeaf(right, lineLeafHash(line)))).rejects.toThrow(/the journal has 1/)
    expect(await say(right)).toBe(true)
    // What was kept is kept: the same again is no error, another line in its place is.
    expect(await say(right)).toBe(true)
    await expect(
      keeper.keep(known(), { ...envelope(session, 3), type: 'journal', line: 0, content: { ...line, durationMs: 1 } }),
    ).rejects.toThrow(/kept with other content/)
    await expect(keeper.keep(known(), { ...envelope(session, 3), type: 'journal', line: 5, content: line })).rejects.toThrow(
      /came before line 1/,
    )
  })

  test('is the last of a journal whose recorder said its last word: a line behind it is refused', async () => {
    const session = await newSession()
    const keeper = new MessageKeeper(storage)
    const line = segment(session)
    await keeper.keep(known(), { ...envelope(session, 1), type: 'journal', line: 0, content: line })
    await keeper.keep(known(), { ...envelope(session, 2), type: 'finished', lines: 1 })
    expect(await keeper.keep(known(), { ...envelope(session, 1), type: 'journal', line: 0, content: line })).toBe(false)
    await expect(
      keeper.keep(known(), { ...envelope(session, 3), type: 'journal', line: 1, content: { ...line, index: 1 } }),
    ).rejects.toThrow(/follows the last word/)
  })

  test('waits while the authority is down, and its token is then marked late', async () => {
    const session = await newSession()
    const { recorder } = chamber.enrolment
    const { council } = storage
    await journal(segment(session))
    await storage.database.inCouncil(council.id, (tx) => appendHead(tx, { session, recorder, size: 1, rootHex: hash('r'), note: 'n\n' }))
    let up = false
    const { startOpensslAuthority } = await import('../../servers/openssl-authority.ts')
    await using authority = await startOpensslAuthority()
    await using stamps = new HeadStamps(storage, async () => (up ? authority.timeStamps : refusing), pino({ level: 'silent' }))
    const head = { council: council.id, session, recorder, size: 1, note: 'n\n', signedMs: Date.now() - 11 * 60_000 }
    await stamps.add(head)
    const read = async () => (await storage.database.inCouncil(council.id, (tx) => readHeads(tx, session)))[0]
    expect((await read())?.tokenBase64).toBeUndefined()
    up = true
    expect(await stamps.stampLast(head)).toBe(true)
    expect(await read()).toMatchObject({ late: true, tokenBase64: expect.any(String) })
  })
})

import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readClock } from '../../recorder/clock.ts'
import { recoverSpool } from '../../recorder/recover-spool.ts'
import { SegmentSpool, SpoolDamagedError } from '../../recorder/segment-spool.ts'
import { openHead, treeOrigin } from '../../storage/custody/journal-tree.ts'
import { makeNoteKey, noteSigner } from '../../storage/custody/note-key.ts'
import { openSealed } from '../../storage/custody/sealing.ts'
import { sha256Now, toHex } from '../../storage/custody/sha256.ts'
import { newId } from '../../storage/model/ids.ts'
import { isSealedLine } from '../../storage/model/recording.ts'
import { findFfmpeg } from '../../storage/programs/ffmpeg.ts'
import { FolderLock } from '../../storage/programs/folder-lock.ts'
import { readProcessIdentity } from '../../storage/programs/process-identity.ts'
import { cutSample } from '../servers/sample-media.ts'
import { segmentsOf } from './recorded.ts'

let folder: string
const identity = { session: newId(), recorder: newId() }
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'escano-spool-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function write(spool: SegmentSpool, index: number, bytes: Uint8Array | string): Promise<void> {
  const path = spool.segmentPath({ part: 0, index })
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, bytes)
}

const closed = (index: number) => ({ part: 0, index, ptsMs: index * 4000, durationMs: 4000, clock: readClock(), tail: false })

describe('a spool', () => {
  test('opened again has the same lines and the same root, without a last line that was cut short', async () => {
    const spool = await SegmentSpool.open(join(folder, 's'), identity)
    await write(spool, 0, 'zero')
    await write(spool, 1, 'one')
    await spool.keepSegment(closed(0))
    await spool.keepSegment(closed(1))
    await spool.keepReceipt(0, { key: 'k', version: '1', sha256: 'a'.repeat(64), sizeBytes: 4 })
    const { root } = spool
    await spool[Symbol.asyncDispose]()
    const journal = join(folder, 's', 'journal.jsonl')
    const whole = await readFile(journal)
    await appendFile(journal, whole.subarray(0, 77))
    await appendFile(join(folder, 's', 'receipts.jsonl'), '{"leaf":1,"rec')
    await using again = await SegmentSpool.open(join(folder, 's'), identity)
    expect(again.lines.length).toBe(2)
    expect(again.root).toBe(root)
    expect(again.unconfirmed().map(({ leaf }) => leaf)).toEqual([1])
    expect(await readFile(journal)).toEqual(whole)
  })

  test('keeps a sealed segment in the clear until the store has it, and not a moment longer, wherever the power is cut', async () => {
    const identities = [await generateX25519Identity(), await generateX25519Identity()]
    const recipients = await Promise.all(identities.map((one) => identityToRecipient(one)))
    const spool = await SegmentSpool.open(join(folder, 's'), identity)
    await write(spool, 0, 'aberto')
    await write(spool, 1, 'secreto')
    await spool.keepSegment(closed(0))
    await spool.sealPart(0, recipients)
    // Cut off after the encryption and before the line: what lies there is made anew.
    await writeFile(`${spool.segmentPath({ part: 0, index: 1 })}.age`, 'a medias')
    const line = await spool.keepSegment(closed(1))
    if (line === undefined || !isSealedLine(line)) throw new Error('it was not sealed')
    const locked = await readFile(spool.storedPath(line))
    expect(toHex(sha256Now(locked))).toBe(line.sha256)
    for (const one of identities) expect(new TextDecoder().decode(await openSealed(locked, [one]))).toBe('secreto')
    expect(locked.includes('secreto')).toBe(false)
    expect(segmentsOf(spool).length).toBe(1)
    expect(spool.endsSealed('master')).toBe(true)
    expect(await readFile(spool.segmentPath(line), 'utf8')).toBe('secreto')
    const receipt = { key: 'k', version: '1', sha256: line.sha256, sizeBytes: line.bytes }
    await spool[Symbol.asyncDispose]()
    // Cut off after the receipt and before the removal.
    await appendFile(join(folder, 's', 'receipts.jsonl'), `${JSON.stringify({ leaf: 1, receipt })}\n`)
    await using again = await SegmentSpool.open(join(folder, 's'), identity)
    await expect(readFile(again.segmentPath(line))).rejects.toThrow(/ENOENT/)
    expect(await readFile(again.storedPath(line))).toEqual(locked)
    expect(await again.sealOf(0)).toEqual(recipients)
    expect(await readFile(again.segmentPath({ part: 0, index: 0 }), 'utf8')).toBe('aberto')
  })

  test('with a damaged line in its middle, or of another session, is refused and left as it is', async () => {
    const spool = await SegmentSpool.open(join(folder, 's'), identity)
    await write(spool, 0, 'zero')
    await spool.keepSegment(closed(0))
    await spool[Symbol.asyncDispose]()
    await expect(SegmentSpool.open(join(folder, 's'), { ...identity, session: newId() })).rejects.toThrow(SpoolDamagedError)
    const journal = join(folder, 's', 'journal.jsonl')
    const damaged = (await readFile(journal, 'utf8')).replace('"part":0', '"part": 0')
    await writeFile(journal, damaged)
    await expect(SegmentSpool.open(join(folder, 's'), identity)).rejects.toThrow(/line 1 of the journal is no canonical journal line/)
    expect(await readFile(journal, 'utf8')).toBe(damaged)
  })

  test('never takes an empty file for a segment', async () => {
    await using spool = await SegmentSpool.open(join(folder, 's'), identity)
    await write(spool, 0, '')
    expect(await spool.keepSegment(closed(0))).toBeUndefined()
    expect(spool.lines).toEqual([])
  })

  test('signs heads that grow with it, and none twice', async () => {
    const key = await makeNoteKey()
    const origin = treeOrigin('L01000001', identity.session, identity.recorder)
    await using spool = await SegmentSpool.open(join(folder, 's'), { ...identity, signer: await noteSigner(origin, key) })
    expect(await spool.signHead()).toBeUndefined()
    await write(spool, 0, 'zero')
    await spool.keepSegment(closed(0))
    const note = await spool.signHead()
    expect(await openHead(note ?? '', origin, [key.publicKey])).toMatchObject({ size: 1 })
    expect(await spool.signHead()).toBeUndefined()
    await spool.keepEvent({ id: newId(), sha256: 'b'.repeat(64) })
    expect(await openHead((await spool.signHead()) ?? '', origin, [key.publicKey])).toMatchObject({ size: 2 })
  })
})

describe('after a power cut', () => {
  test('segments without a line are journalled where they belong, the one cut short as tail', async () => {
    const ffmpeg = await findFfmpeg(process.env)
    const cut = await cutSample(16)
    await using spool = await SegmentSpool.open(join(folder, 's'), identity)
    for (const [index, one] of cut.slice(0, 3).entries())
      await write(spool, index, index === 2 ? one.bytes.subarray(0, one.bytes.length / 2) : one.bytes)
    await writeFile(join(spool.partFolder(0), 'list.csv'), 's00000.ts,0.000000,4.021333\ns00001.ts,4.021333,8.021333\ns00002')
    await spool.keepSegment({ ...closed(0), durationMs: 4021 })
    const sole = { id: 'main', speed: 1, tracks: ['master'], origin: undefined }
    expect(await recoverSpool(spool, ffmpeg, sole, true)).toBeUndefined()
    const [, second, tail, ...more] = segmentsOf(spool)
    expect(more).toEqual([])
    expect(second).toMatchObject({ index: 1, ptsMs: 4021, durationMs: 4000, sha256: cut[1]?.sha256 })
    expect(tail).toMatchObject({ index: 2, ptsMs: 8021, tail: true })
    expect(tail?.durationMs).toBeGreaterThan(1000)
    expect(tail?.durationMs).toBeLessThan(3500)
    // Twice is once.
    await recoverSpool(spool, ffmpeg, sole, true)
    expect(spool.lines.length).toBe(3)
  })
})

describe('a folder', () => {
  test('belongs to one process; the lock of one that is gone, or whose number another got, is taken over', async () => {
    const held = await FolderLock.take(folder, 'a recorder')
    await expect(FolderLock.take(folder, 'a recorder')).rejects.toThrow(new RegExp(`is in use by a recorder \\(process ${process.pid}\\)`))
    await held[Symbol.asyncDispose]()
    const self = await readProcessIdentity(process.pid)
    for (const stale of [{ pid: 4_190_000, startTime: '1', who: 'x' }, { pid: self?.pid, startTime: '1', who: 'x' }, '{"pi']) {
      await writeFile(join(folder, '.lock'), typeof stale === 'string' ? stale : JSON.stringify(stale))
      await using _lock = await FolderLock.take(folder, 'a recorder')
    }
  })
})

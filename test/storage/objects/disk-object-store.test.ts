import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../../storage/model/ids.ts'
import { DiskObjectStore } from '../../../storage/objects/disk-object-store.ts'
import { TicketRefusedError, verifyDiskTicket } from '../../../storage/objects/disk-tickets.ts'
import { probeLock } from '../../../storage/objects/lock-probe.ts'
import { LockRefusedError } from '../../../storage/objects/object-store.ts'
import { objectStoreContract, options, wantedFor } from './object-store-contract.ts'

let folder: string
let store: DiskObjectStore
const secret = randomBytes(32).toString('hex')
const key = () => `councils/${newId()}/live/a/b.ts`

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'escano-disk-'))
  store = new DiskObjectStore(join(folder, 'objects'), { publicUrl: 'https://example.org/escano', secret })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('the disk store', () => {
  objectStoreContract({
    open: async () => store,
    put: (url, _headers, bytes) =>
      store.receive(url, bytes).then(
        () => 200,
        () => 403,
      ),
  })

  test('leaves no draft behind, neither of what was kept nor of what was refused', async () => {
    const at = key()
    const bytes = randomBytes(10)
    await store.put(at, bytes, options(bytes))
    await store.put(at, bytes, options(bytes))
    await store.put(at, randomBytes(10), options(randomBytes(10))).catch(() => undefined)
    const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter(
      (entry) => entry.isFile() && entry.name.endsWith('.tmp'),
    )
    expect(files).toEqual([])
  })

  test('keeps its files closed to other users', async () => {
    const at = key()
    await store.put(at, randomBytes(0), options(randomBytes(0)))
    expect((await stat(join(folder, 'objects', at))).mode & 0o077).toBe(0)
  })

  test('says that it holds no lock, and so holds no custody', async () => {
    const at = key()
    const bytes = randomBytes(10)
    const { version } = await store.put(at, bytes, options(bytes))
    await expect(store.lock(at, version, { mode: 'compliance', untilMs: Date.now() + 60_000 })).rejects.toThrow(LockRefusedError)
    expect(await store.retention(at, version)).toBeUndefined()
    expect(await probeLock(undefined)).toMatchObject({ compliance: false, governance: false })
  })
})

describe('a ticket of the disk store', () => {
  test('opens from the whole address and from its path, with the key it names', async () => {
    const at = key()
    const bytes = randomBytes(10)
    const { url } = await store.ticket(at, wantedFor(bytes))
    expect(url.startsWith('https://example.org/escano/agent/objects/councils/')).toBe(true)
    expect(verifyDiskTicket(url, secret)).toMatchObject({ key: at, ...wantedFor(bytes) })
    expect(verifyDiskTicket(url.slice('https://example.org/escano'.length), secret).key).toBe(at)
  })

  test.each(['expires', 'length', 'md5', 'sha256', 'type', 'sig'])('is refused when its %s was changed or taken away', async (name) => {
    const { url } = await store.ticket(key(), wantedFor(randomBytes(10)))
    const changed = new URL(url)
    const value = changed.searchParams.get(name) ?? ''
    changed.searchParams.set(
      name,
      name === 'expires' || name === 'length' ? String(Number(value) + 1) : value.replace(/^./, (c) => (c === 'a' ? 'b' : 'a')),
    )
    expect(() => verifyDiskTicket(changed.href, secret)).toThrow(TicketRefusedError)
    changed.searchParams.delete(name)
    expect(() => verifyDiskTicket(changed.href, secret)).toThrow(TicketRefusedError)
  })

  test('is refused past its time, with another secret, and when it is no ticket', async () => {
    const { url, expiresAtMs } = await store.ticket(key(), wantedFor(randomBytes(10)))
    expect(() => verifyDiskTicket(url, secret, expiresAtMs + 1)).toThrow(/past its time/)
    expect(() => verifyDiskTicket(url, `${secret}x`)).toThrow(TicketRefusedError)
    for (const wrong of ['', 'http://[', '/agent/objects/%E0%A4%A', '/elsewhere?sig=x']) {
      expect(() => verifyDiskTicket(wrong, secret)).toThrow(TicketRefusedError)
    }
  })
})

import { randomBytes } from 'node:crypto'
import { DeleteObjectCommand, PutBucketPolicyCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../../storage/model/ids.ts'
import { probeLock } from '../../../storage/objects/lock-probe.ts'
import { LockRefusedError, ObjectConflictError, StoreUnavailableError } from '../../../storage/objects/object-store.ts'
import { openS3Client } from '../../../storage/objects/s3-client.ts'
import { S3ObjectStore } from '../../../storage/objects/s3-object-store.ts'
import { type Ceph, missingCeph, startCeph } from '../../servers/ceph.ts'
import { freePort } from '../../servers/free-port.ts'
import { collect, objectStoreContract, options } from './object-store-contract.ts'

const missing = await missingCeph()
const skipped = missing === undefined ? '' : ` (skipped: ${missing} is not installed)`

describe.skipIf(missing !== undefined)(`the S3 store on a real Ceph${skipped}`, () => {
  let ceph: Ceph
  const key = () => `councils/${newId()}/custody/a/b.ts`
  beforeAll(async () => {
    ceph = await startCeph()
  })
  afterAll(async () => await ceph?.[Symbol.asyncDispose]())

  describe('keeps to the contract', () => {
    objectStoreContract({
      open: () => S3ObjectStore.open(ceph.config('contract'), { partBytes: 5 * 1024 * 1024 }),
      put: async (url, headers, bytes) =>
        (await fetch(url, { method: 'PUT', headers: withoutLength(headers), body: new Uint8Array(bytes) })).status,
    })
  })

  test('a lock is held: it can be read back and made longer, not shorter', async () => {
    await using store = await S3ObjectStore.open(ceph.config('locks'))
    const bytes = randomBytes(100)
    const { key: at, version } = await store.put(key(), bytes, options(bytes))
    expect(await store.retention(at, version)).toBeUndefined()
    const untilMs = Math.ceil(Date.now() / 1000) * 1000 + 20_000
    await store.lock(at, version, { mode: 'compliance', untilMs })
    expect(await store.retention(at, version)).toEqual({ mode: 'compliance', untilMs })
    await store.lock(at, version, { mode: 'compliance', untilMs: untilMs + 5000 })
    await expect(store.lock(at, version, { mode: 'compliance', untilMs })).rejects.toThrow(LockRefusedError)
    await expect(store.lock(at, version, { mode: 'governance', untilMs: untilMs + 9000 })).rejects.toThrow(LockRefusedError)
    expect(await store.retention(at, version)).toEqual({ mode: 'compliance', untilMs: untilMs + 5000 })
  })

  test('a key that somebody wrote over is an alarm, and its first version still reads', async () => {
    const config = ceph.config('overwritten')
    await using store = await S3ObjectStore.open(config)
    const bytes = randomBytes(100)
    const { key: at, version } = await store.put(key(), bytes, options(bytes))
    const client = openS3Client(config, config.endpoint)
    await client.send(new PutObjectCommand({ Bucket: config.bucket, Key: at, Body: randomBytes(100) }))
    await expect(store.head(at)).rejects.toThrow(ObjectConflictError)
    await expect(store.put(at, bytes, options(bytes))).rejects.toThrow(ObjectConflictError)
    expect(Buffer.from(await store.read(at, version)).equals(bytes)).toBe(true)
    client.destroy()
  })

  test('a list goes on over pages and leaves out what was deleted', async () => {
    const config = ceph.config('pages')
    await using store = await S3ObjectStore.open(config)
    const client = openS3Client(config, config.endpoint)
    const base = `councils/${newId()}/live/s/`
    const names = Array.from({ length: 1005 }, (_, index) => `${base}${String(index).padStart(4, '0')}.ts`)
    const put = (Key: string) => client.send(new PutObjectCommand({ Bucket: config.bucket, Key, Body: new Uint8Array([1]) }))
    for (let from = 0; from < names.length; from += 50) await Promise.all(names.slice(from, from + 50).map(put))
    await client.send(new DeleteObjectCommand({ Bucket: config.bucket, Key: names[3] }))
    const listed = await collect(store.list(base))
    expect(listed.map((one) => one.key)).toEqual(names.filter((_, index) => index !== 3))
    expect(await store.head(names[3] ?? '')).toBeUndefined()
    client.destroy()
  })

  test('the lock probe finds compliance held, and that the owner of the bucket can bypass governance', async () => {
    await using store = await S3ObjectStore.open(ceph.config('probe'))
    const probe = await probeLock(store.lockAttempts())
    expect(probe.findings.filter((one) => !one.refused).map((one) => `${one.mode} ${one.attempt}`)).toEqual([
      'governance bypass',
      'governance bypass',
    ])
    expect(probe).toMatchObject({ compliance: true, governance: false })
    expect(probe.findings).toHaveLength(14)
  })

  test('a product that has no right to bypass governance passes the lock probe whole', async () => {
    const config = ceph.config('two-keys')
    await (await S3ObjectStore.open(config))[Symbol.asyncDispose]()
    const product = await ceph.addUser('product')
    const archive = openS3Client(config, config.endpoint)
    const all = { Principal: { AWS: ['arn:aws:iam:::user/product'] }, Resource: ['arn:aws:s3:::two-keys', 'arn:aws:s3:::two-keys/*'] }
    const Statement = [
      { ...all, Effect: 'Allow', Action: 's3:*' },
      { ...all, Effect: 'Deny', Action: 's3:BypassGovernanceRetention' },
    ]
    await archive.send(new PutBucketPolicyCommand({ Bucket: 'two-keys', Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }))
    archive.destroy()
    await using store = await S3ObjectStore.open({ ...config, ...product })
    expect(await probeLock(store.lockAttempts())).toMatchObject({ compliance: true, governance: true })
  })

  test('wrong credentials, a store that is not there and a name that does not resolve are all «unavailable»', async () => {
    const right = ceph.config('contract')
    for (const wrong of [
      { ...right, secretKey: 'not-the-secret' },
      { ...right, accessKey: 'nobody' },
      { ...right, endpoint: `http://127.0.0.1:${await freePort()}` },
      { ...right, endpoint: 'http://store.invalid' },
    ]) {
      const error: unknown = await S3ObjectStore.open(wrong).then(
        () => undefined,
        (caught: unknown) => caught,
      )
      expect(error).toBeInstanceOf(StoreUnavailableError)
      expect(String(error)).not.toContain('not-the-secret')
    }
  })
})

/** fetch writes the length itself, and refuses to be told. */
function withoutLength(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'content-length'))
}

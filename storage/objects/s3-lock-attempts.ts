import { randomBytes } from 'node:crypto'
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  PutObjectRetentionCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import type { LockAttempt, LockAttempts, UploadWay } from './lock-probe.ts'
import { LockRefusedError, type RetentionMode } from './object-store.ts'
import { onS3, refusalOf, translateS3 } from './s3-client.ts'

/** Probes lie outside every council: no record ever names them. */
const prefix = 'probe/'
const lockMs = 60_000

/** The attempts of the lock probe on a bucket. */
export function s3LockAttempts(client: S3Client, bucket: string): LockAttempts {
  return {
    putLocked: (way, mode) => putLocked(client, bucket, way, mode),
    attempt: (kind, on) => attempt(client, { Bucket: bucket, Key: on.key, VersionId: on.version }, kind),
    sweep: () => sweep(client, bucket),
  }
}

interface At {
  Bucket: string
  Key: string
  VersionId: string
}

async function putLocked(client: S3Client, bucket: string, way: UploadWay, mode: RetentionMode): Promise<{ key: string; version: string }> {
  const to = { Bucket: bucket, Key: `${prefix}${way}-${mode}-${randomBytes(8).toString('hex')}` }
  const version = await onS3(`probe ${to.Key}`, () => (way === 'single' ? putSingle(client, to) : putMultipart(client, to)))
  if (version === undefined) throw new LockRefusedError(`bucket ${bucket} gives no version ids, so nothing in it can be locked`)
  const at = { ...to, VersionId: version }
  const Mode = mode === 'compliance' ? 'COMPLIANCE' : 'GOVERNANCE'
  const Retention = { Mode, RetainUntilDate: new Date(Date.now() + lockMs) } as const
  try {
    await client.send(new PutObjectRetentionCommand({ ...at, Retention }))
  } catch (error) {
    const refusal = refusalOf(error)
    if (refusal === undefined) throw translateS3(error, `lock of ${to.Key}`)
    throw new LockRefusedError(`bucket ${bucket} took no lock on a ${way} upload: ${refusal}`, { cause: error })
  }
  const held = await onS3(to.Key, () => client.send(new HeadObjectCommand(at)))
  if (held.ObjectLockMode !== Mode) throw new LockRefusedError(`bucket ${bucket} dropped the lock of a ${way} upload`)
  return { key: to.Key, version }
}

async function putSingle(client: S3Client, to: { Bucket: string; Key: string }): Promise<string | undefined> {
  return (await client.send(new PutObjectCommand({ ...to, Body: new Uint8Array([1]), ContentLength: 1 }))).VersionId
}

async function putMultipart(client: S3Client, to: { Bucket: string; Key: string }): Promise<string | undefined> {
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(to))
  const part = await client.send(new UploadPartCommand({ ...to, UploadId, PartNumber: 1, Body: new Uint8Array([1]), ContentLength: 1 }))
  const Parts = [{ PartNumber: 1, ...(part.ETag === undefined ? {} : { ETag: part.ETag }) }]
  return (await client.send(new CompleteMultipartUploadCommand({ ...to, UploadId, MultipartUpload: { Parts } }))).VersionId
}

async function attempt(client: S3Client, at: At, kind: LockAttempt): Promise<string | undefined> {
  const soon = new Date(Date.now() + 5000)
  const tries: Record<LockAttempt, () => Promise<unknown>> = {
    delete: () => client.send(new DeleteObjectCommand(at)),
    bypass: () => client.send(new DeleteObjectCommand({ ...at, BypassGovernanceRetention: true })),
    shorten: () => client.send(new PutObjectRetentionCommand({ ...at, Retention: { Mode: modeOf(at), RetainUntilDate: soon } })),
    downgrade: () =>
      client.send(
        new PutObjectRetentionCommand({ ...at, Retention: { Mode: 'GOVERNANCE', RetainUntilDate: new Date(Date.now() + 2 * lockMs) } }),
      ),
  }
  try {
    await tries[kind]()
    return undefined
  } catch (error) {
    const refusal = refusalOf(error)
    if (refusal === undefined) throw translateS3(error, `${kind} of ${at.Key}`)
    return refusal
  }
}

function modeOf(at: At): 'COMPLIANCE' | 'GOVERNANCE' {
  return at.Key.includes('-compliance-') ? 'COMPLIANCE' : 'GOVERNANCE'
}

async function sweep(client: S3Client, bucket: string): Promise<void> {
  const { Versions = [] } = await onS3('probes', () => client.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix })))
  for (const { Key, VersionId } of Versions) {
    // One that is still locked stays until the next probe.
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key, VersionId })).catch(() => undefined)
  }
}

import {
  CreateBucketCommand,
  GetBucketVersioningCommand,
  HeadBucketCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type ObjectVersion,
  PutBucketVersioningCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { ObjectConflictError, ObjectNotFoundError, type StoredObject, StoreUnavailableError } from './object-store.ts'
import { onS3 } from './s3-client.ts'

/**
 * Makes sure of a versioned bucket: made with Object Lock when it is missing, since a bucket cannot get the lock later everywhere.
 * @throws StoreUnavailableError it cannot be reached, made, or versioned
 */
export async function openBucket(client: S3Client, bucket: string): Promise<void> {
  const what = `bucket ${bucket}`
  const there = await onS3(what, () => client.send(new HeadBucketCommand({ Bucket: bucket }))).then(
    () => true,
    (error: unknown) => {
      if (error instanceof ObjectNotFoundError) return false
      throw error
    },
  )
  if (!there) await onS3(`making ${what}`, () => client.send(new CreateBucketCommand({ Bucket: bucket, ObjectLockEnabledForBucket: true })))
  const { Status } = await onS3(what, () => client.send(new GetBucketVersioningCommand({ Bucket: bucket })))
  if (Status === 'Enabled') return
  await onS3(`versioning of ${what}`, () =>
    client.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' } })),
  )
  const again = await onS3(what, () => client.send(new GetBucketVersioningCommand({ Bucket: bucket })))
  if (again.Status !== 'Enabled') throw new StoreUnavailableError(`${what} keeps no versions, and the store does not let us ask for them`)
}

/**
 * The version of a key that counts: the first that was put. Undefined when there is none, or when the key was deleted, though its
 * versions are still there.
 * @throws ObjectConflictError a later version has other bytes: somebody wrote over the key
 */
export async function firstVersion(client: S3Client, bucket: string, key: string): Promise<StoredObject | undefined> {
  for await (const found of listVersions(client, bucket, key)) if (found.key === key) return found
  return undefined
}

/** The first version of each key under a prefix, by key. @throws ObjectConflictError */
export async function* listVersions(client: S3Client, bucket: string, prefix: string): AsyncIterable<StoredObject> {
  for await (const versions of versionsByKey(client, bucket, prefix)) {
    for (const [at, version] of versions.slice(1).entries()) expectSameBytes(versions[at] ?? version, version)
    yield* versions.slice(-1).map(toStored)
  }
}

/** Every version of each key under a prefix, by key, the first that was put first; whatever bytes the others have. */
export async function* listEveryVersion(client: S3Client, bucket: string, prefix: string): AsyncIterable<StoredObject> {
  for await (const versions of versionsByKey(client, bucket, prefix)) yield* versions.toReversed().map(toStored)
}

/** The versions of one key after another, the newest first; keys that were deleted left out. */
async function* versionsByKey(client: S3Client, bucket: string, prefix: string): AsyncIterable<ObjectVersion[]> {
  let pending: ObjectVersion[] = []
  const deleted = new Set<string>()
  const stands = () => pending[0] !== undefined && !deleted.has(pending[0].Key ?? '')
  for await (const page of versionPages(client, bucket, prefix)) {
    for (const marker of page.DeleteMarkers ?? []) if (marker.IsLatest && marker.Key !== undefined) deleted.add(marker.Key)
    // A key's versions follow one another, the newest first (S3 API, ListObjectVersions); they may go on in the next page.
    for (const version of page.Versions ?? []) {
      if (pending[0]?.Key === version.Key) pending.push(version)
      else {
        if (stands()) yield pending
        pending = [version]
      }
    }
  }
  if (stands()) yield pending
}

async function* versionPages(client: S3Client, bucket: string, prefix: string): AsyncIterable<ListObjectVersionsCommandOutput> {
  let next: { KeyMarker?: string; VersionIdMarker?: string } = {}
  for (;;) {
    const asked = { Bucket: bucket, Prefix: prefix, ...next }
    const page: ListObjectVersionsCommandOutput = await onS3(`listing ${prefix}`, () => client.send(new ListObjectVersionsCommand(asked)))
    yield page
    if (!page.IsTruncated || page.NextKeyMarker === undefined) return
    next = { KeyMarker: page.NextKeyMarker, ...(page.NextVersionIdMarker ? { VersionIdMarker: page.NextVersionIdMarker } : {}) }
  }
}

/** An ETag is the MD5 of the bytes, but of an upload in parts it is not: such a one (it has a dash) tells nothing of the bytes. */
function expectSameBytes(later: ObjectVersion, earlier: ObjectVersion): void {
  const comparable = !later.ETag?.includes('-') && !earlier.ETag?.includes('-')
  if (later.Size === earlier.Size && (!comparable || later.ETag === earlier.ETag)) return
  throw new ObjectConflictError(
    `${later.Key} was written over: version ${later.VersionId} has other bytes than version ${earlier.VersionId}. Read it by its version`,
  )
}

function toStored(of: ObjectVersion): StoredObject {
  return { key: of.Key ?? '', version: of.VersionId ?? 'null', sizeBytes: of.Size ?? 0 }
}

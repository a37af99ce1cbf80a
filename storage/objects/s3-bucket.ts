import {
  CreateBucketCommand,
  GetBucketVersioningCommand,
  HeadBucketCommand,
  ListObjectVersionsCommand,
  type ObjectVersion,
  PutBucketVersioningCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { ObjectNotFoundError, StoreUnavailableError } from './object-store.ts'
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

/** Every version of one key, the first put first. None when the key was deleted, though its versions are still there. */
export async function versionsOf(client: S3Client, bucket: string, key: string): Promise<ObjectVersion[]> {
  const { Versions = [], DeleteMarkers = [] } = await onS3(key, () =>
    client.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key, MaxKeys: 1000 })),
  )
  if (DeleteMarkers.some((marker) => marker.Key === key && marker.IsLatest)) return []
  // The list has the newest version of a key first (S3 API, ListObjectVersions).
  return Versions.filter((version) => version.Key === key).reverse()
}

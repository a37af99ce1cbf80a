import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'

/** Where an upload goes. */
export interface S3Target {
  client: S3Client
  bucket: string
  key: string
  contentType: string
}

/** Parts of 64 MiB: 10,000 of them, the most S3 takes, hold 625 GiB. */
export const defaultPartBytes = 64 * 1024 * 1024

/** Puts bytes in one request; the store compares them with Content-MD5. @returns version id */
export async function putBytes(to: S3Target, bytes: Uint8Array): Promise<string | undefined> {
  const answer = await to.client.send(
    new PutObjectCommand({
      Bucket: to.bucket,
      Key: to.key,
      Body: bytes,
      ContentLength: bytes.length,
      ContentMD5: md5Base64(bytes),
      ContentType: to.contentType,
    }),
  )
  return answer.VersionId
}

/**
 * Puts a file, in parts when it is longer than one. Only one part is in memory at a time.
 * @returns version id
 */
export async function putPath(to: S3Target, path: string, partBytes: number): Promise<string | undefined> {
  await using file = await open(path, 'r')
  const { size } = await file.stat()
  const readPart = async (at: number): Promise<Uint8Array> => {
    const { bytesRead, buffer } = await file.read(new Uint8Array(Math.min(partBytes, size - at)), 0, Math.min(partBytes, size - at), at)
    return buffer.subarray(0, bytesRead)
  }
  if (size <= partBytes) return await putBytes(to, await readPart(0))
  const at = { Bucket: to.bucket, Key: to.key }
  const { UploadId } = await to.client.send(new CreateMultipartUploadCommand({ ...at, ContentType: to.contentType }))
  try {
    const parts: CompletedPart[] = []
    for (let from = 0; from < size; from += partBytes) parts.push(await putPart(to, UploadId, parts.length + 1, await readPart(from)))
    const answer = await to.client.send(new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts: parts } }))
    return answer.VersionId
  } catch (error) {
    // Parts of an upload that never completes are kept and paid for; when this fails too, the first error is the one that counts.
    await to.client.send(new AbortMultipartUploadCommand({ ...at, UploadId })).catch(() => undefined)
    throw error
  }
}

async function putPart(to: S3Target, uploadId: string | undefined, number: number, bytes: Uint8Array): Promise<CompletedPart> {
  const { ETag } = await to.client.send(
    new UploadPartCommand({
      Bucket: to.bucket,
      Key: to.key,
      UploadId: uploadId,
      PartNumber: number,
      Body: bytes,
      ContentLength: bytes.length,
      ContentMD5: md5Base64(bytes),
    }),
  )
  return { PartNumber: number, ...(ETag === undefined ? {} : { ETag }) }
}

function md5Base64(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('base64')
}

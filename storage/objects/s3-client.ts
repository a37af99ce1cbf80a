import { S3Client, S3ServiceException } from '@aws-sdk/client-s3'
import type { S3Config } from '../config.ts'
import { ObjectNotFoundError, StoreUnavailableError } from './object-store.ts'

/**
 * A client that also works with older servers: they answer the SDK's default trailing checksums with 411 and ignore its checksum
 * headers (study-custody.md §5.2), so integrity rests on Content-MD5 and on reading back.
 */
export function openS3Client(config: S3Config, endpoint: string | undefined): S3Client {
  return new S3Client({
    region: config.region,
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    credentials: { accessKeyId: config.accessKey, secretAccessKey: config.secretKey },
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 5000, requestTimeout: 120_000 },
  })
}

/** What the store answers, as the port promises it. `what` names the try in the message. */
export function translateS3(error: unknown, what: string): unknown {
  if (error instanceof S3ServiceException) {
    const status = error.$metadata.httpStatusCode ?? 0
    if (status === 404) return new ObjectNotFoundError(`${what}: it is not in the store`, { cause: error })
    if (status === 416) return new RangeError(`${what}: the bytes asked for begin past its end`)
    if (status === 401 || status === 403)
      return new StoreUnavailableError(`${what}: the store does not let us in (${error.name})`, { cause: error })
    if (status >= 500 || status === 429)
      return new StoreUnavailableError(`${what}: the store is in trouble (${error.name}, ${status})`, { cause: error })
    return error
  }
  if (error instanceof Error && isOfTheLine(error))
    return new StoreUnavailableError(`${what}: the store cannot be reached (${error.message || error.name})`, { cause: error })
  return error
}

/** What the store answered when it refused (4xx); undefined when it could not be asked, or is in trouble: then it refused nothing. */
export function refusalOf(error: unknown): string | undefined {
  if (!(error instanceof S3ServiceException)) return undefined
  const status = error.$metadata.httpStatusCode ?? 0
  return status >= 400 && status < 500 && status !== 429 ? `${error.name} (${status})` : undefined
}

/** Runs one try against the store. @throws what translateS3 makes of its failure */
export async function onS3<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw translateS3(error, what)
  }
}

const lineCodes = [
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ECONNABORTED',
]

function isOfTheLine(error: Error): boolean {
  if (error.name === 'TimeoutError') return true
  if (error instanceof AggregateError && error.errors.some((one) => one instanceof Error && isOfTheLine(one))) return true
  return 'code' in error && lineCodes.includes(String(error.code))
}

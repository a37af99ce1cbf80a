import { once } from 'node:events'
import { type IncomingMessage, request as overHttp } from 'node:http'
import { request as overHttps } from 'node:https'
import { setTimeout as wait } from 'node:timers/promises'
import type { TokenBucket } from './upload-lanes.ts'

/** Small enough that a capped line stays smooth, large enough that it costs nothing. */
const pieceBytes = 16 * 1024

/**
 * PUTs bytes at the pace of the bucket. The length is stated, so a store takes it as one plain body.
 * @returns status of the answer, whose body was read to its end
 * @throws the socket's own error, or the signal's reason
 */
export async function pacedPut(of: {
  url: URL
  headers: Record<string, string>
  bytes: Buffer
  bucket: TokenBucket
  signal: AbortSignal
}): Promise<number> {
  const { url, bytes, bucket, signal } = of
  const headers = { ...of.headers, 'content-length': String(bytes.length) }
  const request = (url.protocol === 'https:' ? overHttps : overHttp)(url, { method: 'PUT', headers, signal })
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve)
    request.on('error', reject)
  })
  // A store may refuse before it has all; whoever wins, the other's end is no error of its own.
  answered.catch(() => undefined)
  const sent = send().then(() => answered)
  sent.catch(() => undefined)
  const response = await Promise.race([answered, sent])
  for await (const _piece of response);
  return response.statusCode ?? 0

  async function send(): Promise<void> {
    const size = bucket.bytesPerSecond === undefined ? bytes.length : pieceBytes
    for (let at = 0; at < bytes.length; at += size) {
      const piece = bytes.subarray(at, at + size)
      const waitMs = bucket.take(piece.length)
      if (waitMs > 0) await wait(waitMs, undefined, { signal })
      if (request.destroyed) return
      if (!request.write(piece)) await Promise.race([once(request, 'drain', { signal }), answered])
    }
    request.end()
  }
}

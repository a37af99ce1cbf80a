import { once } from 'node:events'
import { type IncomingMessage, request as overHttp } from 'node:http'
import { Agent, type AgentOptions, request as overHttps } from 'node:https'
import { connect, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'
import type { TokenBucket } from './upload-lanes.ts'

/** Small enough that a capped line stays smooth, large enough that it costs nothing. */
const pieceBytes = 16 * 1024

/** The TCP connection under each TLS one: only that can be reset. */
const carriers = new WeakMap<Duplex, Socket>()

class CarriedTls extends Agent {
  override createConnection(options: ConnectionOptions & AgentOptions): Duplex {
    const carrier = connect({ host: options.host ?? 'localhost', port: options.port ?? 443 })
    const socket = connectTls({ ...options, socket: carrier })
    carriers.set(socket, carrier)
    return socket
  }
}
const secure = new CarriedTls({ keepAlive: true })

/**
 * Drops a connection with all that the kernel still holds of it. One that is only closed goes on sending: what was given up would reach
 * the store all the same, beside its second try.
 */
function reset(socket: Duplex | null): void {
  const carrier = socket === null ? undefined : (carriers.get(socket) ?? socket)
  if (carrier instanceof Socket && !carrier.destroyed) carrier.resetAndDestroy()
}

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
  signal.throwIfAborted()
  const asked = { method: 'PUT', headers }
  const request = url.protocol === 'https:' ? overHttps(url, { ...asked, agent: secure }) : overHttp(url, asked)
  const giveUp = () => {
    reset(request.socket)
    request.destroy(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)))
  }
  signal.addEventListener('abort', giveUp, { once: true })
  request.once('close', () => signal.removeEventListener('abort', giveUp))
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

import { type ClientRequest, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Duplex } from 'node:stream'
import { chamberHeader } from './chamber-protocol.ts'
import { localCookie } from './local-sign-in.ts'

/** Addresses of the server that are reached through the chamber page: the room, and the ways into it. */
const relayed = /^(?:\/es)?\/c\/[^/?]+\/(?:sala|tableta|entrar|mesa)(?:[/?]|$)|^\/pages\/|^\/socket\.io\//

export function isRelayed(url: string): boolean {
  return relayed.test(url)
}

const hopByHop = ['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'te', 'trailer', 'transfer-encoding', 'upgrade']
/** A gateway in front of the server says that nobody is behind it. */
const nobodyThere = new Set([502, 503, 504])
const answerWithinMs = 12_000

export interface RelayTo {
  server: string
  /** Id of the recorder that relays. */
  recorder: string
}

/** What the server answered, when all of it was read. */
export interface Relayed {
  status: number
  body: Buffer
}

/**
 * Hands a request on to the server and its answer back. Nothing of the server's answer is sent when nobody is there, so that who called may
 * answer instead.
 * @param of.body whole, since it may have to be answered here after all; undefined: the request's own stream goes on as it comes
 * @param of.keep read the answer whole
 * @returns undefined when the server did not answer
 */
export function relay(
  request: IncomingMessage,
  response: ServerResponse,
  to: RelayTo & { body?: Buffer; keep?: boolean; signal?: AbortSignal },
): Promise<Relayed | undefined> {
  return new Promise((resolve) => {
    // What is read here must be readable.
    const out = dial(request, to, to.keep ? { 'accept-encoding': 'identity' } : {})
    const lost = () => {
      // Cut in the middle: the browser must not take half for whole.
      if (response.headersSent) response.destroy()
      resolve(undefined)
    }
    out.setTimeout(to.body === undefined ? 0 : answerWithinMs, () => out.destroy(new Error('no answer in time')))
    out.on('error', lost)
    to.signal?.addEventListener('abort', () => out.destroy(new Error('the line is down')))
    response.on('close', () => out.destroy())
    out.on('response', (answer) => {
      const status = answer.statusCode ?? 502
      if (nobodyThere.has(status) && to.body !== undefined) {
        answer.resume()
        return resolve(undefined)
      }
      response.writeHead(status, without(answer.headers, [...hopByHop, 'strict-transport-security']))
      const pieces: Buffer[] = []
      answer.on('data', (piece: Buffer) => to.keep && pieces.push(piece))
      answer.on('error', lost)
      answer.on('end', () => resolve({ status, body: Buffer.concat(pieces) }))
      answer.pipe(response)
    })
    if (to.body === undefined) request.pipe(out)
    else out.end(to.body)
  })
}

/** Hands a WebSocket on, byte by byte, until either side ends it. @returns what ends it */
export function relayUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, to: RelayTo): () => void {
  const out = dial(request, to, { connection: 'Upgrade', upgrade: request.headers.upgrade ?? 'websocket' })
  const end = () => {
    out.destroy()
    socket.destroy()
  }
  out.on('error', end)
  socket.on('error', end)
  socket.on('close', end)
  out.on('response', end)
  out.on('upgrade', (answer, far, farHead) => {
    const lines = Object.entries(answer.headers).flatMap(([name, value]) => [value ?? []].flat().map((one) => `${name}: ${one}`))
    socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`)
    socket.write(farHead)
    far.write(head)
    far.on('error', end)
    far.on('close', end)
    far.pipe(socket)
    socket.pipe(far)
  })
  out.end()
  return end
}

/** Whoever asks is seen by the server as the page of its own: the gate (gate.ts) has looked at host and origin before. */
function dial(request: IncomingMessage, { server, recorder }: RelayTo, more: Record<string, string> = {}): ClientRequest {
  const to = new URL(request.url ?? '/', server)
  const drop = [...hopByHop, 'host', 'origin', 'referer', 'cookie', 'content-length', 'forwarded', 'expect']
  const headers = without(request.headers, drop, /^x-(?:forwarded|real|escano-chamber)/)
  const cookie = (request.headers.cookie ?? '').split(/;\s*/).filter((one) => one !== '' && !one.startsWith(`${localCookie}=`))
  const length = request.headers['content-length']
  return (to.protocol === 'https:' ? httpsRequest : httpRequest)(to, {
    method: request.method,
    headers: {
      ...headers,
      ...more,
      ...(cookie.length === 0 ? {} : { cookie: cookie.join('; ') }),
      ...(request.headers.origin === undefined ? {} : { origin: to.origin }),
      ...(length === undefined ? {} : { 'content-length': length }),
      [chamberHeader]: recorder,
    },
  })
}

function without(headers: IncomingHttpHeaders, names: readonly string[], like?: RegExp): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name) && !like?.test(name)))
}

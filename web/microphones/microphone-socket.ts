import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { CouncilId } from '../../storage/model/ids.ts'
import type { WebParts } from '../web-parts.ts'
import { microphonesWords } from '../words/staff-words.ts'
import { batchAnswer } from './batch-answer.ts'
import { largestBatchBytes } from './intake-routes.ts'
import { TooManyLinesError } from './microphones.ts'
import { systemOf } from './system-token.ts'

const place = /^(\/es)?\/c\/([^/?]+)\/microfonos\/eventos(?:\?.*)?$/
/** A line that answers no ping is dead: its system dials again. */
const pingEveryMs = 30_000
/** Messages that wait for their answer: who sends more without listening is cut off. */
const mostWaiting = 100
/** Close codes of RFC 6455 §7.4.1. */
const [policyViolation, goingAway] = [1008, 1001]

/**
 * The same intake as by POST, over a plain WebSocket at the same address and with the same token: each message is a batch, each answer
 * tells of one, in their order. Takes every upgrade that socket.io does not.
 */
export function openMicrophoneSockets(server: Server, parts: Pick<WebParts, 'storage' | 'microphones' | 'log'>): AsyncDisposable {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: largestBatchBytes, perMessageDeflate: false })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (request.url?.startsWith('/socket.io/')) return
    socket.on('error', () => socket.destroy())
    dialled(request).then(
      (from) => {
        if (from === undefined)
          socket.end('HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
        else sockets.handleUpgrade(request, socket, head, (opened) => listen(opened, request, from))
      },
      (error: unknown) => {
        parts.log.error({ err: error }, 'a conference system could not be answered')
        socket.destroy()
      },
    )
  })

  async function dialled(request: IncomingMessage) {
    const found = place.exec(request.url ?? '')
    const council = found && (await parts.storage.database.directory()).find((one) => one.slug === found[2])
    if (!found || !council) return undefined
    const language = found[1] === undefined ? ('gl' as const) : ('es' as const)
    const system = await systemOf(parts.storage, council.id, request.headers.authorization)
    return system && { council: council.id, language }
  }

  function listen(socket: WebSocket, request: IncomingMessage, from: { council: CouncilId; language: 'gl' | 'es' }): void {
    let alive = true
    let waiting = 0
    let turn = Promise.resolve()
    const ping = setInterval(() => {
      if (!alive) return socket.terminate()
      alive = false
      socket.ping()
    }, pingEveryMs)
    socket.on('pong', () => {
      alive = true
    })
    socket.on('close', () => clearInterval(ping))
    socket.on('error', () => socket.terminate())
    socket.on('message', (data) => {
      if (++waiting > mostWaiting) return socket.close(policyViolation, 'too many messages without waiting for their answers')
      turn = turn
        .then(() => answer(socket, request, from, String(data)))
        .catch((error: unknown) => {
          parts.log.error({ err: error }, 'microphone events could not be kept')
          // What was not answered is sent again when the line is back.
          socket.close(goingAway, 'the server failed; send it again')
        })
        .finally(() => waiting--)
    })
  }

  /** The token is looked at again with each message: one that was taken away ends the line. */
  async function answer(socket: WebSocket, request: IncomingMessage, from: { council: CouncilId; language: 'gl' | 'es' }, text: string) {
    const words = microphonesWords[from.language]
    const system = await systemOf(parts.storage, from.council, request.headers.authorization)
    if (system === undefined) return socket.close(policyViolation, 'the token is not good any more')
    try {
      const done = await batchAnswer(parts.microphones, { ...from, system }, text)
      socket.send(JSON.stringify(done.answer))
    } catch (error) {
      if (!(error instanceof TooManyLinesError)) throw error
      socket.send(JSON.stringify({ error: words.tooMany }))
    }
  }

  return {
    [Symbol.asyncDispose]: async () => {
      for (const one of sockets.clients) one.terminate()
      await new Promise<void>((resolve) => sockets.close(() => resolve()))
    },
  }
}

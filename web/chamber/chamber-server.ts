import { randomUUID } from 'node:crypto'
import { createServer as createInner, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import express from 'express'
import { rateLimit } from 'express-rate-limit'
import helmet from 'helmet'
import { pino } from 'pino'
import { Server as Sockets } from 'socket.io'
import { restsForUs } from '../closed-part/closed-wish.ts'
import { eventsAnswer, eventsRequest } from '../control/room-protocol.ts'
import { errorResponse } from '../error-response.ts'
import { type Pages, pagesPath } from '../pages.ts'
import { pagesRoutes } from '../pages-routes.ts'
import { knowVisitor } from '../visitor.ts'
import { ChamberBook } from './chamber-book.ts'
import { ChamberLine } from './chamber-line.ts'
import type { ChamberIdentity, ChamberRecorder } from './chamber-recorder.ts'
import { ownNames, refusalOf } from './gate.ts'
import { openAuthority } from './local-authority.ts'
import { restInClosedPart } from './local-closed.ts'
import { hangUp, localLive } from './local-live.ts'
import { localPages } from './local-pages.tsx'
import type { LocalParts } from './local-parts.ts'
import { localRoom } from './local-room.ts'
import { LocalSignIn } from './local-sign-in.ts'
import { isRelayed, relay, relayUpgrade } from './relay.ts'

export interface ChamberServerConfig {
  identity: ChamberIdentity
  recorder: ChamberRecorder
  pages: Pages
  /** Folder of the page's own files, readable by the agent alone. */
  folder: string
  host: string
  /** 0 lets the system choose. */
  port: number
  /** Told of what a person should look at. Must not throw. */
  onTrouble: (sentence: string) => void
}

export interface ChamberServer extends AsyncDisposable {
  readonly port: number
  /** PEM of the authority that vouches for the page. */
  readonly authority: string
}

/** Marks of a whole evening are less. */
const largestBodyBytes = 1_000_000
const usedForMs = 60_000
const renewEveryMs = 3_600_000

/**
 * The chamber page on the recorder's own machine, over https in the chamber's network (design.md §2 "chamber page"): one origin, which hands
 * everything on to the server while it is there and answers by itself while it is not.
 */
export async function startChamberServer(config: ChamberServerConfig): Promise<ChamberServer> {
  const { identity, recorder, onTrouble } = config
  const { server: address, recorder: id, dir3 } = identity.enrolment
  const to = { server: address, recorder: id }
  const log = pino({ name: 'chamber', level: 'warn' }, pino.destination(2))
  const book = await ChamberBook.open(join(config.folder, 'book'))
  const authority = await openAuthority(join(config.folder, 'keys'), `Escano, sala de ${dir3}`)
  let names = ownNames()
  let port = config.port
  let usedMs = 0
  let down = new AbortController()
  const cuts = new Set<() => void>()
  const line = new ChamberLine({
    ...{ identity, book, onTrouble },
    page: () => ({ addresses: names.map((name) => `https://${name}:${port}`), authority: authority.pem }),
    isNeeded: () => Date.now() - usedMs < usedForMs || !recorder.isLinked,
    onChange: (up) => {
      // A tablet dials again, and finds who answers now.
      if (up) return hangUp(sockets)
      down.abort()
      down = new AbortController()
      for (const cut of cuts) cut()
    },
  })
  const inner = createInner()
  const sockets = new Sockets(inner, { maxHttpBufferSize: 100_000, serveClient: false })
  const local = { book, recorder, signIn: new LocalSignIn(book), pages: config.pages, log, serverNow: () => line.serverNow() }
  const parts: LocalParts = { ...local, tell: localLive(sockets, local) }
  // The sockets take their own requests first and hand the others on.
  const app = await localApp(parts)
  inner.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (!isOfSockets(request)) app(request, response)
  })
  const refuse = (request: IncomingMessage) => refusalOf(request, { names, port })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refused = refuse(request)
    if (refused !== undefined) return void response.writeHead(refused).end()
    // While nobody used the page the line was asked for seldom: it may be gone without a word.
    if (Date.now() - usedMs > usedForMs) void line.ask()
    usedMs = Date.now()
    const url = request.url ?? '/'
    if (isOfSockets(request)) {
      if (!line.isUp) return void inner.emit('request', request, response)
      if ((await relay(request, response, { ...to, signal: down.signal })) === undefined) line.broke()
      return
    }
    const body = await readBody(request)
    if (body === undefined) return void response.writeHead(413, { Connection: 'close' }).end()
    bodies.set(request, body)
    if (line.isUp && !isRelayed(url)) return away(request, response, address)
    if (line.isUp) {
      const marks = request.method === 'POST' && /\/sala\/[^/]+\/marcas$/.test(url)
      const answered = await relay(request, response, { ...to, body, keep: marks, signal: down.signal })
      if (answered !== undefined) {
        // Of a closed part also the disk must know before the power goes with the line.
        if (marks && answered.status === 200 && hearMarks(book, body, answered.body)) void line.askAnew()
        // A PIN, a tablet: what must be known here before the line goes.
        else if (request.method === 'POST') await line.askAnew()
        return
      }
      line.broke()
      if (response.headersSent) return
    }
    inner.emit('request', request, response)
  }

  const outer = createServer({ ...tls(await authority.issue(names)), headersTimeout: 10_000, requestTimeout: 30_000 })
  outer.on('request', (request: IncomingMessage, response: ServerResponse) => {
    answer(request, response).catch((cause: unknown) => {
      log.warn({ err: cause }, 'a request of the chamber was not answered')
      response.destroy()
    })
  })
  outer.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (refuse(request) !== undefined || !isOfSockets(request)) return void socket.destroy()
    if (!line.isUp) return void inner.emit('upgrade', request, socket, head)
    const cut = relayUpgrade(request, socket, head, to)
    cuts.add(cut)
    socket.on('close', () => cuts.delete(cut))
  })
  outer.on('tlsClientError', () => undefined)
  await new Promise<void>((resolve, reject) => outer.once('error', reject).listen(config.port, config.host, () => resolve()))
  port = (outer.address() as AddressInfo).port
  const renewing = setInterval(() => {
    const now = ownNames()
    const changed = now.join() !== names.join()
    const old = Date.now() - issuedMs > 30 * 86_400_000
    if (!changed && !old) return
    names = now
    issuedMs = Date.now()
    authority.issue(names).then(
      (fresh) => outer.setSecureContext(tls(fresh)),
      (cause: unknown) => onTrouble(`the certificate of the chamber page could not be renewed: ${String(cause)}`),
    )
  }, renewEveryMs)
  let issuedMs = Date.now()
  await line.ask()
  // What the book says may be old: the server is asked first.
  const stopResting = restInClosedPart({ book, recorder, isAlone: () => !line.isUp || !recorder.isLinked, onTrouble })
  // A link that went no longer brings news; a rest that the server asked for is news that the book may not have.
  let roads = ''
  const stopWatching = recorder.onProof((_, proof) => {
    const now = `${recorder.isLinked} ${restsForUs(proof)}`
    if (now !== roads) void line.askAnew()
    roads = now
  })
  return {
    port,
    authority: authority.pem,
    [Symbol.asyncDispose]: async () => {
      clearInterval(renewing)
      stopResting()
      stopWatching()
      await line[Symbol.asyncDispose]()
      for (const cut of cuts) cut()
      await sockets.close()
      outer.closeAllConnections()
      await new Promise((resolve) => outer.close(resolve))
    },
  }
}

const bodies = new WeakMap<IncomingMessage, Buffer>()
const isOfSockets = (request: IncomingMessage) => /^\/socket\.io\//.test(request.url ?? '')
const tls = ({ cert, key }: { cert: string; key: string }) => ({ cert, key, minVersion: 'TLSv1.2' as const })

/** The same guards as the server's, over what the agent answers by itself. */
async function localApp(parts: LocalParts) {
  const app = express()
  app.disable('x-powered-by')
  app.set('query parser', 'simple')
  app.use((request, response, next) => {
    const requestId = randomUUID()
    knowVisitor(request, requestId)
    response.set('X-Request-Id', requestId)
    request.body = bodies.get(request)
    next()
  })
  const contentSecurityPolicy = { directives: { 'img-src': ["'self'", 'data:'], 'upgrade-insecure-requests': null } }
  // No HSTS: it would bind every other service of this machine's name.
  app.use(helmet({ contentSecurityPolicy, strictTransportSecurity: false }))
  app.use(pagesPath, await pagesRoutes(parts.pages))
  app.use(rateLimit({ windowMs: 60_000, limit: 600, standardHeaders: 'draft-8', legacyHeaders: false }))
  app.use(localRoom(parts))
  app.use(localPages(parts))
  app.use(errorResponse(parts.pages, parts.log))
  return app
}

/** What is no part of the room lies at the server's own address. */
function away(request: IncomingMessage, response: ServerResponse, server: string): void {
  if (request.method !== 'GET') return void response.writeHead(404).end()
  response.writeHead(303, { Location: new URL(request.url === '/' ? '/' : (request.url ?? '/'), server).href }).end()
}

/** Marks that the server has just taken count here at once: the line may go before it tells of them. @returns whether one is of a closed part */
function hearMarks(book: ChamberBook, body: Buffer, answer: Buffer): boolean {
  const said = eventsAnswer.safeParse(JSON.parse(answer.toString('utf8')))
  const sent = eventsRequest.safeParse(JSON.parse(body.toString('utf8')))
  if (!said.success || !sent.success) return false
  const taken = new Set([...said.data.accepted, ...said.data.known])
  const refused = new Set(said.data.refused.map((one) => one.id))
  const closing = sent.data.events.filter((one) => one.type === 'closed.began' || one.type === 'closed.ended')
  // A closing that the law refuses withholds all the same.
  book.hear(
    sent.data.events.filter((one) => taken.has(one.id)),
    closing.filter((one) => refused.has(one.id)),
  )
  return closing.length > 0
}

/** @returns undefined when more came than anything of ours is */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of request as AsyncIterable<Buffer>) {
    size += piece.length
    if (size > largestBodyBytes) return undefined
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

import { randomUUID } from 'node:crypto'
import compression from 'compression'
import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import { rateLimit } from 'express-rate-limit'
import helmet from 'helmet'
import { agentRoutes } from './agent/agent-routes.ts'
import { chamberIntake } from './chamber/chamber-intake.ts'
import { chamberRoutes } from './chamber/chamber-routes.tsx'
import { closedPartRoutes } from './closed-part/closed-part-routes.tsx'
import { controlRoutes } from './control/control-routes.tsx'
import { liveRooms } from './control/room-live.ts'
import { editorRoutes } from './editor/editor-routes.tsx'
import { errorResponse, PageNotFoundError, RefusedError } from './error-response.ts'
import { importRoutes } from './import-recording/import-routes.tsx'
import { liveRoutes } from './live/live-routes.tsx'
import { agentIntakeRoutes } from './microphones/agent-intake.ts'
import { intakeRoutes } from './microphones/intake-routes.ts'
import { microphonesRoutes } from './microphones/microphones-routes.tsx'
import { sessionFileRoutes } from './microphones/session-file-routes.tsx'
import { pagesPath } from './pages.ts'
import { pagesRoutes } from './pages-routes.ts'
import { portalRoutes } from './portal/portal-routes.ts'
import { prepareRoutes } from './prepare/prepare-routes.ts'
import { qualityRoutes } from './quality/quality-routes.tsx'
import { recordersRoutes } from './recorders/recorders-routes.tsx'
import { accessRoutes } from './sign-in/access-routes.ts'
import { knowVisitor } from './visitor.ts'
import { vocabularyRoutes } from './vocabulary/vocabulary-routes.tsx'
import type { WebParts } from './web-parts.ts'

/** The application of one installation: guards first, then the rooms, then the sentences for what went wrong. */
export async function webApp(parts: WebParts): Promise<Express> {
  const app = express()
  app.disable('x-powered-by')
  app.set('trust proxy', parts.config.proxies)
  app.set('query parser', 'simple')
  app.use(identifyRequest, securityHeaders(parts), compression({ filter: worthCompressing }))
  app.use(pagesPath, await pagesRoutes(parts.pages))
  app.use(limitRequests(parts), refuseForeignOrigin(parts))
  mountRooms(app, parts)
  app.use(() => {
    throw new PageNotFoundError()
  })
  app.use(errorResponse(parts.pages, parts.log))
  return app
}

/** The one list of rooms. */
function mountRooms(app: Express, parts: WebParts): void {
  const rooms = liveRooms(parts)
  app.use(agentIntakeRoutes(parts))
  app.use(chamberIntake(parts, rooms))
  app.use(agentRoutes(parts))
  app.use(accessRoutes(parts))
  app.use(chamberRoutes(parts))
  app.use(controlRoutes(parts, rooms))
  app.use(liveRoutes(parts, rooms))
  app.use(recordersRoutes(parts))
  app.use(intakeRoutes(parts))
  app.use(microphonesRoutes(parts))
  app.use(sessionFileRoutes(parts))
  app.use(closedPartRoutes(parts))
  app.use(editorRoutes(parts))
  app.use(prepareRoutes(parts))
  app.use(qualityRoutes(parts))
  app.use(importRoutes(parts))
  app.use(vocabularyRoutes(parts))
  app.use(portalRoutes(parts))
}

function identifyRequest(request: Request, response: Response, next: NextFunction): void {
  const requestId = randomUUID()
  knowVisitor(request, requestId)
  response.set('X-Request-Id', requestId)
  next()
}

/** hls.js plays from `blob:` and works in a `blob:` worker; nothing else comes from anywhere but here, and nothing is inline. */
function securityHeaders(parts: WebParts): express.RequestHandler {
  const overHttps = parts.config.publicUrl?.startsWith('https:') ?? false
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        mediaSrc: ["'self'", 'blob:'],
        workerSrc: ["'self'", 'blob:'],
        imgSrc: ["'self'", 'data:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'self'"],
      },
    },
    strictTransportSecurity: overHttps,
    referrerPolicy: { policy: 'same-origin' },
  })
}

/** Text only; segments, PDF and MP4 are compressed already. */
function worthCompressing(_request: Request, response: Response): boolean {
  return /^(?:text\/|application\/(?:json|x-ndjson|vnd\.apple\.mpegurl))/.test(String(response.get('Content-Type') ?? ''))
}

/** Media has its own limit (portal/media-routes.ts): a player asks for a segment every few seconds. */
function limitRequests(parts: WebParts): express.RequestHandler {
  return rateLimit({
    windowMs: 60_000,
    limit: parts.config.requestsPerMinute,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    skip: (request) => /\/segmentos\//.test(request.path) || request.path.startsWith('/agent/') || isUploadPiece(request),
    handler: () => {
      throw new RefusedError(429, (words) => words.tooMany)
    },
  })
}

/** On a fast line the pieces of a large file come quicker than pages may be asked for; only the staff may send them. */
function isUploadPiece(request: Request): boolean {
  return request.method === 'PATCH' && /\/importar\/ficheiros\//.test(request.path)
}

/** What changes something must come from our own pages. Agents sign what they send and carry no cookie. */
function refuseForeignOrigin(parts: WebParts): express.RequestHandler {
  return (request, _response, next) => {
    if (/^(?:GET|HEAD|OPTIONS)$/.test(request.method) || request.path.startsWith('/agent/')) return next()
    const site = request.get('Sec-Fetch-Site')
    const origin = request.get('Origin')
    const own = [
      `${request.protocol}://${request.get('Host')}`,
      parts.config.publicUrl ? new URL(parts.config.publicUrl).origin : undefined,
    ]
    const foreign = origin === undefined ? site !== undefined && site !== 'same-origin' && site !== 'none' : !own.includes(origin)
    if (foreign) throw new RefusedError(403, (words) => words.foreignOrigin)
    next()
  }
}

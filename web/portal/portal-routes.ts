import { Router } from 'express'
import { withCouncil } from '../council-of-request.ts'
import type { WebParts } from '../web-parts.ts'

/** The citizens' pages. */
export function portalRoutes(parts: WebParts): Router {
  const router = Router()
  router.use('/c/:council', withCouncil(parts))
  return router
}

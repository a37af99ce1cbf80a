import { Router } from 'express'
import type { WebParts } from '../web-parts.ts'
import { convocationRoutes } from './convocation-routes.tsx'
import { councilSetUpRoutes } from './council-routes.tsx'
import { fileRoutes } from './file-routes.tsx'
import { importRoutes } from './import/import-routes.tsx'
import { sessionSetUpRoutes } from './session-routes.tsx'

/** What is done before a session: the council set up, the session prepared, convened and filed. */
export function prepareRoutes(parts: WebParts): Router {
  const router = Router()
  router.use(councilSetUpRoutes(parts), sessionSetUpRoutes(parts), convocationRoutes(parts), fileRoutes(parts), importRoutes(parts))
  return router
}

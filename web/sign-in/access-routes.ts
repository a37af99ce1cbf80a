import { Router } from 'express'
import type { WebParts } from '../web-parts.ts'
import { accountRoutes } from './account-routes.tsx'
import { AttemptLimit } from './attempt-limit.ts'
import { enrolTabletRoutes } from './enrol-tablet-routes.tsx'
import { invitationRoutes } from './invitation-routes.tsx'
import { passkeysRoutes } from './passkeys-routes.ts'
import { signInRoutes } from './sign-in-routes.tsx'
import { substitutesRoutes } from './substitutes-routes.tsx'
import { tabletsRoutes } from './tablets-routes.tsx'

/** Every way in: passwords, passkeys, tablets, substitutes. They share one count of failed attempts. */
export function accessRoutes(parts: WebParts): Router {
  const router = Router()
  const limit = new AttemptLimit()
  router.use(signInRoutes(parts, limit))
  router.use(passkeysRoutes(parts, limit))
  router.use(accountRoutes(parts))
  router.use(tabletsRoutes(parts))
  router.use(enrolTabletRoutes(parts, limit))
  router.use(substitutesRoutes(parts))
  router.use(invitationRoutes(parts))
  return router
}

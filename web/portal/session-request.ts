import type { Request } from 'express'
import { z } from 'zod'
import { councilOf, type ListedCouncil } from '../council-of-request.ts'
import { PageNotFoundError } from '../error-response.ts'
import type { WebParts } from '../web-parts.ts'
import type { SessionView } from './session-view.ts'
import type { SessionViews } from './session-views.ts'

/** What the portal's routes are made from. */
export interface PortalParts extends WebParts {
  views: SessionViews
}

const slugSchema = z.string().regex(/^[a-z0-9-]{1,80}$/)

/** The session that the address names, if this visitor may see it. @throws PageNotFoundError unknown, or not published and no staff */
export async function sessionOfRequest(parts: PortalParts, request: Request): Promise<SessionView> {
  const council = councilOf(request)
  const slug = slugSchema.safeParse(request.params.session)
  if (!slug.success) throw new PageNotFoundError()
  const staff = await isStaff(parts, request, council)
  const view = await parts.views(council, slug.data, staff)
  if (!view) throw new PageNotFoundError()
  return view
}

/** Whether somebody of this council's staff asks. */
export async function isStaff(parts: WebParts, request: Request, council: ListedCouncil): Promise<boolean> {
  return (await parts.identify(request, council.id)) !== undefined
}

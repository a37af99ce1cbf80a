import type { Request, RequestHandler } from 'express'
import type { CouncilId } from '../storage/model/ids.ts'
import { PageNotFoundError } from './error-response.ts'
import type { WebParts } from './web-parts.ts'

/** A council as the directory of the installation lists it. */
export interface ListedCouncil {
  id: CouncilId
  name: string
  dir3: string
  slug: string
  demo: boolean
}

const councils = new WeakMap<object, ListedCouncil>()

/** Finds the council that `:council` of the path names. @throws PageNotFoundError no such council */
export function withCouncil(parts: Pick<WebParts, 'storage'>): RequestHandler {
  return async (request, _response, next) => {
    const found = (await parts.storage.database.directory()).find((one) => one.slug === request.params.council)
    if (!found) throw new PageNotFoundError()
    councils.set(request, found)
    next()
  }
}

export function councilOf(request: Request): ListedCouncil {
  const known = councils.get(request)
  if (!known) throw new Error(`no council for ${request.path}: the route lacks withCouncil`)
  return known
}

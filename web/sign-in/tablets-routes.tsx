import { randomUUID } from 'node:crypto'
import { type Request, type Response, Router, urlencoded } from 'express'
import { z } from 'zod'
import { listAccounts, readAccount } from '../../storage/records/accounts.ts'
import { writeAudit } from '../../storage/records/audit.ts'
import { readCouncil } from '../../storage/records/councils.ts'
import { listTablets, putTabletCode, readTabletCode, revokeTablet, type TabletCode, tablet } from '../../storage/records/tablets.ts'
import { cutRoomLines } from '../control/room-live.ts'
import { councilOf, withCouncil } from '../council-of-request.ts'
import { sendPage } from '../design/send-page.ts'
import { PageNotFoundError } from '../error-response.ts'
import { visitorOf } from '../visitor.ts'
import type { WebParts } from '../web-parts.ts'
import { newShortCode, shortCodeHash } from './short-code.ts'
import { signedIn } from './signed-in.ts'
import { staffOf } from './staff-of-request.ts'
import { TabletsPage, type TabletsPageProps } from './tablets-page.tsx'

/** How long a code to enrol a tablet stands: the tablet lies beside the screen. */
export const tabletCodeLifeMs = 10 * 60_000

const form = z.discriminatedUnion('act', [
  z.object({ act: z.literal('code'), name: z.string().trim().pipe(tablet.shape.name), account: z.uuid() }),
  z.object({ act: z.literal('revoke'), tablet: z.uuid() }),
])

/** `/c/<council>/tabletas`: the tablets of a council, for its secretary. */
export function tabletsRoutes(parts: WebParts): Router {
  const router = Router()
  const guard = [withCouncil(parts), signedIn(parts, 'secretary')]
  router.get('/c/:council/tabletas', guard, async (request: Request, response: Response) => {
    const id = z.uuid().safeParse(request.query['alta'])
    const code = id.success ? await readCode(parts, request, id.data) : undefined
    await show(parts, request, response, code ? { asked: { state: stateOf(code), name: code.name } } : {})
  })
  router.get('/c/:council/tabletas/codigo/:code', guard, async (request: Request, response: Response) => {
    const id = z.uuid().safeParse(request.params['code'])
    const code = id.success ? await readCode(parts, request, id.data) : undefined
    if (!code) throw new PageNotFoundError()
    response.json({ state: stateOf(code) })
  })
  router.post(
    '/c/:council/tabletas',
    guard,
    urlencoded({ extended: false, limit: '1kb' }),
    async (request: Request, response: Response) => {
      const asked = form.parse(request.body)
      if (asked.act === 'code') return await show(parts, request, response, { made: await makeCode(parts, request, asked) })
      const here = councilOf(request)
      await parts.storage.database.inCouncil(here.id, async (tx) => {
        if (!(await revokeTablet(tx, asked.tablet))) throw new PageNotFoundError()
        await writeAudit(tx, { by: staffOf(request).account, action: 'tablet-revoked', object: `tablet ${asked.tablet}`, result: 'done' })
      })
      cutRoomLines(parts.sockets, (one) => one.council === here.id && one.tablet === asked.tablet)
      response.redirect(303, visitorOf(request).href(`/c/${here.slug}/tabletas`))
    },
  )
  return router
}

async function makeCode(parts: WebParts, request: Request, { name, account }: { name: string; account: string }) {
  const { id: council, slug } = councilOf(request)
  const code = newShortCode()
  const made = { id: randomUUID(), name, account, expiresAtMs: Date.now() + tabletCodeLifeMs }
  await parts.storage.database.inCouncil(council, async (tx) => {
    if ((await readAccount(tx, account))?.role !== 'secretary') throw new PageNotFoundError()
    await putTabletCode(tx, { ...made, codeHash: shortCodeHash(code, 'tablet') })
    await writeAudit(tx, { by: staffOf(request).account, action: 'tablet-code', object: `account ${account}`, result: 'made' })
  })
  const server = parts.config.publicUrl ?? `${request.protocol}://${request.get('Host')}`
  return { ...made, code, address: server + visitorOf(request).href(`/c/${slug}/tableta`) }
}

function readCode(parts: WebParts, request: Request, id: string): Promise<TabletCode | undefined> {
  return parts.storage.database.inCouncil(councilOf(request).id, (tx) => readTabletCode(tx, id))
}

function stateOf(code: TabletCode): 'waiting' | 'used' | 'over' {
  if (code.tablet !== undefined) return 'used'
  return code.expiresAtMs > Date.now() ? 'waiting' : 'over'
}

async function show(
  parts: WebParts,
  request: Request,
  response: Response,
  more: Partial<Pick<TabletsPageProps, 'made' | 'asked'>>,
): Promise<void> {
  const council = councilOf(request)
  const seen = await parts.storage.database.inCouncil(council.id, async (tx) => ({
    tablets: await listTablets(tx),
    accounts: await listAccounts(tx),
    timeZone: (await readCouncil(tx))?.timeZone ?? 'Europe/Madrid',
  }))
  sendPage(response, <TabletsPage pages={parts.pages} visitor={visitorOf(request)} council={council} {...seen} {...more} />)
}

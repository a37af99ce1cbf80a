import { type Request, type Response, Router, urlencoded } from 'express'
import { z } from 'zod'
import { type Convocation, whatIsConvened } from '../../storage/model/convocation.ts'
import type { Session } from '../../storage/model/session.ts'
import { listAccounts } from '../../storage/records/accounts.ts'
import { writeAudit } from '../../storage/records/audit.ts'
import {
  ConvocationNumberError,
  type Opening,
  putConvocation,
  putOpening,
  readConvocation,
  readOpenings,
} from '../../storage/records/convocations.ts'
import type { Tx } from '../../storage/records/database.ts'
import { seenOf } from '../../storage/records/set-up.ts'
import { withCouncil } from '../council-of-request.ts'
import { sendPage } from '../design/send-page.ts'
import { PageNotFoundError } from '../error-response.ts'
import { signedIn } from '../sign-in/signed-in.ts'
import type { WebParts } from '../web-parts.ts'
import { ConvocationPage, MemberConvocationPage } from './convocation-page.tsx'
import { type Returned, readValues, type Values } from './form-state.ts'
import { noticeOf, toMailFile } from './notice.ts'
import { expectOpen, prepareView } from './session-routes.tsx'
import { readSetUp, type SessionSetUp, setUpHref } from './session-view.ts'

const download = z.object({ audience: z.enum(['members', 'media']), kind: z.enum(['txt', 'eml']) })
const done = z.enum(['issued']).optional().catch(undefined)

/** A session is convened, its notice taken away to be sent; members open it with their own accounts. */
export function convocationRoutes(parts: WebParts): Router {
  const router = Router()
  const secretary = [withCouncil(parts), signedIn(parts, 'secretary')]
  const corporation = [withCouncil(parts), signedIn(parts, 'secretary', 'mayor', 'member')]
  const form = urlencoded({ extended: false, limit: '8kb', parameterLimit: 20 })
  const path = '/c/:council/preparar/:session/convocatoria'
  router.get(path, ...secretary, (request, response) => show(parts, request, response, undefined))
  router.post(path, ...secretary, form, (request, response) => issue(parts, request, response))
  router.get(`${path}/:audience.:kind`, ...secretary, (request, response) => sendNotice(parts, request, response))
  router.get('/c/:council/convocatoria/:session', ...corporation, (request, response) => showMember(parts, request, response))
  router.get('/c/:council/convocatoria/:session/acta', ...corporation, (request, response) => showActa(parts, request, response))
  return router
}

async function issue(parts: WebParts, request: Request, response: Response): Promise<void> {
  const view = prepareView(parts, request, undefined)
  const values = readValues(request.body)
  const slug = String(request.params['session'])
  try {
    const issued = await parts.storage.database.inCouncil(view.listed.id, (tx) => issueNow(tx, slug, values, view.staff.account))
    if (issued) return response.redirect(303, setUpHref(view, slug, '/convocatoria?feito=issued'))
  } catch (error) {
    if (!(error instanceof ConvocationNumberError)) throw error
  }
  // The session, or its convocation, is another than the one that was on the screen: nobody convenes unseen.
  response.status(409)
  await show(parts, request, response, { act: 'issue', values, problems: [view.words.conflict], conflict: true })
}

async function issueNow(tx: Tx, slug: string, values: Values, by: string): Promise<boolean> {
  const setUp = await readSetUp(tx, slug, Date.now())
  expectOpen(setUp)
  if (values['act'] !== 'issue') throw new PageNotFoundError()
  if (seenOf(whatIsConvened(setUp.session)) !== values['seen']) return false
  const previous = previousOf(setUp.session, setUp)
  const convocation: Convocation = {
    v: 1,
    number: z.coerce.number().int().positive().parse(values['number']),
    issuedAtMs: Date.now(),
    session: setUp.session,
    media: setUp.council.recipients.filter((one) => one.list === 'medios').map(({ name, email }) => ({ name, email })),
    ...(previous ? { previousActa: previous.id } : {}),
  }
  await putConvocation(tx, convocation, by)
  const against = setUp.findings.filter((one) => one.level === 'bad').map((one) => one.code)
  await writeAudit(tx, {
    by,
    action: 'session-convene',
    object: `session ${setUp.session.id}`,
    result: against.length === 0 ? 'done' : `done although ${against.join(', ')}`,
  })
  return true
}

/** The session whose acta an agenda approves (R6). */
function previousOf(of: Session, { others }: SessionSetUp): Session | undefined {
  const wanted = of.agenda.find((one) => one.approves !== undefined)?.approves
  return others.find((one) => one.session.id === wanted)?.session
}

async function show(parts: WebParts, request: Request, response: Response, returned: Returned | undefined): Promise<void> {
  const view = prepareView(parts, request, returned)
  const read = await parts.storage.database.inCouncil(view.listed.id, async (tx) => {
    const setUp = await readSetUp(tx, String(request.params['session']), Date.now())
    const accounts = await listAccounts(tx)
    return { setUp, openings: await readOpenings(tx, setUp.session.id), accounts }
  })
  const { setUp, openings } = read
  const said = returned ? undefined : done.parse(request.query['feito'])
  const issuedFor = setUp.issued && previousOf(setUp.issued.session, setUp)
  const notices = setUp.issued && {
    members: noticeOf(setUp.issued, setUp.council, 'members', issuedFor),
    media: noticeOf(setUp.issued, setUp.council, 'media', undefined),
  }
  const withAccount = new Set(read.accounts.flatMap((one) => (one.member ? [one.member] : [])))
  const page = { view, setUp, previous: previousOf(setUp.session, setUp), notices, openings, withAccount, done: said && view.words[said] }
  sendPage(response, <ConvocationPage {...page} />)
}

async function sendNotice(parts: WebParts, request: Request, response: Response): Promise<void> {
  const view = prepareView(parts, request, undefined)
  const asked = download.safeParse(request.params)
  if (!asked.success) throw new PageNotFoundError()
  const { audience, kind } = asked.data
  const setUp = await parts.storage.database.inCouncil(view.listed.id, (tx) => readSetUp(tx, String(request.params['session']), Date.now()))
  if (!setUp.issued) throw new PageNotFoundError()
  const notice = noticeOf(
    setUp.issued,
    setUp.council,
    audience,
    audience === 'members' ? previousOf(setUp.issued.session, setUp) : undefined,
  )
  response.attachment(`convocatoria-${setUp.session.slug}-${audience}.${kind}`)
  if (kind === 'txt') response.type('text/plain; charset=utf-8').send(notice.text)
  else response.type('message/rfc822').send(Buffer.from(toMailFile(notice)))
}

async function showMember(parts: WebParts, request: Request, response: Response): Promise<void> {
  const view = prepareView(parts, request, undefined)
  const setUp = await opened(parts, request, 'agenda')
  const issued = setUp.issued
  if (!issued) throw new PageNotFoundError()
  sendPage(response, <MemberConvocationPage view={view} setUp={setUp} previous={previousOf(issued.session, setUp)} />)
}

/** The draft itself is read where everybody reads it, in the editor; here it is written down that it was opened. */
async function showActa(parts: WebParts, request: Request, response: Response): Promise<void> {
  const view = prepareView(parts, request, undefined)
  const setUp = await opened(parts, request, 'previous-acta')
  const previous = setUp.issued && previousOf(setUp.issued.session, setUp)
  if (!previous) throw new PageNotFoundError()
  response.redirect(303, view.visitor.href(`/c/${view.listed.slug}/editor/${previous.slug}`))
}

/** Reads a convocation for a member, and writes down that they did (R6); the secretary looks without a trace. */
async function opened(parts: WebParts, request: Request, what: Opening['what']): Promise<SessionSetUp> {
  const view = prepareView(parts, request, undefined)
  return await parts.storage.database.inCouncil(view.listed.id, async (tx) => {
    const setUp = await readSetUp(tx, String(request.params['session']), Date.now())
    const issued = await readConvocation(tx, setUp.session.id)
    const member = setUp.council.members.find((one) => one.legal && one.id === view.staff.member)
    if (issued && member) await putOpening(tx, setUp.session.id, { number: issued.number, member: member.id, what, atMs: Date.now() })
    return setUp
  })
}

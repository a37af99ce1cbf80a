import { type Request, type Response, Router, urlencoded } from 'express'
import type { JSX } from 'preact'
import { z } from 'zod'
import { type Account, putAccount, readAccount } from '../../storage/records/accounts.ts'
import { writeAudit } from '../../storage/records/audit.ts'
import { readInvitation, useInvitation } from '../../storage/records/substitutions.ts'
import { councilOf, type ListedCouncil, withCouncil } from '../council-of-request.ts'
import { Strip } from '../design/chip.tsx'
import { Shell } from '../design/page-shell.tsx'
import { sendPage } from '../design/send-page.ts'
import { RefusedError } from '../error-response.ts'
import type { Pages } from '../pages.ts'
import { type Visitor, visitorOf } from '../visitor.ts'
import type { WebParts } from '../web-parts.ts'
import { accessWords, signInWords } from '../words/staff-words.ts'
import { hashPassword } from './password-hash.ts'
import { tokenHash } from './sign-in-cookie.ts'
import { signInStyle } from './sign-in-page.tsx'
import { beginSignIn } from './sign-in-routes.tsx'

const form = z.object({ password: z.string().min(12).max(1000) })

/** `/c/<council>/convite/<token>`: where a substitute who is new here sets a password, once. */
export function invitationRoutes(parts: WebParts): Router {
  const router = Router()
  const council = withCouncil(parts)
  router.get('/c/:council/convite/:token', council, async (request, response) => {
    const hash = tokenHash(String(request.params['token']))
    const account = await parts.storage.database.inCouncil(councilOf(request).id, async (tx) => {
      const id = await readInvitation(tx, hash)
      return id === undefined ? undefined : await readAccount(tx, id)
    })
    if (!account) throw gone()
    show(parts, request, response, account)
  })
  router.post('/c/:council/convite/:token', council, urlencoded({ extended: false, limit: '8kb' }), async (request, response) => {
    const { id: here, slug } = councilOf(request)
    const hash = tokenHash(String(request.params['token']))
    const read = form.safeParse(request.body)
    const passwordHash = read.success ? await hashPassword(read.data.password) : undefined
    const account = await parts.storage.database.inCouncil(here, async (tx) => {
      const id = passwordHash === undefined ? await readInvitation(tx, hash) : await useInvitation(tx, hash)
      const found = id === undefined ? undefined : await readAccount(tx, id)
      if (!found || passwordHash === undefined) return found
      await putAccount(tx, { ...found, passwordHash })
      await writeAudit(tx, { by: found.id, action: 'invitation', object: 'web', result: 'used' })
      return found
    })
    if (!account) throw gone()
    if (!read.success) return show(parts, request, response.status(422), account, true)
    // A password set from outside the town hall lets nobody in from there (R65).
    if (parts.config.isControlled(request.ip)) await beginSignIn(parts, request, response, account)
    response.redirect(303, visitorOf(request).href(`/c/${slug}/sala`))
  })
  return router
}

const gone = () => new RefusedError(404, (_, language) => accessWords[language].invitationGone)

function show(parts: WebParts, request: Request, response: Response, account: Account, short = false): void {
  response.set('Cache-Control', 'no-store')
  const visitor = visitorOf(request)
  sendPage(
    response,
    <InvitationPage pages={parts.pages} visitor={visitor} council={councilOf(request)} login={account.login} short={short} />,
  )
}

function InvitationPage({ pages, visitor, council, login, short }: InvitationProps): JSX.Element {
  const words = accessWords[visitor.language]
  return (
    <Shell
      pages={pages}
      visitor={visitor}
      council={council}
      title={`${words.welcomeTitle} · ${council.name}`}
      style={signInStyle}
      narrow
      indexed={false}
    >
      <div class="stack sign-in">
        <h1>{words.welcomeTitle}</h1>
        <p class="muted">{words.welcomeIntro(login)}</p>
        {short ? (
          <div role="alert">
            <Strip tone="bad" icon="alert">
              {words.passwordShort}
            </Strip>
          </div>
        ) : null}
        <form class="card stack" method="post" action={visitor.href(visitor.path)}>
          <label class="stack tight">
            <span>{signInWords[visitor.language].login}</span>
            <input class="field" name="login" value={login} autocomplete="username" readOnly />
          </label>
          <label class="stack tight">
            <span>{words.newPassword}</span>
            <input
              class="field"
              name="password"
              type="password"
              autocomplete="new-password"
              minLength={12}
              maxLength={1000}
              required
              aria-describedby="axuda"
            />
          </label>
          <p class="small muted" id="axuda">
            {words.newPasswordHint}
          </p>
          <button class="btn main" type="submit">
            {words.setPassword}
          </button>
        </form>
      </div>
    </Shell>
  )
}

interface InvitationProps {
  pages: Pages
  visitor: Visitor
  council: ListedCouncil
  login: string
  /** The password that came was too short. */
  short: boolean
}

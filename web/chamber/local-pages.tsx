import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Request, type Response, Router } from 'express'
import type { JSX } from 'preact'
import type { RoomSeed } from '../control/room.ts'
import { TabletDocument } from '../control/tablet-document.tsx'
import { Shell } from '../design/page-shell.tsx'
import { sendPage } from '../design/send-page.ts'
import { RefusedError } from '../error-response.ts'
import { pagesPath } from '../pages.ts'
import { signInStyle } from '../sign-in/sign-in-page.tsx'
import { visitorOf } from '../visitor.ts'
import { chamberWords } from '../words/staff-words.ts'
import type { ChamberSession } from './chamber-book.ts'
import { type ChamberTablet, pinRequest } from './chamber-protocol.ts'
import { bodyOf, jsonOf, type LocalParts, localSight } from './local-parts.ts'
import { localCookie } from './local-sign-in.ts'
import { PinField } from './prepare-page.tsx'

export const pinPath = '/sala-local/pin'

/** The PIN's page and its answer, and the worker that keeps the room's page: what the agent serves besides the room. */
export function localPages(parts: LocalParts): Router {
  const router = Router()
  router.get(pinPath, (request, response) => {
    const back = String(request.query['a'] ?? '')
    // Nowhere but into a room of ours.
    showPin(parts, request, response, /^(?:\/es)?\/c\/[^/?#\\]+\/sala\/[^/?#\\]+$/.test(back) ? back : `/c/${parts.book.slug ?? ''}/sala`)
  })
  router.post(pinPath, async (request, response) => {
    const asked = pinRequest.parse(jsonOf(bodyOf(request)))
    const done = await parts.signIn.enter(asked, request.ip ?? 'unknown')
    response.set('Cache-Control', 'no-store')
    if ('token' in done) {
      response.cookie(localCookie, done.token, { httpOnly: true, secure: true, sameSite: 'strict', path: '/' }).json({})
      return
    }
    parts.log.warn({ tablet: asked.tablet, reason: done.reason }, 'a tablet was not let in')
    const waits = done.reason === 'wait' ? { waitMs: done.waitMs } : {}
    response.status(done.reason === 'wait' ? 429 : 401).json({ reason: done.reason, nonce: parts.signIn.nonce(), ...waits })
  })
  router.get('/c/:council/sala/offline.js', async (_request, response) => {
    const file = parts.pages.asset('web/control/page/offline-page.ts').slice(pagesPath.length)
    const text = await readFile(join(parts.pages.folder, file), 'utf8')
    response.type('text/javascript').set('Cache-Control', 'no-cache').send(text)
  })
  router.use(() => {
    throw new RefusedError(404, (_, language) => chamberWords[language].roomOnly)
  })
  return router
}

/** The room as it stands now, drawn by the machine that records it. */
export function showRoom(
  parts: LocalParts,
  request: Request,
  response: Response,
  { council, session, microphones, tablet }: ChamberSession & { tablet: ChamberTablet },
): void {
  const visitor = visitorOf(request)
  const home = `/c/${parts.book.slug}`
  const path = visitor.href(`${home}/sala/${session.slug}`)
  const seed: RoomSeed = {
    ...{ language: visitor.language, council, session, microphones },
    person: { account: tablet.account, name: tablet.person, ...tablet.by },
    events: parts.book.rows(session.id),
    recorder: localSight(parts),
    serverMs: parts.serverNow(),
    paths: { room: path, table: visitor.href(`${home}/mesa`), signIn: visitor.href(`${pinPath}?a=${path}`) },
  }
  response.set('Cache-Control', 'no-store')
  sendPage(response, TabletDocument({ pages: parts.pages, visitor, seed }))
}

export function showPin(parts: LocalParts, request: Request, response: Response, back: string): void {
  response.set('Cache-Control', 'no-store')
  sendPage(response, <PinPage parts={parts} request={request} back={back} />)
}

function PinPage({ parts, request, back }: { parts: LocalParts; request: Request; back: string }): JSX.Element {
  const visitor = visitorOf(request)
  const words = chamberWords[visitor.language]
  const said = { wrong: words.pinWrong, noKey: words.pinNoKey, unknown: words.pinUnknown, failed: words.pinFailed }
  const wait = Array.from({ length: 16 }, (_, minutes) => words.pinWait(Math.max(1, minutes)))
  return (
    <Shell
      pages={parts.pages}
      visitor={visitor}
      title={words.pinTitle}
      style={signInStyle}
      narrow
      indexed={false}
      script="web/chamber/page/pin-page.ts"
      data={{ here: pinPath, back, nonce: parts.signIn.nonce(), ...said, wait }}
    >
      <div class="stack sign-in">
        <h1>{words.pinTitle}</h1>
        <p class="muted">{words.pinIntro}</p>
        <p id="dito" role="alert" hidden />
        <form class="card stack" method="post">
          <PinField name="pin" label={words.pinLabel} />
          <button class="btn main" type="submit" disabled>
            {words.pinAct}
          </button>
        </form>
      </div>
    </Shell>
  )
}

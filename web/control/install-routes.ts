import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type RequestHandler, Router } from 'express'
import { sessionToConduct } from '../../storage/model/session.ts'
import { readCouncil } from '../../storage/records/councils.ts'
import { listSessions } from '../../storage/records/sessions.ts'
import { councilOf, withCouncil } from '../council-of-request.ts'
import { appIcon } from '../design/app-icon.ts'
import { PageNotFoundError, RefusedError } from '../error-response.ts'
import { pagesPath } from '../pages.ts'
import { conductorOf, inChamber } from '../sign-in/in-chamber.ts'
import { visitorOf } from '../visitor.ts'
import type { WebParts } from '../web-parts.ts'
import { controlWords, signInWords } from '../words/staff-words.ts'

/** What makes the chamber page one that is installed and opens without a line. All addresses are relative: they hold wherever it is served. */
export function installRoutes(parts: WebParts): Router {
  const router = Router()
  const council = withCouncil(parts)
  const icons = new Map([192, 512].map((size) => [String(size), appIcon(size)]))
  router.get('/c/:council/sala/offline.js', council, serveWorker(parts))
  router.get('/c/:council/sala/sala.webmanifest', council, (request, response) => {
    const { language } = visitorOf(request)
    const { name } = councilOf(request)
    const { title } = controlWords[language]
    response.type('application/manifest+json').json({
      ...{ id: './', start_url: './', scope: './', name: `${title} · ${name}`, short_name: title, lang: language },
      ...{ display: 'fullscreen', display_override: ['fullscreen', 'standalone'], orientation: 'any' },
      ...{ theme_color: '#0e5468', background_color: '#fbfaf6' },
      icons: [...icons.keys()].flatMap((size) =>
        ['any', 'maskable'].map((purpose) => ({ src: `./icona-${size}.png`, sizes: `${size}x${size}`, type: 'image/png', purpose })),
      ),
    })
  })
  router.get('/c/:council/sala/icona-:size.png', council, (request, response) => {
    const icon = icons.get(String(request.params['size']))
    if (!icon) throw new PageNotFoundError()
    response.type('png').set('Cache-Control', 'public, max-age=86400').send(icon)
  })
  router.get('/c/:council/sala', council, inChamber(parts), async (request, response) => {
    const here = councilOf(request)
    const sessions = await parts.storage.database.inCouncil(here.id, async (tx) => ((await readCouncil(tx)) ? await listSessions(tx) : []))
    const { sessions: own, byTabletAlone } = conductorOf(request)
    const open = sessions.map((one) => one.session).filter((one) => own === undefined || own.has(one.id))
    const next = sessionToConduct(open, Date.now())
    if (!next && byTabletAlone) throw new RefusedError(404, (_, language) => signInWords[language].noSessions)
    response.redirect(303, visitorOf(request).href(next ? `/c/${here.slug}/sala/${next.slug}` : `/c/${here.slug}/mesa`))
  })
  return router
}

/** The worker that keeps the page must come from under the addresses it serves. */
function serveWorker(parts: WebParts): RequestHandler {
  return async (_request, response) => {
    const file = parts.pages.asset('web/control/page/offline-page.ts').slice(pagesPath.length)
    response
      .type('text/javascript')
      .set('Cache-Control', 'no-cache')
      .send(await readFile(join(parts.pages.folder, file), 'utf8'))
  }
}

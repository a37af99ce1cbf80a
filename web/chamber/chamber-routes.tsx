import { X509Certificate } from 'node:crypto'
import { json, Router } from 'express'
import { writeAudit } from '../../storage/records/audit.ts'
import { listChamberPages } from '../../storage/records/recorders.ts'
import { putChamberKey } from '../../storage/records/tablets.ts'
import { councilOf, withCouncil } from '../council-of-request.ts'
import { sendPage } from '../design/send-page.ts'
import { PageNotFoundError, RefusedError } from '../error-response.ts'
import { conductorOf, inChamber } from '../sign-in/in-chamber.ts'
import { hashPassword } from '../sign-in/password-hash.ts'
import { signedIn } from '../sign-in/signed-in.ts'
import { visitorOf } from '../visitor.ts'
import type { WebParts } from '../web-parts.ts'
import { chamberWords } from '../words/staff-words.ts'
import { chamberPage, keyRequest } from './chamber-protocol.ts'
import { PreparePage } from './prepare-page.tsx'
import { TrustPage } from './trust-page.tsx'

/** What is done once, with a line: `/c/<council>/sala-na-rede` tells how to trust the chamber page, `/c/<council>/tableta/pin` prepares a tablet. */
export function chamberRoutes(parts: WebParts): Router {
  const router = Router()
  const council = withCouncil(parts)
  router.get('/c/:council/sala-na-rede', council, signedIn(parts, 'secretary', 'technician'), async (request, response) => {
    const here = councilOf(request)
    const address = parts.config.publicUrl ?? `${request.protocol}://${request.get('Host')}`
    const recorders = await pagesOf(parts, here.id)
    sendPage(
      response,
      <TrustPage pages={parts.pages} visitor={visitorOf(request)} council={here} recorders={recorders} address={address} />,
    )
  })
  // Nothing secret: who installs it must be able to fetch it from a tablet that nobody signed in on.
  router.get('/c/:council/sala-na-rede/:recorder.crt', council, async (request, response) => {
    const found = (await pagesOf(parts, councilOf(request).id)).find((one) => one.id === request.params.recorder)
    if (!found) throw new PageNotFoundError()
    response
      .type('application/x-x509-ca-cert')
      .set('Content-Disposition', 'attachment; filename="sala.crt"')
      .send(new X509Certificate(found.page.authority).raw)
  })
  router.get('/c/:council/tableta/pin', council, inChamber(parts), (request, response) => {
    const { tablet } = conductorOf(request)
    sendPage(response, <PreparePage pages={parts.pages} visitor={visitorOf(request)} council={councilOf(request)} tablet={tablet} />)
  })
  router.post('/c/:council/tableta/pin', council, inChamber(parts), json({ limit: '1kb' }), async (request, response) => {
    const { key, pin } = keyRequest.parse(request.body)
    const { tablet, account } = conductorOf(request)
    if (tablet === undefined) throw new RefusedError(403, (_, language) => chamberWords[language].prepareNoTablet)
    const pinHash = await hashPassword(pin)
    await parts.storage.database.inCouncil(councilOf(request).id, async (tx) => {
      await putChamberKey(tx, tablet, { key, pinHash })
      await writeAudit(tx, { by: account, action: 'tablet-prepared', object: `tablet ${tablet}`, result: 'done' })
    })
    response.json({})
  })
  return router
}

async function pagesOf(parts: WebParts, council: Parameters<WebParts['storage']['database']['inCouncil']>[0]) {
  const found = await parts.storage.database.inCouncil(council, listChamberPages)
  return found.flatMap(({ page, ...rest }) => {
    const read = chamberPage.safeParse(page)
    return read.success ? [{ ...rest, page: read.data }] : []
  })
}

import { type Request, type Response, Router, raw, urlencoded } from 'express'
import { z } from 'zod'
import { putItem } from '../../../storage/model/agenda.ts'
import { itemId, newId } from '../../../storage/model/ids.ts'
import { type AgendaItem, agendaSection, itemKind } from '../../../storage/model/session.ts'
import { writeAudit } from '../../../storage/records/audit.ts'
import { changeSession } from '../../../storage/records/set-up.ts'
import { withCouncil } from '../../council-of-request.ts'
import { sendPage } from '../../design/send-page.ts'
import { RefusedError } from '../../error-response.ts'
import { signedIn } from '../../sign-in/signed-in.ts'
import type { WebParts } from '../../web-parts.ts'
import { type Returned, readValues, type Values } from '../form-state.ts'
import { orderOf } from '../session-acts.ts'
import { expectOpen, prepareView, sessionProblems } from '../session-routes.tsx'
import { readSetUp, setUpHref } from '../session-view.ts'
import { proposeFromRows } from './agenda-rows.ts'
import { type ProposedAgenda, proposeAgenda } from './agenda-text.ts'
import { ImportPage } from './import-page.tsx'
import { readUpload, UploadRefusedError, uploadLimits } from './read-upload.ts'

const count = z.coerce.number().int().min(0).max(200)
/** Typed over several lines, kept on one. */
const title = z
  .string()
  .max(2000)
  .default('')
  .transform((text) => text.replace(/\s+/gu, ' ').trim())

/** An agenda brought from a text, a table or a PDF: read, proposed, and confirmed by the secretary before anything enters. */
export function importRoutes(parts: WebParts): Router {
  const router = Router()
  const guards = [withCouncil(parts), signedIn(parts, 'secretary')]
  const path = '/c/:council/preparar/:session/importar'
  router.get(path, ...guards, (request, response) => show(parts, request, response, { values: {}, proposed: undefined }))
  router.post(path, ...guards, raw({ type: 'multipart/form-data', limit: uploadLimits.bytes + 1_000_000 }), (request, response) =>
    propose(parts, request, response),
  )
  router.post(`${path}/confirmar`, ...guards, urlencoded({ extended: false, limit: '2mb', parameterLimit: 1200 }), (request, response) =>
    confirm(parts, request, response),
  )
  return router
}

async function propose(parts: WebParts, request: Request, response: Response): Promise<void> {
  const view = prepareView(parts, request, undefined)
  const sent = await readForm(request)
  const values: Values = { act: 'read', pasted: sent.pasted }
  try {
    const proposed = sent.file ? await proposeFile(sent.file) : proposeAgenda(sent.pasted)
    await show(parts, request, response, { values, proposed: capped(proposed) })
  } catch (error) {
    if (!(error instanceof UploadRefusedError)) throw error
    response.status(422)
    const problems = [view.words.pdfProblems[error.problem]]
    await show(parts, request, response, { values, proposed: undefined, returned: { act: 'read', values, problems, conflict: false } })
  }
}

async function proposeFile(file: File): Promise<ProposedAgenda> {
  const upload = await readUpload(new Uint8Array(await file.arrayBuffer()), file.name)
  return upload.kind === 'rows' ? proposeFromRows(upload.rows) : proposeAgenda(upload.text)
}

/** More points than a plenary can have are not a plenary's. */
function capped(of: ProposedAgenda): ProposedAgenda {
  return { items: of.items.slice(0, 120), ignored: [...of.ignored, ...of.items.slice(120).map((one) => one.title)] }
}

/** The platform's own reader of multipart forms (RFC 7578). @throws RefusedError it is none */
async function readForm(request: Request): Promise<{ pasted: string; file: File | undefined }> {
  const body: unknown = request.body
  if (!Buffer.isBuffer(body)) throw new RefusedError(400, (words) => words.badRequest)
  const form = await new globalThis.Response(new Uint8Array(body), { headers: { 'Content-Type': request.get('Content-Type') ?? '' } })
    .formData()
    .catch((cause: unknown) => {
      throw new RefusedError(400, (words) => words.badRequest, { cause })
    })
  const [pasted, file] = [form.get('pasted'), form.get('file')]
  return {
    pasted: typeof pasted === 'string' ? pasted.slice(0, 200_000) : '',
    file: file instanceof File && file.size > 0 ? file : undefined,
  }
}

async function confirm(parts: WebParts, request: Request, response: Response): Promise<void> {
  const view = prepareView(parts, request, undefined)
  const values = readValues(request.body)
  const slug = String(request.params['session'])
  try {
    const items = takenItems(values)
    await parts.storage.database.inCouncil(view.listed.id, async (tx) => {
      const setUp = await readSetUp(tx, slug, Date.now())
      expectOpen(setUp)
      await changeSession(tx, setUp.session.id, {
        by: view.staff.account,
        part: orderOf,
        seen: values['seen'] ?? '',
        apply: (current) => ({ ...current, agenda: items.reduce(withItem, current.agenda) }),
      })
      const object = `session ${setUp.session.id}`
      await writeAudit(tx, { by: view.staff.account, action: 'session-import', object, result: `${items.length} items` })
    })
    response.redirect(303, setUpHref(view, slug, `?feito=imported&n=${items.length}#orde`))
  } catch (error) {
    const problems = sessionProblems(error, view.words)
    if (!problems) throw error
    response.status(409)
    const proposed = { items: takenItems(values).map(toProposed), ignored: [] }
    await show(parts, request, response, { values: {}, proposed, returned: { act: 'confirm', values, problems, conflict: true } })
  }
}

/** What was confirmed, in its order; a line without a title is none. @throws ZodError */
function takenItems(values: Values): AgendaItem[] {
  return Array.from({ length: count.parse(values['count']) }, (_, index) => index).flatMap((index) => {
    const [gl, es] = [title.parse(values[`titleGl-${index}`]), title.parse(values[`titleEs-${index}`])]
    if (values[`take-${index}`] !== 'yes' || (gl === '' && es === '')) return []
    return [
      {
        id: itemId.parse(newId()),
        number: 1,
        kind: itemKind.parse(values[`kind-${index}`]),
        section: agendaSection.parse(values[`section-${index}`]),
        title: { gl: gl === '' ? es : gl, es: es === '' ? gl : es },
        majority: 'simple' as const,
      },
    ]
  })
}

/** An item the agenda has by law already takes the words that were brought; it does not stand there twice. */
function withItem(agenda: AgendaItem[], item: AgendaItem): AgendaItem[] {
  const fixed = item.kind === 'rogos-e-preguntas' || item.kind === 'urgency'
  const there = fixed ? agenda.find((one) => one.kind === item.kind) : undefined
  return putItem(agenda, there ? { ...there, title: item.title } : item)
}

function toProposed(item: AgendaItem): ProposedAgenda['items'][number] {
  return { title: item.title.gl, other: item.title.es, kind: item.kind, section: item.section, reason: 'column' }
}

interface Shown {
  values: Values
  proposed: ProposedAgenda | undefined
  returned?: Returned
}

async function show(parts: WebParts, request: Request, response: Response, shown: Shown): Promise<void> {
  const view = prepareView(parts, request, shown.returned)
  const setUp = await parts.storage.database.inCouncil(view.listed.id, (tx) => readSetUp(tx, String(request.params['session']), Date.now()))
  expectOpen(setUp)
  sendPage(response, <ImportPage view={view} setUp={setUp} values={shown.values} proposed={shown.proposed} />)
}

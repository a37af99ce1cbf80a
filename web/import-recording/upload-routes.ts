import { type NextFunction, type Request, type RequestHandler, type Response, Router } from 'express'
import { z } from 'zod'
import type { CouncilId } from '../../storage/model/ids.ts'
import {
  type Upload,
  UploadPlaceError,
  type UploadStore,
  UploadTooLargeError,
  UploadUnknownError,
} from '../../storage/uploads/upload-store.ts'
import { councilOf } from '../council-of-request.ts'
import { RefusedError } from '../error-response.ts'
import { staffOf } from '../sign-in/staff-of-request.ts'
import { visitorOf } from '../visitor.ts'
import { fileSize } from '../words/dates.ts'
import { importWords } from '../words/words.ts'

/** What becomes of uploads here. */
export interface UploadTaking {
  store: UploadStore
  /** Before a byte is let in. @throws RefusedError */
  admit(request: Request, fields: Record<string, string>): Promise<void>
  /** The whole file is here; may be called again. @throws RefusedError it is not taken, and forgotten */
  take(request: Request, upload: Upload): Promise<void>
}

const version = '1.0.0'
const pieceType = 'application/offset+octet-stream'
const wholeNumber = z.coerce.number().int().nonnegative()

/**
 * The resumable upload protocol tus 1.0.0 (https://tus.io/protocols/resumable-upload): core, creation and termination. A piece is acknowledged
 * when it is on the disk; one that breaks off counts as far as it came.
 * @param path of the collection, with `:council`
 */
export function uploadRoutes(path: string, guards: RequestHandler[], taking: UploadTaking): Router {
  const { store } = taking
  const router = Router()
  const each = `${path}/:upload`
  router.options([path, each], ...guards, (_request, response) => {
    response.set({ 'Tus-Resumable': version, 'Tus-Version': version, 'Tus-Extension': 'creation,termination' }).status(204).end()
  })
  router.post(path, ...guards, speaksTus, async (request, response) => {
    const sizeBytes = wholeNumber.safeParse(request.get('Upload-Length') || undefined)
    if (!sizeBytes.success || sizeBytes.data === 0) throw refused(400, (words) => words.refusals.length)
    const fields = readMetadata(request.get('Upload-Metadata') ?? '')
    await taking.admit(request, fields)
    const upload = await store.create(councilOf(request).id, { sizeBytes: sizeBytes.data, by: staffOf(request).account, fields })
    response
      .set('Location', `${visitorOf(request).href(request.path)}/${upload.id}`)
      .status(201)
      .end()
  })
  router.head(each, ...guards, speaksTus, async (request, response) => {
    const upload = await store.find(council(request), id(request))
    // The last answer may have been lost: what is whole is taken now.
    if (upload.offset === upload.sizeBytes) await taking.take(request, upload)
    response
      .set({ 'Upload-Offset': String(upload.offset), 'Upload-Length': String(upload.sizeBytes) })
      .status(200)
      .end()
  })
  router.patch(each, ...guards, speaksTus, async (request, response) => {
    if (request.get('Content-Type') !== pieceType) throw refused(400, (words) => words.refusals.protocol)
    const from = wholeNumber.safeParse(request.get('Upload-Offset') || undefined)
    if (!from.success) throw refused(400, (words) => words.refusals.protocol)
    const upload = await store.find(council(request), id(request))
    const offset = await store.append(upload, from.data, request).catch((error: unknown) => {
      if (error instanceof UploadPlaceError || !request.readableAborted) throw error
      return undefined
    })
    // The line broke: nobody is there to be answered, and what came is kept.
    if (offset === undefined) return
    if (offset === upload.sizeBytes) await taking.take(request, { ...upload, offset })
    response.set('Upload-Offset', String(offset)).status(204).end()
  })
  router.delete(each, ...guards, speaksTus, async (request, response) => {
    const upload = await store.find(council(request), id(request))
    if (upload.offset < upload.sizeBytes) await store.remove(upload)
    response.status(204).end()
  })
  router.use(path, toSentence)
  return router
}

const council = (request: Request): CouncilId => councilOf(request).id
const id = (request: Request): string => String(request.params['upload'])

function speaksTus(request: Request, response: Response, next: NextFunction): void {
  response.set('Tus-Resumable', version)
  if (request.get('Tus-Resumable') !== version) throw refused(400, (words) => words.refusals.protocol)
  next()
}

/** `filename d29ybGQ=,day MjAxOQ==`: names with base64 values. */
function readMetadata(header: string): Record<string, string> {
  const pairs = header.slice(0, 8000).split(',')
  return Object.fromEntries(
    pairs.flatMap((pair) => {
      const [name = '', value = ''] = pair.trim().split(' ')
      return /^[a-z]{1,30}$/i.test(name) ? [[name, Buffer.from(value, 'base64').toString('utf8').slice(0, 500)]] : []
    }),
  )
}

export function refused(
  status: 400 | 404 | 409 | 413 | 422,
  say: (words: (typeof importWords)['gl'], language: 'gl' | 'es') => string,
): RefusedError {
  return new RefusedError(status, (_, language) => say(importWords[language], language))
}

function toSentence(error: unknown, request: Request, _response: Response, next: NextFunction): void {
  next(sentenceOf(error, Number(request.get('Upload-Length'))))
}

function sentenceOf(error: unknown, neededBytes: number): unknown {
  if (error instanceof UploadUnknownError) return refused(404, (words) => words.refusals.gone)
  if (error instanceof UploadPlaceError) return refused(409, (words) => words.refusals.place)
  if (!(error instanceof UploadTooLargeError)) return error
  const { freeBytes } = error
  return refused(413, (words, language) => words.refusals.room(fileSize(neededBytes, language), fileSize(freeBytes, language)))
}

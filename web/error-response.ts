import type { ErrorRequestHandler, Request, Response } from 'express'
import type { Logger } from 'pino'
import { ZodError } from 'zod'
import { errorPage } from './design/error-page.tsx'
import { sendPage } from './design/send-page.ts'
import type { Pages } from './pages.ts'
import { visitorOf } from './visitor.ts'
import type { CommonWords } from './words/common-gl.ts'
import { commonWords, inLanguage } from './words/words.ts'

/** A request that is understood and not granted: `say` gives its sentence in the visitor's language. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError'
  readonly status: number
  readonly say: (words: CommonWords, language: 'gl' | 'es') => string

  constructor(status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 422 | 428 | 429 | 503, say: RefusedError['say'], options?: ErrorOptions) {
    super(`request refused with ${status}`, options)
    this.status = status
    this.say = say
  }
}

/** Nothing is here, or nothing this visitor may see: both look the same. */
export class PageNotFoundError extends RefusedError {
  constructor() {
    super(404, (words) => words.notFound)
  }
}

interface Answer {
  status: number
  title: string
  sentence: string
}

function answerTo(error: unknown, words: CommonWords, language: 'gl' | 'es'): Answer {
  if (error instanceof PageNotFoundError) return { status: 404, title: words.notFoundTitle, sentence: words.notFound }
  if (error instanceof RefusedError) return { status: error.status, title: words.errorTitle, sentence: error.say(words, language) }
  if (error instanceof ZodError || error instanceof URIError) return { status: 400, title: words.errorTitle, sentence: words.badRequest }
  if (error instanceof Error && error.name === 'StoreUnavailableError') {
    return { status: 503, title: words.errorTitle, sentence: words.storeUnavailable }
  }
  const status = clientStatus(error)
  if (status === 413) return { status, title: words.errorTitle, sentence: words.tooLarge }
  if (status !== undefined) return { status, title: words.errorTitle, sentence: words.badRequest }
  return { status: 500, title: words.errorTitle, sentence: words.failed }
}

/** The 4xx that body parsers and the router attach to their own errors. */
function clientStatus(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('status' in error)) return undefined
  return typeof error.status === 'number' && error.status >= 400 && error.status < 500 ? error.status : undefined
}

/** A sentence in the visitor's language, as a page or as JSON; the stack goes to the log and nowhere else. */
export function errorResponse(pages: Pages, log: Logger): ErrorRequestHandler {
  return (error: unknown, request: Request, response: Response, _next) => {
    const visitor = visitorOf(request)
    const answer = answerTo(error, inLanguage(commonWords, visitor.language), visitor.language)
    if (answer.status >= 500) log.error({ err: error, request: visitor.requestId }, 'request failed')
    if (response.headersSent) {
      response.destroy()
      return
    }
    response.status(answer.status).set('Cache-Control', 'no-store')
    if (request.accepts(['html', 'json']) === 'json') response.json({ error: answer.sentence, request: visitor.requestId })
    else sendPage(response, errorPage({ pages, visitor, title: answer.title, sentence: answer.sentence }))
  }
}

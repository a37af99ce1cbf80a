import { type RequestHandler, Router, text } from 'express'
import { councilOf, withCouncil } from '../council-of-request.ts'
import { RefusedError } from '../error-response.ts'
import { visitorOf } from '../visitor.ts'
import type { WebParts } from '../web-parts.ts'
import { microphonesWords } from '../words/staff-words.ts'
import { batchAnswer } from './batch-answer.ts'
import { TooManyLinesError } from './microphones.ts'
import { systemOf } from './system-token.ts'

/** Some ten thousand lines; who has more sends them in pieces. */
export const largestBatchBytes = 1_000_000

/** `POST /c/<council>/microfonos/eventos`: a conference system tells which microphones were switched (docs/microphones.md). */
export function intakeRoutes(parts: WebParts): Router {
  const router = Router()
  // Whatever type a system says its lines are of.
  const body = text({ type: () => true, limit: largestBatchBytes })
  router.post('/c/:council/microfonos/eventos', answerInJson, withCouncil(parts), takeBatch(parts, body))
  return router
}

/** What reads the answer is a machine, whatever it says it accepts. */
const answerInJson: RequestHandler = (request, _response, next) => {
  request.headers.accept = 'application/json'
  next()
}

function takeBatch(parts: WebParts, readBody: RequestHandler): RequestHandler {
  return async (request, response, next) => {
    const { id } = councilOf(request)
    const { language } = visitorOf(request)
    response.set('Cache-Control', 'no-store')
    // Before its body is read: a stranger's is not.
    const system = await systemOf(parts.storage, id, request.get('Authorization'))
    if (system === undefined) {
      response.status(401).set('WWW-Authenticate', 'Bearer').json({ error: microphonesWords[language].noToken })
      return
    }
    readBody(request, response, (error: unknown) => {
      if (error) return next(error)
      batchAnswer(parts.microphones, { council: id, system, language }, typeof request.body === 'string' ? request.body : '')
        .then(({ status, answer }) => void response.status(status).json(answer))
        .catch((cause: unknown) =>
          next(cause instanceof TooManyLinesError ? new RefusedError(429, (_, said) => microphonesWords[said].tooMany, { cause }) : cause),
        )
    })
  }
}

import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Request, Response } from 'express'
import { rateLimit } from 'express-rate-limit'
import { z } from 'zod'
import type { ObjectStore } from '../../storage/objects/object-store.ts'
import { RefusedError } from '../error-response.ts'

/** A player asks for a segment every few seconds, and for several at once after a jump: twice as many as pages. */
const segmentsAPage = 2

interface SentObject {
  key: string
  version: string
  sizeBytes: number
  type: string
  /** Asked again while it is on its way; a rejection counts as no. */
  stillShown: () => Promise<boolean>
}

/** A closed part or a withdrawal that comes in the middle of a long download cuts it off after so long at most. */
const askAgainMs = 1_000

/** Streams an object, or the one range that is asked for (RFC 9110 §14). */
export async function sendObject(objects: ObjectStore, request: Request, response: Response, object: SentObject): Promise<void> {
  const { key, version, sizeBytes, type } = object
  response.set({ 'Content-Type': type, 'Accept-Ranges': 'bytes' })
  if (response.get('Cache-Control') === undefined) response.set('Cache-Control', 'no-store')
  const asked = request.headers.range === undefined ? undefined : request.range(sizeBytes, { combine: true })
  if (asked === -1) {
    response.status(416).set('Content-Range', `bytes */${sizeBytes}`).end()
    return
  }
  const range = Array.isArray(asked) && asked.type === 'bytes' && asked.length === 1 ? asked[0] : undefined
  if (range) response.status(206).set('Content-Range', `bytes ${range.start}-${range.end}/${sizeBytes}`)
  response.set('Content-Length', String(range ? range.end - range.start + 1 : sizeBytes))
  if (request.method === 'HEAD') {
    response.end()
    return
  }
  const stream = await objects.stream(key, { version, ...(range ? { range: { from: range.start, to: range.end } } : {}) })
  const watch = setInterval(() => {
    object.stillShown().then(
      (shown) => {
        if (!shown) response.destroy()
      },
      () => response.destroy(),
    )
  }, askAgainMs)
  await pipeline(Readable.fromWeb(z.custom<import('node:stream/web').ReadableStream>().parse(stream)), response)
    .catch((cause: unknown) => {
      // A reader who leaves in the middle, or is cut off, is no fault of ours.
      if (!response.destroyed) throw cause
    })
    .finally(() => clearInterval(watch))
}

/** For who fetches many segments; other requests have a limit of their own. */
export function limitSegments({ requestsPerMinute }: { requestsPerMinute: number }) {
  return rateLimit({
    windowMs: 60_000,
    limit: segmentsAPage * requestsPerMinute,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: () => {
      throw new RefusedError(429, (words) => words.tooMany)
    },
  })
}

import { type Request, type RequestHandler, type Response, Router } from 'express'
import { z } from 'zod'
import type { LiveRooms } from '../control/room-live.ts'
import { councilOf, withCouncil } from '../council-of-request.ts'
import { sendPage } from '../design/send-page.ts'
import { PageNotFoundError } from '../error-response.ts'
import { playlist } from '../portal/playlist.ts'
import { limitSegments, sendObject } from '../portal/send-object.ts'
import { visitorOf } from '../visitor.ts'
import type { WebParts } from '../web-parts.ts'
import { LiveEvents } from './live-events.ts'
import { LivePage } from './live-page.tsx'
import type { LiveAnswer } from './live-protocol.ts'
import { liveSentences } from './live-sentences.ts'
import { type LiveView, readLive } from './read-live.ts'

const address = '/c/:council/directo/:session'
const slug = z.string().regex(/^[a-z0-9-]{1,80}$/)
/** Parts are numbered from 0, their segments too: together a number that only grows. */
const mostInPart = 1_000_000

/** The session while it runs, for anybody: never nearer than half a minute, never a closed part (design.md §2 "closed parts and live"). */
export function liveRoutes(parts: WebParts, rooms: LiveRooms): Router {
  const router = Router()
  const events = new LiveEvents()
  const read = async (request: Request): Promise<LiveView> => {
    const wanted = slug.safeParse(request.params['session'])
    const view = wanted.success ? await readLive(parts, rooms, events, { listed: councilOf(request), slug: wanted.data }) : undefined
    if (!view) throw new PageNotFoundError()
    return view
  }
  // Nothing of it lives on anywhere: what is closed later must be gone, also from a cache on the way.
  const neverKept: RequestHandler = (_request, response, next) => {
    response.set('Cache-Control', 'no-store')
    next()
  }
  const guards = [withCouncil(parts), neverKept]
  router.get(address, guards, async (request: Request, response: Response) => {
    const view = await read(request)
    sendPage(response, <LivePage pages={parts.pages} visitor={visitorOf(request)} listed={councilOf(request)} view={view} />)
  })
  router.get(`${address}/estado.json`, guards, async (request: Request, response: Response) => {
    const view = await read(request)
    const sentences = liveSentences(view, visitorOf(request).language)
    response.json({ phase: view.phase, run: view.run, ...sentences } satisfies LiveAnswer)
  })
  router.get(`${address}/video.m3u8`, guards, async (request: Request, response: Response) => {
    const { segments } = await read(request)
    const first = segments[0]
    if (!first) throw new PageNotFoundError()
    const text = playlist(segments, (line) => `segmentos/${line.sha256}.ts`, { sequence: first.part * mostInPart + first.index })
    response.type('application/vnd.apple.mpegurl').send(text)
  })
  router.get(`${address}/segmentos/:sha256.ts`, limitSegments(parts.config), guards, async (request: Request, response: Response) => {
    const find = async () => (await read(request)).stored.find(({ line }) => line.sha256 === request.params['sha256'])
    const found = await find()
    if (!found) throw new PageNotFoundError()
    const stillShown = async () => (await find()) !== undefined
    await sendObject(parts.storage.objects, request, response, { ...found, sizeBytes: found.line.bytes, type: 'video/mp2t', stillShown })
  })
  return router
}

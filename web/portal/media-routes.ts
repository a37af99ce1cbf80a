import { type Response, Router } from 'express'
import { lineBytes, lineLeafHash } from '../../storage/custody/journal-tree.ts'
import { toHex } from '../../storage/custody/sha256.ts'
import { language } from '../../storage/model/council.ts'
import { sha256Hex } from '../../storage/model/ids.ts'
import { isWithheld, publicEvents } from '../../storage/model/public-view.ts'
import { isSealedLine, isSegmentLine } from '../../storage/model/recording.ts'
import { readJournal } from '../../storage/records/journal.ts'
import { readCaptions } from '../../storage/records/transcripts.ts'
import { councilOf } from '../council-of-request.ts'
import { PageNotFoundError } from '../error-response.ts'
import { publicCaptions } from './captions.ts'
import { playlist } from './playlist.ts'
import { limitSegments, sendObject } from './send-object.ts'
import { type PortalParts, sessionOfRequest } from './session-request.ts'
import type { SessionView } from './session-view.ts'

/** The public bytes of a session: playlist, segments, captions, documents, data. Each asks anew whether the session is published. */
export function mediaRoutes(parts: PortalParts): Router {
  const router = Router({ mergeParams: true })
  const { objects, database } = parts.storage

  router.get('/video.m3u8', async (request, response) => {
    const view = await sessionOfRequest(parts, request)
    if (!view.recording) throw new PageNotFoundError()
    const lines = view.recording.segments.map(({ line }) => line)
    keepPrivate(response, view)
    response.type('application/vnd.apple.mpegurl').send(playlist(lines, (line) => `segmentos/${line.sha256}.ts`))
  })

  router.get('/segmentos/:sha256.ts', limitSegments(parts.config), async (request, response) => {
    const view = await sessionOfRequest(parts, request)
    const wanted = sha256Hex.safeParse(request.params.sha256)
    const segment = view.recording?.segments.find(({ line }) => line.sha256 === wanted.data)
    if (!wanted.success || !segment) throw new PageNotFoundError()
    // For this browser alone: what the secretary withdraws must not live on in a cache that others share.
    if (view.publishedAtMs !== null) response.set('Cache-Control', 'private, max-age=31536000, immutable')
    const stillShown = async () =>
      (await sessionOfRequest(parts, request)).recording?.segments.some(({ line }) => line.sha256 === wanted.data) === true
    await sendObject(objects, request, response, { ...segment, sizeBytes: segment.line.bytes, type: 'video/mp2t', stillShown })
  })

  router.get('/subtitulos.:language.vtt', async (request, response) => {
    const view = await sessionOfRequest(parts, request)
    const wanted = language.safeParse(request.params.language)
    const stored = await database.inCouncil(councilOf(request).id, (tx) => readCaptions(tx, view.session.id))
    const captions = stored.find((one) => one.language === wanted.data)
    if (!captions) throw new PageNotFoundError()
    const vtt = new TextDecoder().decode(await objects.read(captions.key, captions.version))
    keepPrivate(response, view)
    response.type('text/vtt').send(publicCaptions(vtt, view.withheld, view.recording?.pieces ?? []))
  })

  router.get('/acta.pdf', async (request, response) => {
    const view = await sessionOfRequest(parts, request)
    if (!view.acta) throw new PageNotFoundError()
    nameFile(response, view, 'acta', 'pdf')
    keepPrivate(response, view)
    const stillShown = async () => (await sessionOfRequest(parts, request)).acta !== undefined
    await sendObject(objects, request, response, { ...view.acta, type: 'application/pdf', stillShown })
  })

  router.get('/gravacion.mp4', async (request, response) => {
    const view = await sessionOfRequest(parts, request)
    if (!view.master || view.withheld.length > 0) throw new PageNotFoundError()
    nameFile(response, view, 'gravacion', 'mp4')
    keepPrivate(response, view)
    const stillShown = async () => (await sessionOfRequest(parts, request)).withheld.length === 0
    await sendObject(objects, request, response, { ...view.master, type: 'video/mp4', stillShown })
  })

  router.get('/transcript.json', async (request, response) => {
    const view = await sessionOfRequest(parts, request)
    if (!view.transcript) throw new PageNotFoundError()
    keepPrivate(response, view)
    response.json(view.transcript)
  })

  router.get('/events.jsonl', async (request, response) => {
    const view = await sessionOfRequest(parts, request)
    keepPrivate(response, view)
    response.type('application/x-ndjson').send(
      publicEvents(view.state.events, view.closed)
        .map((event) => `${JSON.stringify(event)}\n`)
        .join(''),
    )
  })

  router.get('/journal.jsonl', async (request, response) => {
    const view = await sessionOfRequest(parts, request)
    const rows = await database.inCouncil(councilOf(request).id, (tx) => readJournal(tx, view.session.id))
    const lines = rows.map(({ content }) => {
      const isHidden = isSegmentLine(content) && isWithheld(content.ptsMs, content.ptsMs + content.durationMs, view.withheld)
      const hidden = isSealedLine(content) || isHidden
      return hidden ? JSON.stringify({ withheld: toHex(lineLeafHash(content)) }) : new TextDecoder().decode(lineBytes(content))
    })
    keepPrivate(response, view)
    response.type('application/x-ndjson').send(lines.map((line) => `${line}\n`).join(''))
  })
  return router
}

/** What may change or be withdrawn is asked for anew each time; what is not published is kept by nobody. */
function keepPrivate(response: Response, view: SessionView): void {
  response.set('Cache-Control', view.publishedAtMs === null ? 'no-store' : 'private, no-cache')
}

function nameFile(response: Response, view: SessionView, what: string, extension: string): void {
  response.set('Content-Disposition', `inline; filename="${what}-${view.councilSlug}-${view.session.slug}.${extension}"`)
}

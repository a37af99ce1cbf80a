import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId, sessionId } from '../../../storage/model/ids.ts'
import { sessionEvent } from '../../../storage/model/session-events.ts'
import { putAccount } from '../../../storage/records/accounts.ts'
import { appendEvents } from '../../../storage/records/session-events.ts'
import { putSession, readStage, setPublished, setStage } from '../../../storage/records/sessions.ts'
import type { RunningWeb } from '../../../web/main.ts'
import { hashPassword } from '../../../web/sign-in/password-hash.ts'
import { type PublishedSession, putPublishedSession } from '../../servers/published-session.ts'
import { startTestWeb } from '../../servers/running-web.ts'
import { openTestStorage, type TestStorage } from '../../servers/test-storage.ts'
import { putImportedSession } from './imported-session.ts'

let storage: TestStorage
let web: RunningWeb
let open: PublishedSession
let closed: PublishedSession
let hidden: PublishedSession

beforeAll(async () => {
  storage = await openTestStorage()
  open = await putPublishedSession(storage, { slug: 'vilarino', seconds: 120 })
  closed = await putPublishedSession(storage, { slug: 'con-peche', closed: { fromMs: 70_000, toMs: 90_000 } })
  hidden = await putPublishedSession(storage, { slug: 'agochado', seconds: 8, published: false, verified: false })
  web = await startTestWeb(storage)
})
afterAll(async () => {
  await web?.[Symbol.asyncDispose]()
  await storage?.[Symbol.asyncDispose]()
})

const pathOf = (one: PublishedSession, rest = '') => `/c/${one.slug}/${one.session.slug}${rest}`
const get = (path: string, headers: Record<string, string> = {}) => fetch(web.address + path, { headers, redirect: 'manual' })
const text = async (path: string) => (await get(path)).text()

describe('a published session', () => {
  test('is a page in Galician, and under /es in Spanish, each naming the other', async () => {
    const gl = await text(pathOf(open))
    const es = await text(`/es${pathOf(open)}`)
    expect(gl).toContain('<html lang="gl">')
    expect(gl).toContain('Pleno ordinario do 27 de outubro de 2026')
    expect(gl).toContain(`hreflang="es" href="/es${pathOf(open)}"`)
    expect(es).toContain('<html lang="es">')
    expect(es).toContain('Pleno ordinario del 27 de octubre de 2026')
    expect(es).toContain(`href="/es/c/vilarino/2026-10-27/punto/3"`)
    expect(await text(`${pathOf(open)}?lang=es`)).toContain('<html lang="es">')
  })

  test('shows an item with its result in words, every vote and what was said, without any script', async () => {
    const page = (await text(pathOf(open, '/punto/1'))).replace(/<script[\s\S]*?<\/script>/g, '')
    expect(page).toContain('14 votos a favor, 1 en contra e 3 abstencións')
    expect(page.match(/<th scope="row">/g)).toHaveLength(18)
    const utterance = open.transcript.utterances.find((one) => one.fromMs > 15_000)
    expect(page).toContain(utterance?.words[0]?.text ?? 'nothing')
    expect(page).toContain('href="/c/vilarino/2026-10-27/acta.pdf"')
    expect(page).toContain('href="/c/vilarino/2026-10-27/gravacion.mp4#t=14"')
  })

  test('begins where the address asks', async () => {
    expect(await text(pathOf(open, '/punto/1?t=30'))).toContain('gravacion.mp4#t=30')
  })

  test('is said to be verified only when verify said authentic', async () => {
    expect(await text(pathOf(open))).toContain('data-session-verified="true"')
    const unverified = await putPublishedSession(storage, { slug: 'sen-comprobar', seconds: 8, verified: false })
    expect(await text(pathOf(unverified))).not.toMatch(/data-session-verified|Comprobado:/)
  })

  test('brought as a file is called no original: of what was before it came there is no proof', async () => {
    const path = pathOf(await putImportedSession(storage, 'traido'))
    const said = await Promise.all([path, `${path}/comprobar`, `/es${path}`, `/es${path}/comprobar`].map(text))
    const honest = /ficheiro da gravación, o 2 de novembro de 2026. Do que lle pasou antes non hai|, el 2 de .* no hay prueba/
    expect(said.filter((page) => !honest.test(page) || /son os orixinais|son los originales/.test(page))).toEqual([])
  })

  test('plays over a playlist whose segments are the bytes that were journalled', async () => {
    const answer = await get(pathOf(open, '/video.m3u8'), { 'Accept-Encoding': 'br' })
    const list = expect.stringContaining('application/vnd.apple.mpegurl')
    expect([answer.headers.get('content-type'), answer.headers.get('content-encoding')]).toEqual([list, 'br'])
    const names = (await answer.text()).split('\n').filter((line) => line.endsWith('.ts'))
    expect(names).toHaveLength(open.segments.length)
    const segment = await get(pathOf(open, `/${names[3]}`))
    const bytes = new Uint8Array(await segment.arrayBuffer())
    expect(`segmentos/${createHash('sha256').update(bytes).digest('hex')}.ts`).toBe(names[3])
    expect(segment.headers.get('cache-control')).toBe('private, max-age=31536000, immutable')
    expect(segment.headers.get('content-type')).toBe('video/mp2t')
  })

  test('gives one range of a file, and says when there is no such range', async () => {
    const whole = Buffer.from(await (await get(pathOf(open, '/gravacion.mp4'))).arrayBuffer())
    const part = await get(pathOf(open, '/gravacion.mp4'), { Range: 'bytes=100-199' })
    expect(part.status).toBe(206)
    expect(part.headers.get('content-range')).toBe(`bytes 100-199/${whole.length}`)
    expect(Buffer.from(await part.arrayBuffer())).toEqual(whole.subarray(100, 200))
    expect((await get(pathOf(open, '/gravacion.mp4'), { Range: 'bytes=99999999-' })).status).toBe(416)
    expect((await get(pathOf(open, '/gravacion.mp4'), { Range: 'bytes=-10' })).headers.get('content-length')).toBe('10')
  })

  test('gives its acta, its captions and its data', async () => {
    const acta = new Uint8Array(await (await get(pathOf(open, '/acta.pdf'))).arrayBuffer())
    expect(acta).toEqual(open.acta)
    expect(await text(pathOf(open, '/subtitulos.gl.vtt'))).toMatch(/^WEBVTT\n\n\d\d:\d\d:\d\d\.\d{3} --> /)
    expect(JSON.parse(await text(pathOf(open, '/transcript.json'))).utterances).toHaveLength(open.transcript.utterances.length)
    expect(await text(pathOf(open, '/events.jsonl'))).not.toContain('account-1')
    const journal = (await text(pathOf(open, '/journal.jsonl'))).trim().split('\n')
    expect(journal).toHaveLength(open.segments.length)
    expect(JSON.parse(journal[0] ?? '').sha256).toBe(open.segments[0]?.sha256)
  })

  test('is no longer anywhere once it is withdrawn', async () => {
    const once = await putPublishedSession(storage, { slug: 'retirado', seconds: 8 })
    const paths = [
      '',
      '/punto/1',
      '/texto',
      '/comprobar',
      '/video.m3u8',
      `/segmentos/${once.segments[0]?.sha256}.ts`,
      '/acta.pdf',
      '/gravacion.mp4',
      '/transcript.json',
      '/events.jsonl',
      '/journal.jsonl',
      '/subtitulos.gl.vtt',
    ]
    const statuses = () => Promise.all(paths.map(async (path) => (await get(pathOf(once, path))).status))
    expect(await statuses()).toEqual(paths.map(() => 200))
    await storage.database.inCouncil(once.council.id, (tx) => setPublished(tx, once.session.id, null))
    expect(await statuses()).toEqual(paths.map(() => 404))
    expect(await text('/c/retirado')).toContain('Aínda non hai ningún pleno publicado')
  })
})

describe('a closed part', () => {
  const isClosed = (one: { ptsMs: number; durationMs: number }) => one.ptsMs <= 110_000 && one.ptsMs + one.durationMs >= 50_000

  test('is in no playlist, and its segments are not routable', async () => {
    const shown = await text(pathOf(closed, '/video.m3u8'))
    const withheld = closed.segments.filter(isClosed)
    expect(withheld.length).toBeGreaterThan(8)
    for (const one of withheld) {
      expect(shown).not.toContain(one.sha256)
      expect((await get(pathOf(closed, `/segmentos/${one.sha256}.ts`))).status).toBe(404)
    }
    expect(shown.match(/#EXT-X-DISCONTINUITY/g)).toHaveLength(1)
  })

  test('takes its words out of pages, transcript, captions and journal, and the whole file with it', async () => {
    const words = closed.transcript.utterances
      .filter((one) => one.fromMs > 55_000 && one.toMs < 88_000)
      .map((one) => one.words.map((word) => word.text).join(' '))
    expect(words.length).toBeGreaterThan(2)
    const shown = await Promise.all(
      ['', '/punto/1', '/punto/2', '/punto/3', '/texto', '/transcript.json', '/subtitulos.gl.vtt', '/subtitulos.es.vtt'].map((path) =>
        text(pathOf(closed, path)),
      ),
    )
    const unique = words.filter(
      (said) => closed.transcript.utterances.filter((one) => one.words.map((word) => word.text).join(' ') === said).length === 1,
    )
    for (const said of unique) expect(shown.join('\n')).not.toContain(said)
    expect(shown[2]).toContain('Sesión pechada ao público (0:50 – 1:50)')
    expect((await get(pathOf(closed, '/gravacion.mp4'))).status).toBe(404)
    const journal = (await text(pathOf(closed, '/journal.jsonl'))).trim().split('\n')
    expect(journal.filter((line) => /^\{"withheld":"[0-9a-f]{64}"\}$/.test(line))).toHaveLength(closed.segments.filter(isClosed).length)
  })
})

test('a closed part that arrives late withdraws at once what was shown before', async () => {
  const late = await putPublishedSession(storage, { slug: 'tarde', seconds: 60 })
  const segment = pathOf(late, `/segmentos/${late.segments[10]?.sha256}.ts`)
  expect((await get(segment)).status).toBe(200)
  const mark = (seq: number, mediaMs: number, fields: Record<string, unknown>) =>
    sessionEvent.parse({
      v: 1,
      id: newId(),
      session: late.session.id,
      device: 'tablet-2',
      seq,
      by: { role: 'secretary', id: 'account-1' },
      at: { wallMs: late.session.convenedFor + mediaMs, monotonicNs: '1', boot: 'boot-2' },
      mediaMs,
      ...fields,
    })
  const closing = [mark(1, 42_000, { type: 'closed.began', ground: 'honra', recording: 'none' }), mark(2, 50_000, { type: 'closed.ended' })]
  await storage.database.inCouncil(late.council.id, (tx) => appendEvents(tx, late.session.id, closing))
  expect((await get(segment)).status).toBe(404)
  expect(await text(pathOf(late, '/video.m3u8'))).not.toContain(late.segments[10]?.sha256)
})

/** The cookie of the secretary of a council, who is given an account. */
async function secretaryOf(of: PublishedSession): Promise<string> {
  const passwordHash = await hashPassword('unha frase longa')
  const login = `noela-${newId()}`
  await storage.database.inCouncil(of.council.id, (tx) =>
    putAccount(tx, { id: newId(), login, name: 'Noela Lestrigo', role: 'secretary', passwordHash }),
  )
  const body = new URLSearchParams({ login, password: 'unha frase longa' })
  const entered = await fetch(`${web.address}/c/${of.slug}/entrar`, { method: 'POST', body, redirect: 'manual' })
  return (entered.headers.getSetCookie()[0] ?? '').split(';')[0] ?? ''
}

describe('what is not published', () => {
  test('is not found by anybody who did not sign in', async () => {
    for (const path of ['', '/video.m3u8', '/acta.pdf', `/segmentos/${hidden.segments[0]?.sha256}.ts`])
      expect((await get(pathOf(hidden, path))).status).toBe(404)
    expect(await text('/c/agochado')).not.toContain('27 de outubro')
  })

  test('is seen by the staff of its council, who are told so, and kept by no cache', async () => {
    const Cookie = await secretaryOf(hidden)
    const page = await get(pathOf(hidden), { Cookie })
    expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(await page.text()).toContain('Este pleno aínda non está publicado')
    const segment = await get(pathOf(hidden, `/segmentos/${hidden.segments[0]?.sha256}.ts`), { Cookie })
    expect([segment.status, segment.headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect((await get(pathOf(hidden))).status).toBe(404)
  })

  test('of one council is not reached through another', async () => {
    expect((await get(`/c/agochado/${open.session.slug}/segmentos/${open.segments[0]?.sha256}.ts`)).status).toBe(404)
    expect((await get(`/c/con-peche/${open.session.slug}/segmentos/${open.segments[2]?.sha256}.ts`)).status).toBe(200)
  })
})

test('R82: a session of the Xunta de Goberno is not published, whatever the record says; the refusal names its article', async () => {
  const session = { ...hidden.session, id: sessionId.parse(newId()), slug: 'xunta-1', body: 'xunta-de-goberno' as const, actaNumber: 2 }
  await storage.database.inCouncil(hidden.council.id, async (tx) => {
    await putSession(tx, session)
    await setStage(tx, session.id, 'kept')
  })
  const Cookie = await secretaryOf(hidden)
  const act = (path: string) =>
    fetch(`${web.address}${path}/c/agochado/mesa`, {
      method: 'POST',
      headers: { Cookie },
      body: new URLSearchParams({ session: 'xunta-1', act: 'publish' }),
      redirect: 'manual',
    })
  const refused = await act('')
  expect(refused.status).toBe(409)
  expect(await refused.text()).toContain('As sesións deste órgano non son públicas')
  expect(await (await act('/es')).text()).toMatch(/no son públicas[\s\S]*\(LBRL 70\.1; Lei 5\/1997 253\.1\)/)
  expect(await storage.database.inCouncil(hidden.council.id, (tx) => readStage(tx, session.id))).toBe('kept')
  const table = await (await get('/c/agochado/mesa', { Cookie })).text()
  expect(table).toContain('As sesións deste órgano non son públicas')
  expect(table).not.toMatch(/value="xunta-1"/)
  await storage.database.inCouncil(hidden.council.id, (tx) => setPublished(tx, session.id, Date.now()))
  expect(await text('/c/agochado')).not.toContain('xunta-1')
  for (const path of ['', '/texto', '/comprobar', '/events.jsonl', '/acta.pdf']) {
    expect((await get(`/c/agochado/xunta-1${path}`)).status, path).toBe(404)
  }
})

test('R79: the page says whether the recording is a video-acta and by which norm, or only helped to write the acta', async () => {
  const page = await text(pathOf(open))
  expect(page).toContain('Vídeo-acta')
  expect(page).toContain('ao abeiro de: acordo plenario de demostración')
  const support = await text(`/es${pathOf(await putPublishedSession(storage, { slug: 'sen-norma', seconds: 8, enabled: false }))}`)
  expect(support).toContain('Grabación de apoyo')
  expect(support).not.toContain('Videoacta')
})

describe('addresses that nobody should send', () => {
  const odd = [
    '/c/nada',
    '/c/vilarino/..%2f..%2fetc',
    '/c/vilarino/%00',
    '/c/vilarino/2026-10-27/punto/99',
    '/c/vilarino/2026-10-27/punto/-1',
    '/c/vilarino/2026-10-27/punto/abc',
    '/c/vilarino/2026-10-27/segmentos/zz.ts',
    '/c/vilarino/2026-10-27/subtitulos.fr.vtt',
    '/pages/..%2f..%2fpackage.json',
    '/pages/manifest.json',
    '/%E0%A4%A',
    `/c/${'a'.repeat(3000)}`,
  ]
  test.each(odd.map((path) => ({ path, name: path.slice(0, 60) })))('$name gets a sentence and no stack trace', async ({ path }) => {
    const answer = await get(path)
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
    const page = await answer.text()
    expect(page).toMatch(/Esta páxina non existe|Non se puido facer/)
    expect(page).not.toMatch(/node_modules|\.ts:\d|at \w+ \(/)
  })

  test('a program gets the sentence as JSON', async () => {
    const answer = await get('/c/nada', { Accept: 'application/json' })
    expect(await answer.json()).toEqual({
      error: expect.stringContaining('Non hai nada publicado'),
      request: answer.headers.get('x-request-id'),
    })
  })

  test('a nonsense t begins at the beginning of the item', async () => {
    expect(await text(pathOf(open, '/punto/1?t=banana'))).toContain('gravacion.mp4#t=14')
  })
})

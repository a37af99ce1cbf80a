import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import { utteranceText } from '../../../storage/model/transcript.ts'
import type { PublishedSession } from '../../servers/published-session.ts'
import { type Answer, addressesOf, askAll, crawl, type RegisteredRoute } from '../every-address.ts'

/** What anybody may open. Every other address must refuse who did not sign in; a new public one is named here, with a reason to be. */
export const publicRoutes = [
  '/pages/{*file}',
  '/',
  '/comprobar',
  '/c/:council',
  '/c/:council/comprobar',
  '/c/:council/confianza.json',
  '/c/:council/entrar',
  '/c/:council/tableta',
  '/c/:council/sala/offline.js',
  '/c/:council/sala/sala.webmanifest',
  '/c/:council/sala/icona-:size.png',
  // The certificate of the page in the chamber: whoever installs it on a tablet is not signed in there yet.
  '/c/:council/sala-na-rede/:recorder.crt',
  // The session while it runs: each answer asks anew what may be seen.
  '/c/:council/directo/:session',
  '/c/:council/directo/:session/estado.json',
  '/c/:council/directo/:session/video.m3u8',
  '/c/:council/directo/:session/segmentos/:sha256.ts',
  '/c/:council/:session',
  '/c/:council/:session/punto/:number',
  '/c/:council/:session/texto',
  '/c/:council/:session/comprobar',
  '/c/:council/:session/video.m3u8',
  '/c/:council/:session/segmentos/:sha256.ts',
  '/c/:council/:session/subtitulos.:language.vtt',
  '/c/:council/:session/acta.pdf',
  '/c/:council/:session/gravacion.mp4',
  '/c/:council/:session/transcript.json',
  '/c/:council/:session/events.jsonl',
  '/c/:council/:session/journal.jsonl',
]

/** A stretch of the media line that nobody outside may have anything of, ms. */
export interface SecretSpan {
  fromMs: number
  toMs: number
}

/** What an anonymous client could guess or has noted down: every segment by its name, numbers, kinds of file. */
export function guessesFor(of: PublishedSession): Record<string, string[]> & { other: string[] } {
  return {
    council: [of.slug],
    session: [of.session.slug, of.session.id],
    number: ['0', '1', '2', '3', '4', '5', '99'],
    language: ['gl', 'es', 'fr'],
    sha256: [...of.segments.map((one) => one.sha256), '0', '00000', 's00000', '12', 'f'.repeat(64)],
    file: ['manifest.json'],
    size: ['192', '512', '1'],
    token: ['x'.repeat(43), '1'],
    key: of.segments.map((one) => one.key),
    other: ['1', of.session.id, of.session.slug, of.segments[15]?.sha256 ?? ''],
  }
}

function oneOfEach(values: ReturnType<typeof guessesFor>): ReturnType<typeof guessesFor> {
  const first = Object.entries(values).map(([name, [value = '']]) => [name, [value]])
  return { other: [], ...Object.fromEntries(first) }
}

/** Every address the application can serve of a session: registered ones with every guess, those that answers name, those known before. */
export class Onlooker {
  readonly #server: string
  readonly #routes: readonly RegisteredRoute[]
  readonly #of: PublishedSession
  readonly known = new Set<string>()

  constructor(server: string, routes: readonly RegisteredRoute[], of: PublishedSession) {
    this.#server = server
    this.#routes = routes
    this.#of = of
    for (const route of routes.filter((one) => one.method === 'GET')) {
      const isPublic = publicRoutes.includes(route.path)
      // That the others refuse whoever did not sign in is tried by itself, with every guess; here each is asked once.
      const pages = addressesOf(route, isPublic ? guessesFor(of) : oneOfEach(guessesFor(of)))
      for (const address of pages) this.known.add(address)
      for (const address of isPublic && !route.path.includes('/segmentos/') ? pages : []) this.known.add(`/es${address}`)
    }
  }

  /** Asks for everything, whole and in ranges, and with every method that is registered. */
  async look(): Promise<Answer[]> {
    const other = new RegExp(`^(?:/es)?/c/(?!${this.#of.slug}(?:[/?]|$))`)
    const crawled = await crawl(this.#server, this.known, (address) => !other.test(address))
    for (const one of crawled) this.known.add(one.address)
    const media = [...this.known].filter((address) => /\.(?:ts|mp4|pdf|vtt|jsonl?|m3u8)$/.test(address))
    const ranges = await askAll(this.#server, media, { Range: 'bytes=0-4095' })
    const others = this.#routes.filter((one) => one.method !== 'GET' && one.method !== 'HEAD')
    const posted = others.flatMap((one) => addressesOf(one, { ...guessesFor(this.#of), session: [this.#of.session.slug] }))
    const changed = await Promise.all(posted.map((address) => post(this.#server, address)))
    return [...crawled, ...ranges, ...changed]
  }

  /** Looks, and holds that nothing of a span came: no segment that touches it, none of its words, no file that contains it. */
  async expectNothingOf(span: SecretSpan): Promise<number> {
    const answers = await this.look()
    const found = answers.filter((one) => tells(one, this.#of, span)).map((one) => `${one.status} ${one.address}`)
    expect(found).toEqual([])
    return this.known.size
  }
}

/** Strangers knock from elsewhere (TEST-NET-3): the doors count guesses by address. */
export const elsewhere = { 'X-Forwarded-For': '203.0.113.7' }

async function post(server: string, address: string): Promise<Answer> {
  const response = await fetch(server + address, {
    ...{ method: 'POST', redirect: 'manual', body: '{}' },
    headers: { ...elsewhere, 'Content-Type': 'application/json', Accept: 'application/json' },
  })
  const text = await response.text()
  return { address: `POST ${address}`, status: response.status, sha256: createHash('sha256').update(text).digest('hex'), text }
}

/** Whether an answer carries something of the span. */
export function tells(answer: Answer, of: PublishedSession, span: SecretSpan): boolean {
  const segments = of.segments.filter((one) => one.ptsMs < span.toMs && one.ptsMs + one.durationMs > span.fromMs)
  const forbidden = new Set([...segments.map((one) => one.sha256), of.masterSha256])
  if (forbidden.has(answer.sha256)) return true
  if (answer.status >= 200 && answer.status < 300 && /(?:segmentos|mp4)/.test(answer.address)) {
    if ([...forbidden].some((sha256) => answer.address.includes(sha256)) || answer.address.endsWith('.mp4')) return true
  }
  const text = spokenIn(answer.text)
  return (
    wordsOf(of, span).some((said) => text.includes(said)) ||
    segments.some((one) => answer.text.includes(one.sha256) && answer.address.includes('m3u8'))
  )
}

/** JSON of a transcript tells a word at a time: they are joined as a reader would. */
function spokenIn(text: string): string {
  const words = [...text.matchAll(/"text":"([^"]*)"/g)].map((found) => found[1])
  return `${text.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')} ${words.join(' ')}`
}

/** What is said in the span and nowhere else. */
function wordsOf(of: PublishedSession, span: SecretSpan): string[] {
  const inside = (one: { fromMs: number; toMs: number }) => one.fromMs < span.toMs && one.toMs > span.fromMs
  const outside = of.transcript.utterances.filter((one) => !inside(one)).map(utteranceText)
  return of.transcript.utterances
    .filter(inside)
    .map(utteranceText)
    .filter((said) => said.split(' ').length > 3 && !outside.includes(said))
}

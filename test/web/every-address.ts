import { createHash } from 'node:crypto'
import type { Express, Router } from 'express'

/** A route as it was registered: `GET`, `/c/:council/:session/acta.pdf`. */
export interface RegisteredRoute {
  method: string
  path: string
}

/** Every route of an application, mounted routers included: what is registered cannot be forgotten here. */
export function registeredRoutes(app: Express): RegisteredRoute[] {
  return routesOf(app.router as unknown as ListingRouter, '')
}

interface ListingRouter {
  listRoutes(): { path: string | RegExp; methods?: string[]; router?: ListingRouter & Router }[]
}

function routesOf(router: ListingRouter, before: string): RegisteredRoute[] {
  return router.listRoutes().flatMap(({ path, methods, router: mounted }) => {
    const whole = `${before}/${String(path)}`.replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1')
    return mounted ? routesOf(mounted, whole === '/' ? '' : whole) : (methods ?? []).map((method) => ({ method, path: whole }))
  })
}

/** Addresses of a route with every value of its parameters; `other` are the guesses for a parameter that has none of its own. */
export function addressesOf({ path }: RegisteredRoute, values: Record<string, readonly string[]> & { other: readonly string[] }): string[] {
  const found = /\{\*(\w+)\}|:(\w+)/.exec(path)
  if (!found) return [path]
  const name = found[1] ?? found[2] ?? ''
  return (values[name] ?? values.other).flatMap((value) => addressesOf({ method: '', path: path.replace(found[0], value) }, values))
}

/** What an address answered. */
export interface Answer {
  address: string
  status: number
  sha256: string
  /** Empty for what is not text. */
  text: string
}

/** Asks every address, a few at once. */
export async function askAll(server: string, addresses: Iterable<string>, headers: Record<string, string> = {}): Promise<Answer[]> {
  const waiting = [...addresses]
  const answers: Answer[] = []
  const worker = async () => {
    for (let address = waiting.pop(); address !== undefined; address = waiting.pop()) answers.push(await ask(server, address, headers))
  }
  await Promise.all(Array.from({ length: 6 }, worker))
  return answers
}

async function ask(server: string, address: string, headers: Record<string, string>): Promise<Answer> {
  const wanted = () => fetch(server + address, { redirect: 'manual', headers })
  // A server may close a line that waited for as long as its next question: the question is then asked again.
  const response = await wanted().catch(wanted)
  const bytes = new Uint8Array(await response.arrayBuffer())
  // Who is told to wait has not been refused what lies there.
  if (response.status === 429) throw new Error(`${address} was asked for too often: nothing was seen of it`)
  const isText = /text|json|mpegurl|javascript/.test(response.headers.get('content-type') ?? '')
  return {
    address,
    status: response.status,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    text: isText ? new TextDecoder().decode(bytes) : '',
  }
}

/**
 * Follows every address of ours that answers name, in links, forms, data and playlists, until no new one comes.
 * @param follows which of them; the councils of one test storage all hold the same sample
 */
export async function crawl(server: string, from: Iterable<string>, follows: (address: string) => boolean): Promise<Answer[]> {
  const answers = new Map<string, Answer>()
  let fresh = new Set(from)
  while (fresh.size > 0) {
    const got = await askAll(server, fresh)
    for (const one of got) answers.set(one.address, one)
    fresh = new Set(got.flatMap((one) => named(server, one)).filter((address) => !answers.has(address) && follows(address)))
  }
  return [...answers.values()]
}

function named(server: string, { address, text }: Answer): string[] {
  const marked = [...text.matchAll(/(?:href|src|action|poster)="([^"]+)"|"(\/[A-Za-z0-9/_.~%?=&-]*)"/g)].map(
    (found) => found[1] ?? found[2],
  )
  const listed = text.startsWith('#EXTM3U') ? text.split('\n').filter((line) => line !== '' && !line.startsWith('#')) : []
  return [...marked, ...listed].flatMap((one = '') => {
    const base = new URL(address, server)
    if (!URL.canParse(one.replaceAll('&amp;', '&'), base)) return []
    const url = new URL(one.replaceAll('&amp;', '&'), base)
    return url.origin === base.origin ? [url.pathname + url.search] : []
  })
}

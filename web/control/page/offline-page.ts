/** Keeps the chamber page and what it is made of, so that it opens again without a line. Marks are kept apart (outbox.ts). */
const worker = self as unknown as ServiceWorkerScope
const cacheName = 'escano-sala-1'
const lineMs = 4_000

worker.addEventListener('install', (event) => event.waitUntil(worker.skipWaiting()))
worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()))

/** The page tells what it loaded before this worker was there. */
worker.addEventListener('message', (event) => {
  const addresses = (event.data as { keep?: unknown } | null)?.keep
  if (!Array.isArray(addresses)) return
  const known = addresses.filter(
    (one): one is string => typeof one === 'string' && new URL(one, worker.location.href).origin === worker.location.origin,
  )
  event.waitUntil(keepAll(known).then(() => event.source?.postMessage({ kept: known.length })))
})

worker.addEventListener('fetch', (event) => {
  const { request } = event
  const address = new URL(request.url)
  if (request.method !== 'GET' || address.origin !== worker.location.origin) return
  // The address of a second screen is a secret, and worth nothing without a line.
  if (address.pathname.includes('/pantalla/')) return
  if (request.mode === 'navigate') event.respondWith(newest(request))
  else if (address.pathname.startsWith('/pages/')) event.respondWith(kept(request))
})

/** The page as it is now; without a line, as it was. */
async function newest(request: Request): Promise<Response> {
  const cache = await caches.open(cacheName)
  try {
    const response = await fetch(request, { signal: AbortSignal.timeout(lineMs) })
    if (response.ok && !response.redirected) await cache.put(request, response.clone())
    return response
  } catch (failure) {
    const found = (await cache.match(request, { ignoreSearch: true })) ?? (await roomLastKept(cache, request))
    if (found) return found
    throw failure
  }
}

/** Opened by its icon without a line: the chamber page that was kept last. */
async function roomLastKept(cache: Cache, request: Request): Promise<Response | undefined> {
  if (!/\/sala\/?$/.test(new URL(request.url).pathname)) return undefined
  const rooms = (await cache.keys()).filter((one) => /\/sala\/[^/]+$/.test(new URL(one.url).pathname))
  const last = rooms.at(-1)
  return last && Response.redirect(last.url)
}

/** Built files never change under their name. */
async function kept(request: Request): Promise<Response> {
  const cache = await caches.open(cacheName)
  const found = await cache.match(request)
  if (found) return found
  const response = await fetch(request)
  if (response.ok) await cache.put(request, response.clone())
  return response
}

async function keepAll(addresses: string[]): Promise<void> {
  const cache = await caches.open(cacheName)
  await Promise.all(
    addresses.map(async (one) => {
      const response = await fetch(one)
      if (response.ok && !response.redirected) await cache.put(one, response)
    }),
  )
  for (const request of await cache.keys()) {
    const path = new URL(request.url).pathname
    if (path.startsWith('/pages/') && !addresses.some((one) => new URL(one, worker.location.href).pathname === path))
      await cache.delete(request)
  }
}

/** The part of the Service Workers API used here: TypeScript's `webworker` library does not live beside `dom`. */
interface ServiceWorkerScope {
  readonly location: Location
  readonly clients: { claim(): Promise<void> }
  skipWaiting(): Promise<void>
  addEventListener(type: 'install' | 'activate', listener: (event: LastingEvent) => void): void
  addEventListener(type: 'message', listener: (event: LastingEvent & MessageEvent<unknown>) => void): void
  addEventListener(
    type: 'fetch',
    listener: (event: LastingEvent & { request: Request; respondWith(answer: Promise<Response>): void }) => void,
  ): void
}

interface LastingEvent {
  waitUntil(work: Promise<unknown>): void
}

import { createServer } from 'node:net'
import { brotliDecompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ConfigError, webConfig } from '../../web/config.ts'
import { PortBusyError, type RunningWeb } from '../../web/main.ts'
import { ensurePages, PagesError } from '../../web/pages.ts'
import { type PublishedSession, putPublishedSession } from '../servers/published-session.ts'
import { startTestWeb } from '../servers/running-web.ts'
import { openTestStorage, type TestStorage } from '../servers/test-storage.ts'

let storage: TestStorage
let web: RunningWeb
let session: PublishedSession

beforeAll(async () => {
  storage = await openTestStorage()
  session = await putPublishedSession(storage, { seconds: 8 })
  web = await startTestWeb(storage)
})
afterAll(async () => {
  await web?.[Symbol.asyncDispose]()
  await storage?.[Symbol.asyncDispose]()
})

const page = () => `${web.address}/c/${session.slug}/${session.session.slug}`

describe('every answer', () => {
  test('allows nothing from elsewhere and nothing inline', async () => {
    const policy = (await fetch(page())).headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'self'")
    expect(policy).toContain("media-src 'self' blob:")
    expect(policy).toContain("worker-src 'self' blob:")
    expect(policy).not.toMatch(/unsafe|\*/)
  })

  test('carries a request id and hides the server', async () => {
    const { headers } = await fetch(page())
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect(headers.get('x-powered-by')).toBeNull()
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })

  test('has no inline script, style or handler', async () => {
    const html = await (await fetch(page())).text()
    expect(html).not.toMatch(/<style|\sstyle="|\son\w+="/)
    for (const [tag] of html.matchAll(/<script[^>]*>/g)) expect(tag).toMatch(/src="|type="application\/json"/)
  })
})

test('pages come compressed, segments as they are', async () => {
  const headers = { 'Accept-Encoding': 'br' }
  expect((await fetch(page(), { headers })).headers.get('content-encoding')).toBe('br')
  const segment = await fetch(`${page()}/segmentos/${session.segments[0]?.sha256}.ts`, { headers })
  expect(segment.headers.get('content-encoding')).toBeNull()
})

test('what changes something is refused when it comes from another site', async () => {
  const post = (headers: Record<string, string>) => fetch(`${web.address}/c/${session.slug}/entrar`, { method: 'POST', headers })
  expect((await post({ Origin: 'https://outro.example' })).status).toBe(403)
  expect((await post({ 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403)
  expect(await (await post({ Origin: 'null' })).text()).toContain('só se pode facer desde as propias páxinas')
  expect((await post({ Origin: web.address })).status).not.toBe(403)
})

test('who asks too often is told to wait', async () => {
  await using strict = await startTestWeb(storage, { environment: { ESCANO_WEB_REQUESTS_PER_MINUTE: '3' } })
  const answers = []
  for (let i = 0; i < 5; i++) answers.push(await fetch(`${strict.address}/c/${session.slug}`))
  expect(answers.map((one) => one.status)).toEqual([200, 200, 200, 429, 429])
  expect(await answers[4]?.text()).toContain('Agarde un minuto')
})

test('a busy port is told in a sentence that says what to do', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => taken.once('listening', resolve))
  const { port } = taken.address() as { port: number }
  await expect(startTestWeb(storage, { environment: { ESCANO_WEB_PORT: String(port) } })).rejects.toThrow(PortBusyError)
  await expect(startTestWeb(storage, { environment: { ESCANO_WEB_PORT: String(port) } })).rejects.toThrow(
    /another program is using that port.*ESCANO_WEB_PORT/,
  )
  await new Promise((resolve) => taken.close(resolve))
})

test('every mistake in the settings is told at once', () => {
  const wrong = () => webConfig({ ESCANO_WEB_PORT: '99999', ESCANO_PUBLIC_URL: 'ftp://x' })
  expect(wrong).toThrow(ConfigError)
  expect(wrong).toThrow(/ESCANO_WEB_PORT.*ESCANO_PUBLIC_URL/)
  expect(webConfig({ ESCANO_PUBLIC_URL: 'https://plenos.example/' }).publicUrl).toBe('https://plenos.example')
})

describe('the built pages', () => {
  test('are served for ever under names that carry their content, compressed beforehand', async () => {
    const pages = await ensurePages()
    const address = pages.asset('web/portal/page/session-page.ts')
    expect(address).toMatch(/^\/pages\/.*-[\w-]{8}\.js$/)
    const answer = await fetch(web.address + address, { headers: { 'Accept-Encoding': 'br' } })
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(answer.headers.get('content-encoding')).toBe('br')
  })

  test('say which entry is missing', async () => {
    const pages = await ensurePages()
    expect(() => pages.asset('web/nada.ts')).toThrow(PagesError)
  })
})

test('a page costs little before anybody plays: 60 kB, of it 10 kB of script and 12 kB of style', async () => {
  const headers = { 'Accept-Encoding': 'br' }
  const sizeOf = async (address: string) => {
    const { default: http } = await import('node:http')
    return new Promise<number>((resolve, reject) => {
      http
        .get(address, { headers }, (answer) => {
          const pieces: Buffer[] = []
          answer.on('data', (piece: Buffer) => pieces.push(piece))
          answer.on('end', () => {
            const bytes = Buffer.concat(pieces)
            if (answer.headers['content-encoding'] === 'br') brotliDecompressSync(bytes)
            resolve(bytes.length)
          })
        })
        .on('error', reject)
    })
  }
  const pages = await ensurePages()
  const script = pages.files('web/portal/page/session-page.ts')
  const scripts = (await Promise.all(script.map((path) => sizeOf(web.address + path)))).reduce((a, b) => a + b, 0)
  const style = await sizeOf(web.address + pages.asset('web/portal/page/portal.css'))
  const html = await sizeOf(`${page()}/punto/3`)
  console.log(`before play: html ${html} B, script ${scripts} B, style ${style} B`)
  expect(scripts).toBeLessThanOrEqual(10_000)
  expect(style).toBeLessThanOrEqual(12_000)
  expect(html + scripts + style).toBeLessThanOrEqual(60_000)
})

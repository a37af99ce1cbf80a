import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunningWeb } from '../../../web/main.ts'
import { browserMissing, openBrowser } from '../../servers/browser.ts'
import { type PublishedSession, putPublishedSession } from '../../servers/published-session.ts'
import { startTestWeb } from '../../servers/running-web.ts'
import { openTestStorage, type TestStorage } from '../../servers/test-storage.ts'

describe.skipIf(browserMissing)(`the session page in a browser${browserMissing}`, () => {
  let storage: TestStorage
  let web: RunningWeb
  let browser: Browser
  let whole: PublishedSession
  let paused: PublishedSession
  let closed: PublishedSession

  beforeAll(async () => {
    storage = await openTestStorage()
    whole = await putPublishedSession(storage, { slug: 'vilarino' })
    paused = await putPublishedSession(storage, { slug: 'con-pausa', pauseAfterMs: 100_000 })
    closed = await putPublishedSession(storage, { slug: 'con-peche', closed: { fromMs: 85_000, toMs: 95_000 } })
    web = await startTestWeb(storage)
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await web?.[Symbol.asyncDispose]()
    await storage?.[Symbol.asyncDispose]()
  })

  const addressOf = (one: PublishedSession, rest = '') => `${web.address}/c/${one.slug}/${one.session.slug}${rest}`

  /** Opens a page, runs `look`, and holds that nothing was complained of in the console. */
  async function visit<T>(address: string, look: (page: Page) => Promise<T>, options: BrowserContextOptions = {}): Promise<T> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(address)
    const seen = await look(page)
    await context.close()
    expect(complaints).toEqual([])
    return seen
  }

  const playsFrom = (page: Page, seconds: number) =>
    page.waitForFunction(
      (at) => {
        const video = document.querySelector('video')
        if (!video || video.seeking || video.readyState < 3 || video.currentTime < at) return false
        // Where it began to play stays known, however late somebody looks.
        const begun = Array.from({ length: video.played.length }, (_, one) => video.played.start(one))
        return [...begun, video.currentTime].some((one) => one >= at && one < at + 3)
      },
      seconds,
      { timeout: 60_000, polling: 20 },
    )
  const shownProof = (page: Page) => page.locator('[data-proof]:not([hidden])').innerText()

  test('loads no player before somebody wants to see', async () => {
    const asked: string[] = []
    await visit(addressOf(whole), async (page) => {
      page.on('request', (request) => asked.push(request.url()))
      await page.waitForTimeout(300)
    })
    expect(asked.filter((url) => /hls|checked-player|\.ts$|m3u8/.test(url))).toEqual([])
  })

  test('plays the recording from the item of the address and says that each segment was checked', async () => {
    await visit(addressOf(whole, '/punto/3'), async (page) => {
      expect(await shownProof(page)).toContain('comproba cada fragmento antes de amosalo')
      await page.click('#play')
      await playsFrom(page, 106.9)
      expect(await shownProof(page)).toMatch(/a gravación orixinal, comprobada fragmento a fragmento\.\s+\d+ fragmentos? comprobados?/)
    })
  })

  test('goes to an item while it plays, and takes title, address, agenda and text along', async () => {
    await visit(addressOf(whole), async (page) => {
      await page.click('#play')
      await playsFrom(page, 0)
      await page.click('.agenda a[data-section="2"]')
      await playsFrom(page, 60.5)
      await page.waitForSelector('#section[data-section="2"]')
      expect(page.url()).toBe(addressOf(whole, '/punto/2'))
      expect(await page.title()).toContain('A reforma do mercado')
      expect(await page.locator('.agenda a[aria-current]').getAttribute('data-section')).toBe('2')
      expect(await page.locator('.said').innerText()).toContain('segundo')
    })
  })

  test('turns to the next item by itself when the recording comes to it, and marks the turn that is heard', async () => {
    await visit(addressOf(whole, '/punto/1?t=57'), async (page) => {
      await page.click('#play')
      await page.waitForSelector('#section[data-section="2"]', { timeout: 20_000 })
      await page.waitForSelector('.turn.now')
      const from = Number(await page.locator('.turn.now').getAttribute('data-from'))
      const nowMs = (await page.evaluate(() => document.querySelector('video')?.currentTime ?? 0)) * 1000
      expect(from).toBeLessThanOrEqual(nowMs)
      expect(page.url()).toBe(addressOf(whole, '/punto/2'))
    })
  })

  test('a turn is heard from its own link', async () => {
    await visit(addressOf(whole, '/punto/3'), async (page) => {
      const turn = page.locator('.turn').nth(2)
      const fromMs = Number(await turn.getAttribute('data-from'))
      await turn.locator('a').click()
      await playsFrom(page, fromMs / 1000 - 0.05)
    })
  })

  test('one flipped byte stops it with a sentence, and nothing of that segment is shown', async () => {
    await visit(addressOf(whole), async (page) => {
      const bad = whole.segments[2]?.sha256 ?? ''
      await page.route(`**/${bad}.ts`, async (route) => {
        const answer = await route.fetch()
        const body = await answer.body()
        body[body.length >> 1] = (body[body.length >> 1] ?? 0) ^ 1
        await route.fulfill({ response: answer, body })
      })
      await page.click('#play')
      await page.waitForSelector('[data-proof="broken"]:not([hidden])', { timeout: 20_000 })
      expect(await shownProof(page)).toContain('un fragmento non coincide co que se gravou')
      await page.waitForTimeout(300)
      const state = await page.evaluate(() => {
        const video = document.querySelector('video')
        return { paused: video?.paused, buffered: video?.buffered.length ? video.buffered.end(video.buffered.length - 1) : 0 }
      })
      expect(state.paused).toBe(true)
      expect(state.buffered).toBeLessThanOrEqual(8.2)
    })
  })

  test('a server that fails is told, with a way to try again', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(addressOf(whole))
    await page.route('**/video.m3u8', (route) => route.fulfill({ status: 503, body: '' }))
    await page.click('#play')
    await page.waitForSelector('[data-proof="failed"]:not([hidden])', { timeout: 30_000 })
    expect(await shownProof(page)).toContain('Non se puido cargar o vídeo')
    expect(await page.locator('#retry').isVisible()).toBe(true)
    await context.close()
  })

  test('plays over a pause of the recording and still knows where it is', async () => {
    await visit(addressOf(paused, '/punto/4'), async (page) => {
      await page.click('#play')
      // Item 4 opens at 160.156 s of the sample: on the media line after the pause of a minute, on the player's clock before it.
      await playsFrom(page, 160)
      expect(await page.locator('.agenda a[aria-current]').getAttribute('data-section')).toBe('4')
      expect(await page.locator('#play-from').textContent()).toBe('3:40')
    })
  })

  test('leaps over a closed part', async () => {
    await visit(addressOf(closed, '/punto/2?t=62'), async (page) => {
      await page.click('#play')
      await playsFrom(page, 62)
      await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 66, undefined, { timeout: 60_000 })
      // On the player's clock nothing lies between: it played through.
      expect(await page.evaluate(() => document.querySelector('video')?.played.length)).toBe(1)
      await page.waitForFunction(() => Number(document.querySelector<HTMLElement>('.turn.now')?.dataset.from) >= 90_000, undefined, {
        timeout: 60_000,
      })
    })
  })

  test('shows captions when they are asked for', async () => {
    await visit(addressOf(whole, '/punto/1'), async (page) => {
      await page.click('#play')
      await playsFrom(page, 14.8)
      const cues = await page.evaluate(async () => {
        const track = document.querySelector('video')?.textTracks[0]
        if (!track) return 0
        track.mode = 'showing'
        for (let i = 0; i < 300 && !track.cues?.length; i++) await new Promise((resolve) => setTimeout(resolve, 100))
        return track.cues?.length ?? 0
      })
      expect(cues).toBeGreaterThan(5)
    })
  })

  test('without JavaScript gives agenda, text, votes, acta and the whole recording', async () => {
    await visit(
      addressOf(whole, '/punto/3'),
      async (page) => {
        expect(await page.locator('.agenda li').count()).toBe(6)
        expect(await page.locator('.turn').count()).toBeGreaterThan(5)
        await page.locator('summary', { hasText: 'Como votou cada quen' }).click()
        expect(await page.locator('.result table tbody tr').count()).toBe(18)
        expect(await page.locator('a.download').getAttribute('href')).toMatch(/acta\.pdf$/)
        expect(await page.locator('#play').getAttribute('href')).toMatch(/gravacion\.mp4#t=106$/)
        await page.locator('.agenda a[data-section="4"]').click()
        expect(page.url()).toBe(addressOf(whole, '/punto/4'))
        expect(await page.locator('h2#section-heading').innerText()).toBe('O convenio co hospital')
      },
      { javaScriptEnabled: false },
    )
  })

  test('fits a phone: nothing is wider than the screen, nothing to tap is lower than 24 px', async () => {
    for (const width of [320, 390]) {
      await visit(
        addressOf(whole, '/punto/3'),
        async (page) => {
          expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
          const low = await page
            .locator('a:visible, button:visible, summary:visible')
            .evaluateAll((all) =>
              all
                .filter((one) => one.getBoundingClientRect().height < 24 && !one.closest('p') && !one.classList.contains('skip'))
                .map((one) => one.textContent),
            )
          expect(low).toEqual([])
        },
        { viewport: { width, height: 844 } },
      )
    }
  })
})

import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sessionToConduct } from '../../../storage/model/session.ts'
import { findFfmpeg } from '../../../storage/programs/ffmpeg.ts'
import type { RunningWeb } from '../../../web/main.ts'
import { browserMissing, openBrowser } from '../../servers/browser.ts'
import { startTestWeb } from '../../servers/running-web.ts'
import { openTestStorage, type TestStorage } from '../../servers/test-storage.ts'
import { putChamber, staffContext } from './chamber.ts'

describe('the chamber page can be installed', () => {
  let storage: TestStorage
  let web: RunningWeb

  beforeAll(async () => {
    storage = await openTestStorage()
    await putChamber(storage, 'vilarino')
    web = await startTestWeb(storage)
  })
  afterAll(async () => {
    await web?.[Symbol.asyncDispose]()
    await storage?.[Symbol.asyncDispose]()
  })

  test('with a manifest whose addresses hold wherever the page is served', async () => {
    const manifest = (await (await fetch(`${web.address}/c/vilarino/sala/sala.webmanifest`)).json()) as {
      start_url: string
      icons: { src: string; sizes: string }[]
    }
    expect(manifest).toMatchObject({ start_url: './', scope: './', display: 'fullscreen', lang: 'gl' })
    for (const { src } of manifest.icons) expect(src).toMatch(/^\.\/[\w.-]+$/)
  })

  test('with icons that are pictures of their size', async () => {
    const { path: ffmpeg } = await findFfmpeg(process.env)
    const folder = await mkdtemp(join(tmpdir(), 'escano-icon-'))
    for (const size of [192, 512]) {
      const response = await fetch(`${web.address}/c/vilarino/sala/icona-${size}.png`)
      const file = join(folder, `${size}.png`)
      await writeFile(file, Buffer.from(await response.arrayBuffer()))
      const { stderr } = await promisify(execFile)(ffmpeg, ['-hide_banner', '-i', file, '-f', 'null', '-'])
      expect(stderr).toContain(`${size}x${size}`)
    }
    expect((await fetch(`${web.address}/c/vilarino/sala/icona-7.png`)).status).toBe(404)
    await rm(folder, { recursive: true })
  })

  test('and begins with the session whose hour is nearest', () => {
    const at = (convenedFor: number) => ({ convenedFor }) as Parameters<typeof sessionToConduct>[0][number]
    expect(sessionToConduct([at(10), at(90), at(500)], 80)?.convenedFor).toBe(90)
    expect(sessionToConduct([], 80)).toBeUndefined()
  })

  test.skipIf(browserMissing)(`and opens by its icon without a line, after one visit${browserMissing}`, async () => {
    await using browser = await openBrowser()
    const context = await staffContext(browser, web, 'vilarino')
    const page = await context.newPage()
    await page.goto(`${web.address}/c/vilarino/sala/`)
    expect(page.url()).toContain('/sala/2026-10-27')
    await page.locator('body[data-kept]').waitFor()
    await page.close()
    await context.setOffline(true)
    const again = await context.newPage()
    await again.goto(`${web.address}/c/vilarino/sala/`)
    await again.locator('#room button:enabled').first().waitFor()
    expect(again.url()).toContain('/sala/2026-10-27')
  })
})

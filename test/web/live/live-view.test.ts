import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../../storage/model/ids.ts'
import { putCouncil } from '../../../storage/records/councils.ts'
import type { RunningWeb } from '../../../web/main.ts'
import { browserMissing, openBrowser } from '../../servers/browser.ts'
import { sweepPage } from '../../servers/page-sweep.ts'
import { startTestWeb } from '../../servers/running-web.ts'
import { openTestStorage, type TestStorage } from '../../servers/test-storage.ts'
import { type LiveChamber, openLiveChamber } from './live-chamber.ts'
import { putDrafted } from './put-drafted.ts'

let storage: TestStorage
let web: RunningWeb

beforeAll(async () => {
  storage = await openTestStorage()
  web = await startTestWeb(storage)
})
afterAll(async () => {
  await web?.[Symbol.asyncDispose]()
  await storage?.[Symbol.asyncDispose]()
})

const place = ({ of }: LiveChamber) => `/c/${of.slug}/directo/${of.session.slug}`
const state = async (chamber: LiveChamber, prefix = '') =>
  (await (await fetch(`${web.address}${prefix}${place(chamber)}/estado.json`)).json()) as Record<string, string>

const captions = async (chamber: LiveChamber) => (await state(chamber))['captions'] as unknown as { text: string }[]
const tabletAddress = ({ of }: LiveChamber) => `/c/${of.slug}/sala/${of.session.slug}/borrador.json`
const tabletLines = async (chamber: LiveChamber) => {
  const answer = await fetch(web.address + tabletAddress(chamber), { headers: { cookie: chamber.cookie, Accept: 'application/json' } })
  return ((await answer.json()) as { lines: { text: string }[] }).lines
}

/** The tap that closes the session, as the tablet sends it; the law would have it after an agreement, and it withholds all the same. */
async function close({ of, cookie }: LiveChamber, mediaMs: number): Promise<void> {
  const mark = {
    ...{ v: 1, id: newId(), session: of.session.id, device: 'tablet-leads', seq: 1, by: { role: 'secretary', id: 'x' } },
    ...{ at: { wallMs: of.session.convenedFor + mediaMs, monotonicNs: '1', boot: 'b' }, mediaMs },
    ...{ type: 'closed.began', ground: 'honra', recording: 'none' },
  }
  const response = await fetch(`${web.address}/c/${of.slug}/sala/${of.session.slug}/marcas`, {
    ...{ method: 'POST', body: JSON.stringify({ events: [mark] }) },
    headers: { 'Content-Type': 'application/json', Accept: 'application/json', cookie },
  })
  expect(response.status).toBe(200)
}

describe('the session while it runs', () => {
  test('is given in the newest segments of a minute, never kept on the way, with what is on the floor in words', async () => {
    await using chamber = await openLiveChamber(storage, web.address, { slug: 'directo', seconds: 100, recordedForMs: 90_000 })
    expect(await state(chamber)).toMatchObject({
      phase: 'live',
      state: expect.stringContaining('En directo'),
      item: expect.stringContaining('Punto'),
    })
    expect((await state(chamber, '/es'))['state']).toContain('30 segundos de retraso')
    const response = await fetch(`${web.address}${place(chamber)}/video.m3u8`)
    expect(response.headers.get('cache-control')).toBe('no-store')
    const list = await response.text()
    expect(list).not.toContain('ENDLIST')
    const named = list.split('\n').filter((line) => line.endsWith('.ts'))
    expect(named.length).toBeLessThanOrEqual(15)
    // 90 s of it have passed, perhaps a few more by now: nothing younger than 30 s.
    const oldest = chamber.of.segments.filter((one) => one.ptsMs + one.durationMs + 30_000 <= Date.now() - chamber.of.session.convenedFor)
    expect(named.length).toBeGreaterThan(5)
    for (const name of named) expect(oldest.some((one) => name.includes(one.sha256))).toBe(true)
    const segment = await fetch(`${web.address}${place(chamber)}/${named.at(-1)}`)
    expect([segment.status, segment.headers.get('cache-control')]).toEqual([200, 'no-store'])
    await segment.arrayBuffer()
    expect(await (await fetch(`${web.address}/c/directo`)).text()).toContain(place(chamber))
    // What a machine understood: of sound as old as the picture, and never of what is closed afterwards.
    await putDrafted(storage, chamber.of, [50_000, 56_000, 86_000])
    const said = await captions(chamber)
    expect(said).toHaveLength(1)
    expect(said[0]?.text).toBe('Dito aos 50 s. Dito aos 56 s.')
    expect(await tabletLines(chamber)).toEqual([
      { speaker: 'Sabela Outedal', language: 'gl', text: 'Dito aos 50 s. Dito aos 56 s. Dito aos 86 s.' },
    ])
    expect((await fetch(`${web.address}${tabletAddress(chamber)}`, { redirect: 'manual' })).status).not.toBe(200)
    expect(await (await fetch(web.address + place(chamber))).text()).toContain('ninguén os revisou')
    await close(chamber, 74_000)
    expect((await state(chamber))['phase']).toBe('closed')
    expect(await captions(chamber)).toEqual([])
    expect(await tabletLines(chamber)).toEqual([])
    expect((await fetch(`${web.address}${place(chamber)}/${named.at(-1)}`)).status).toBe(404)
    expect((await fetch(`${web.address}${place(chamber)}/video.m3u8`)).status).toBe(404)
  })

  test('is not there in a council that wants none, nor once its tablet is silent for 10 s', async () => {
    await using chamber = await openLiveChamber(storage, web.address, { slug: 'sen-directo', seconds: 100, recordedForMs: 140_000 })
    expect((await state(chamber))['phase']).toBe('live')
    chamber.loseTablet()
    await expect.poll(async () => (await state(chamber))['phase']).toBe('stopped')
    expect((await fetch(`${web.address}${place(chamber)}/video.m3u8`)).status).toBe(404)
    await storage.database.inCouncil(chamber.of.council.id, (tx) =>
      putCouncil(tx, { ...chamber.of.council, liveView: false }, 'sen-directo'),
    )
    expect((await fetch(`${web.address}${place(chamber)}`)).status).toBe(404)
    expect(await (await fetch(`${web.address}/c/sen-directo`)).text()).not.toContain(place(chamber))
  })
})

describe.skipIf(browserMissing)(`the page of the live view in a browser${browserMissing}`, { timeout: 180_000 }, () => {
  test('plays, checks each segment, forgets all of it at the tap that closes the session, and leaves axe nothing to complain of', async () => {
    await using chamber = await openLiveChamber(storage, web.address, { slug: 'emision', seconds: 140, recordedForMs: 175_000 })
    await using browser = await openBrowser()
    const sweep = { browser, address: web.address, path: place(chamber) }
    expect(await sweepPage({ ...sweep, name: 'directo' })).toEqual([])
    const page = await browser.newPage()
    await page.goto(web.address + place(chamber))
    await page.getByRole('button', { name: 'Ver en directo' }).click()
    await page.waitForFunction(() => {
      const video = document.querySelector('video')
      return video !== null && video.readyState >= 2 && video.currentTime > 0
    })
    await page.getByText('aínda sen selar').waitFor()
    await close(chamber, 139_000)
    await page.getByText('A sesión está pechada ao público: desta parte non se emite nada.').waitFor()
    await page.waitForFunction(() => document.querySelector('video')?.buffered.length === 0)
    await page.locator('video').waitFor({ state: 'hidden' })
    expect(await sweepPage({ ...sweep, name: 'directo-pechado' })).toEqual([])
    expect(await (await fetch(web.address + place(chamber))).text()).toMatch(/<noscript>.*fai falta JavaScript/s)
  })
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../../storage/model/ids.ts'
import { type SessionEvent, sessionEvent } from '../../../storage/model/session-events.ts'
import { putAccount } from '../../../storage/records/accounts.ts'
import { readAudit } from '../../../storage/records/audit.ts'
import { appendEvents } from '../../../storage/records/session-events.ts'
import { mediaTime, parseMediaTime } from '../../../web/closed-part/media-time.ts'
import type { RunningWeb } from '../../../web/main.ts'
import { hashPassword } from '../../../web/sign-in/password-hash.ts'
import { type PublishedSession, putPublishedSession } from '../../servers/published-session.ts'
import { startTestWeb } from '../../servers/running-web.ts'
import { openTestStorage, type TestStorage } from '../../servers/test-storage.ts'
import { password, putChamber, signIn } from '../control/chamber.ts'
import { ScriptedRecorder } from '../control/scripted-recorder.ts'

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

describe('the page where the secretary confirms the limits', () => {
  let of: PublishedSession
  const cookies: Record<string, string> = {}
  const page = (rest = '') => `${web.address}/c/limites/pechadas/${of.session.slug}${rest}`
  const get = (address: string, who: string) =>
    fetch(address, { redirect: 'manual', headers: { cookie: cookies[who] ?? '', accept: 'text/html' } })
  const publicPlaylist = async () => (await fetch(`${web.address}/c/limites/${of.session.slug}/video.m3u8`)).text()
  const confirm = async (from: string, to: string) => {
    const marks = /name="marks" value="([^"]+)"/.exec(await (await get(page(), 'secretaria')).text())?.[1] ?? ''
    const response = await fetch(page(), {
      ...{ method: 'POST', redirect: 'manual', body: new URLSearchParams({ marks, from, to }) },
      headers: { cookie: cookies.secretaria ?? '', origin: web.address },
    })
    return response.headers.get('location')?.split('feito=')[1]
  }

  beforeAll(async () => {
    of = await putPublishedSession(storage, { slug: 'limites', seconds: 140, closed: { fromMs: 60_000, toMs: 100_000 } })
    const passwordHash = await hashPassword(password)
    await storage.database.inCouncil(of.council.id, async (tx) => {
      for (const [login, role] of [
        ['secretaria', 'secretary'],
        ['alcaldesa', 'mayor'],
      ] as const)
        await putAccount(tx, { id: newId(), login, name: login, role, passwordHash })
    })
    for (const login of ['secretaria', 'alcaldesa']) cookies[login] = (await signIn(web.address, 'limites', login)) ?? ''
  })

  test('opens to the secretary alone, and each opening is audited', async () => {
    expect((await get(page(), 'nobody')).status).toBe(303)
    expect((await get(page('/video.m3u8'), 'alcaldesa')).status).toBe(403)
    const shown = await get(page(), 'secretaria')
    expect([shown.status, shown.headers.get('cache-control')]).toEqual([200, 'no-store'])
    const text = await shown.text()
    expect(text).toContain('Límites sen confirmar')
    expect(text).toContain('Non se publica nada desde 0:40 ata 2:00')
    const audit = await storage.database.inCouncil(of.council.id, (tx) => readAudit(tx))
    expect(audit.filter((one) => one.action === 'closed-parts-opened')).toHaveLength(1)
  })

  test('plays the closed part and a minute around it, nothing else', async () => {
    const names = (await (await get(page('/video.m3u8'), 'secretaria')).text()).split('\n').filter((line) => line.endsWith('.ts'))
    const inside = of.segments.filter((one) => one.ptsMs + one.durationMs > 60_000 && one.ptsMs < 100_000)
    for (const one of inside) expect(names).toContain(`segmentos/${one.sha256}.ts`)
    const bytes = await (await get(page(`/${names[0]}`), 'secretaria')).arrayBuffer()
    expect(bytes.byteLength).toBeGreaterThan(1000)
    for (const who of ['nobody', 'alcaldesa']) expect((await get(page(`/${names[0]}`), who)).status).toBeGreaterThanOrEqual(303)
  })

  test('says what is wrong with limits that cannot be, and changes nothing', async () => {
    const before = await publicPlaylist()
    expect(await confirm('1:70', '2:00')).toBe('wrong')
    expect(await confirm('1:40', '1:00')).toBe('wrong')
    expect(await publicPlaylist()).toBe(before)
  })

  test('makes the margins public once the limits are confirmed, and nothing inside them', async () => {
    const isShown = (playlist: string, ms: number) => {
      const segment = of.segments.find((one) => one.ptsMs <= ms && ms < one.ptsMs + one.durationMs)
      return playlist.includes(segment?.sha256 ?? 'none')
    }
    expect(isShown(await publicPlaylist(), 45_000)).toBe(false)
    expect(await confirm('0:57,5', '1:41')).toBe('done')
    const after = await publicPlaylist()
    expect(isShown(after, 45_000)).toBe(true)
    for (const ms of [57_600, 60_000, 80_000, 100_900]) expect(isShown(after, ms)).toBe(false)
    expect(isShown(after, 110_000)).toBe(true)
    expect(await (await get(page(), 'secretaria')).text()).toContain('Límites confirmados')
  })

  test('reads and writes times as people do', () => {
    expect(['12:30', '1:02:03,5', '90', '0:57.25'].map(parseMediaTime)).toEqual([750_000, 3_723_500, 90_000, 57_250])
    expect(['', 'a', '1:60', '1:2:3:4', '-1'].map(parseMediaTime)).toEqual([undefined, undefined, undefined, undefined, undefined])
    for (const ms of [0, 59_900, 750_000, 3_723_500]) expect(parseMediaTime(mediaTime(ms))).toBe(ms)
  })
})

describe('the recorder', () => {
  test('R17: rests from the tap on with the cause in its proof, cannot be told to go on, and goes on after the end', async () => {
    const { council, session } = await putChamber(storage, 'descanso')
    await using recorder = await ScriptedRecorder.dial(storage, council.id, web.address)
    const cookie = (await signIn(web.address, 'descanso', 'secretaria')) ?? ''
    const command = (action: string) =>
      fetch(`${web.address}/c/descanso/sala/${session.slug}/gravador`, {
        ...{ method: 'POST', body: JSON.stringify({ action }) },
        headers: { 'Content-Type': 'application/json', Accept: 'application/json', cookie },
      })
    let seq = 0
    const mark = (fields: object): SessionEvent =>
      sessionEvent.parse({
        ...{ v: 1, id: newId(), session: session.id, device: 'tablet-9', seq: ++seq, by: { role: 'secretary', id: 'x' } },
        ...{ at: { wallMs: Date.now(), monotonicNs: '1', boot: 'b' }, ...fields },
      })
    const append = (event: SessionEvent) => storage.database.inCouncil(council.id, (tx) => appendEvents(tx, session.id, [event]))
    const proof = () => [recorder.proof.state, recorder.proof.cause]
    expect((await command('start')).status).toBe(202)
    await expect.poll(proof).toEqual(['recording', undefined])
    await append(mark({ type: 'closed.began', ground: 'honra', recording: 'none' }))
    await expect.poll(proof).toEqual(['paused', 'closed-part'])
    const refused = await command('resume')
    expect([refused.status, await refused.text()]).toEqual([409, expect.stringContaining('a gravación segue soa')])
    recorder.hangUp()
    await append(mark({ type: 'closed.ended' }))
    expect(proof()).toEqual(['paused', 'closed-part'])
    recorder.callBack()
    await expect.poll(proof).toEqual(['recording', undefined])
    await command('pause')
    await expect.poll(proof).toEqual(['paused', undefined])
    await append(mark({ type: 'closed.began', ground: 'honra', recording: 'none' }))
    await append(mark({ type: 'closed.ended' }))
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    expect(proof()).toEqual(['paused', undefined])
  })
})

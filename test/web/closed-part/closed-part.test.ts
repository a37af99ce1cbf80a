import { randomBytes } from 'node:crypto'
import { request } from 'node:http'
import { io } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../../storage/model/ids.ts'
import { putAccount } from '../../../storage/records/accounts.ts'
import { lockSession, setPublished, setStage } from '../../../storage/records/sessions.ts'
import type { RunningWeb } from '../../../web/main.ts'
import { hashPassword } from '../../../web/sign-in/password-hash.ts'
import { type PublishedSession, putPublishedSession } from '../../servers/published-session.ts'
import { startTestWeb } from '../../servers/running-web.ts'
import { openTestStorage, type TestStorage } from '../../servers/test-storage.ts'
import { password, signIn } from '../control/chamber.ts'
import { addressesOf, askAll, registeredRoutes } from '../every-address.ts'
import { openLiveChamber } from '../live/live-chamber.ts'
import { elsewhere, guessesFor, Onlooker, publicRoutes, tells } from './withheld.ts'

/** Opened by a link that nobody can guess; without it they say that nothing is there. */
const secretLinks = ['/c/:council/sala/:session/pantalla/:token', '/c/:council/convite/:token']

let storage: TestStorage
let web: RunningWeb
let tablets = 0
/** Clock of the live view, held where a test needs it: so much of the session has passed. */
let liveMs: number | undefined

beforeAll(async () => {
  storage = await openTestStorage()
  web = await startTestWeb(storage, { now: () => liveMs ?? Date.now(), environment: { ESCANO_WEB_PROXIES: '1' } })
})
afterAll(async () => {
  await web?.[Symbol.asyncDispose]()
  await storage?.[Symbol.asyncDispose]()
})

const routes = () => registeredRoutes(web.app)
const onlooker = (of: PublishedSession) => new Onlooker(web.address, routes(), of)

async function putPublished(slug: string, master?: Uint8Array) {
  const of = await putPublishedSession(storage, { slug, seconds: 140, ...(master ? { master } : {}) })
  await storage.database.inCouncil(of.council.id, async (tx) =>
    putAccount(tx, { id: newId(), login: 'secretaria', name: 'Noela', role: 'secretary', passwordHash: await hashPassword(password) }),
  )
  return of
}

/** A session that runs and can be watched, and how much of it has passed for who watches. */
async function putRunning(slug: string) {
  const chamber = await openLiveChamber(storage, web.address, { slug, seconds: 140, recordedForMs: 175_000 })
  const { of } = chamber
  const pass = (ms: number) => {
    liveMs = of.session.convenedFor + ms
  }
  pass(75_000)
  const watches = async (watching: Onlooker, span: { fromMs: number; toMs: number }) =>
    (await watching.look()).some((one) => one.address.includes('/directo/') && one.address.endsWith('.ts') && tells(one, of, span))
  return { chamber, of, pass, watches }
}

async function publish(of: PublishedSession): Promise<void> {
  await storage.database.inCouncil(of.council.id, async (tx) => {
    await setStage(tx, of.session.id, 'published')
    await setPublished(tx, of.session.id, Date.now())
  })
}

/** A tablet that is signed in: its marks come to the server by the real way. */
class Tablet {
  readonly #of: PublishedSession
  readonly #cookie: string
  readonly #device = `tablet-${++tablets}`
  #seq = 0

  private constructor(of: PublishedSession, cookie: string) {
    this.#of = of
    this.#cookie = cookie
  }

  static async open(of: PublishedSession): Promise<Tablet> {
    return new Tablet(of, (await signIn(web.address, of.slug, 'secretaria')) ?? '')
  }

  began = (mediaMs: number) => this.#mark(mediaMs, { type: 'closed.began', ground: 'honra', recording: 'none' })
  ended = (mediaMs: number) => this.#mark(mediaMs, { type: 'closed.ended' })

  /** @returns ids that the server answered for: it has them */
  async send(marks: { id: string }[]): Promise<string[]> {
    const response = await fetch(`${web.address}/c/${this.#of.slug}/sala/${this.#of.session.slug}/marcas`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json', cookie: this.#cookie },
      body: JSON.stringify({ events: marks }),
    })
    expect(response.status).toBe(200)
    const { accepted, known, refused } = (await response.json()) as { accepted: string[]; known: string[]; refused: { id: string }[] }
    return [...accepted, ...known, ...refused.map((one) => one.id)]
  }

  #mark(mediaMs: number, fields: object) {
    const at = { wallMs: this.#of.session.convenedFor + mediaMs, monotonicNs: '1', boot: this.#device }
    const by = { role: 'secretary', id: 'x' }
    return { v: 1, id: newId(), session: this.#of.session.id, device: this.#device, seq: ++this.#seq, by, at, mediaMs, ...fields }
  }
}

test('an address that is not on the list of public ones refuses who did not sign in, and the list names no other', {
  timeout: 300_000,
}, async () => {
  const of = await putPublished('lista')
  const registered = routes()
  expect(publicRoutes.filter((path) => !registered.some((one) => one.method === 'GET' && one.path === path))).toEqual([])
  const open: string[] = []
  const unguarded: string[] = []
  for (const route of registered.filter((one) => one.method === 'GET' && !publicRoutes.includes(one.path))) {
    const answers = await askAll(web.address, addressesOf(route, guessesFor(of)))
    if (!answers.some((one) => [303, 401, 403].includes(one.status)) && !secretLinks.includes(route.path)) unguarded.push(route.path)
    open.push(...answers.filter((one) => one.status < 300).map((one) => `${route.path}: ${one.address}`))
  }
  expect(open).toEqual([])
  // A route that only says «not found» to a guess has not shown that it asks who is there.
  expect(unguarded).toEqual([])
  for (const route of registered.filter((one) => !/^(?:GET|HEAD)$/.test(one.method))) {
    for (const address of addressesOf(route, { ...guessesFor(of), session: [of.session.slug] })) {
      const { status } = await fetch(web.address + address, { method: route.method, redirect: 'manual', headers: elsewhere })
      expect(status, `${route.method} ${address}`).toBeGreaterThanOrEqual(300)
    }
  }
})

test('no line that is kept open lets in who did not sign in', async () => {
  const names = [...web.sockets._nsps.keys()].filter((name) => name !== '/')
  expect(names.length).toBeGreaterThanOrEqual(2)
  for (const name of names) {
    const socket = io(web.address + name, { forceNew: true, reconnection: false, auth: { council: 'lista', session: '2026-10-27' } })
    const refused = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(false))
      socket.once('connect_error', () => resolve(true))
    })
    socket.disconnect()
    expect(refused, name).toBe(true)
  }
})

describe('nothing of a closed part comes to who did not sign in, from any address, before, during or after', { timeout: 600_000 }, () => {
  const during = { fromMs: 60_000, toMs: 100_000 }

  test('when the tap came late: what was said in the 20 s before it is withheld too', async () => {
    const { chamber, of, pass, watches } = await putRunning('toque-tardio')
    await using _ = chamber
    const watching = onlooker(of)
    const spoken = { fromMs: during.fromMs - 15_000, toMs: during.toMs }
    await watching.expectNothingOf(spoken)
    expect(await watches(watching, { fromMs: 20_000, toMs: 44_000 })).toBe(true)
    const tablet = await Tablet.open(of)
    const began = tablet.began(during.fromMs)
    expect(await tablet.send([began])).toEqual([began.id])
    await watching.expectNothingOf(spoken)
    const ended = tablet.ended(during.toMs)
    expect(await tablet.send([ended])).toEqual([ended.id])
    pass(171_000)
    await watching.expectNothingOf(spoken)
    expect(await watches(watching, { fromMs: 124_000, toMs: 140_000 })).toBe(true)
    await publish(of)
    const known = await watching.expectNothingOf(spoken)
    console.log(`late tap: ${known} addresses`)
    expect((await watching.look()).some((one) => tells(one, of, { fromMs: 0, toMs: 30_000 }))).toBe(true)
  })

  test('when the tablet was offline: its taps close the part backwards once they come', async () => {
    const { chamber, of } = await putRunning('sen-lina')
    await using _ = chamber
    const watching = onlooker(of)
    await watching.expectNothingOf(during)
    // Without its heartbeat nothing is live, however old it is by then.
    chamber.loseTablet()
    liveMs = Date.now() + 120_000
    await watching.expectNothingOf({ fromMs: 0, toMs: Number.POSITIVE_INFINITY })
    const tablet = await Tablet.open(of)
    const kept = [tablet.began(during.fromMs), tablet.ended(during.toMs)]
    await watching.expectNothingOf(during)
    expect(await tablet.send(kept)).toEqual(kept.map((one) => one.id))
    await publish(of)
    const known = await watching.expectNothingOf(during)
    console.log(`offline tablet: ${known} addresses`)
  })

  test('in the segments across its limits, which are withheld whole', async () => {
    const { chamber, of, pass } = await putRunning('segmento-partido')
    await using _ = chamber
    pass(171_000)
    const tablet = await Tablet.open(of)
    const middle = of.segments[15]
    if (!middle) throw new Error('the sample has fewer segments')
    const marks = [tablet.began(middle.ptsMs + 2_000), tablet.ended(middle.ptsMs + 14_000)]
    await tablet.send(marks)
    const watching = onlooker(of)
    const wide = { fromMs: middle.ptsMs + 2_000 - 20_000, toMs: middle.ptsMs + 14_000 + 20_000 }
    await watching.expectNothingOf(wide)
    await publish(of)
    const known = await watching.expectNothingOf(wide)
    console.log(`straddling segment: ${known} addresses`)
    const withheld = of.segments.filter((one) => one.ptsMs <= wide.toMs && one.ptsMs + one.durationMs >= wide.fromMs)
    expect(withheld[0]?.ptsMs).toBeLessThan(wide.fromMs)
  })

  test('when the closed part arrives after the session was published, also in what is being downloaded', async () => {
    const of = await putPublished('chegou-tarde', new Uint8Array(randomBytes(48_000_000)))
    const watching = onlooker(of)
    expect((await watching.look()).filter((one) => tells(one, of, during)).length).toBeGreaterThan(10)
    const download = slowDownload(`${web.address}/c/${of.slug}/${of.session.slug}/gravacion.mp4`)
    await download.begun
    const tablet = await Tablet.open(of)
    const kept = [tablet.began(during.fromMs), tablet.ended(during.toMs)]
    expect(await tablet.send(kept)).toEqual(kept.map((one) => one.id))
    const known = await watching.expectNothingOf(during)
    console.log(`late span: ${known} addresses`)
    download.goOn()
    expect(await download.outcome).toBe('cut off')
  })

  test('that has no end: everything after it stays closed', async () => {
    const of = await putPublished('sen-remate')
    const watching = onlooker(of)
    await watching.look()
    const tablet = await Tablet.open(of)
    await tablet.send([tablet.began(during.fromMs)])
    await watching.expectNothingOf({ fromMs: during.fromMs, toMs: Number.POSITIVE_INFINITY })
  })

  test('when a tap is not acknowledged: the answer comes only once it counts everywhere', async () => {
    const { chamber, of } = await putRunning('sen-acuse')
    await using _ = chamber
    const watching = onlooker(of)
    await watching.look()
    const tablet = await Tablet.open(of)
    const began = tablet.began(during.fromMs)
    let acknowledged = false
    const release = await holdSession(of)
    const sent = tablet.send([began]).then((ids) => {
      acknowledged = true
      return ids
    })
    await watching.expectNothingOf(during)
    expect(acknowledged).toBe(false)
    await release()
    expect(await sent).toEqual([began.id])
    await publish(of)
    const known = await watching.expectNothingOf({ fromMs: during.fromMs, toMs: Number.POSITIVE_INFINITY })
    console.log(`unacknowledged tap: ${known} addresses`)
  })
})

/** Keeps the session's log locked, as a stalled database would. */
async function holdSession(of: PublishedSession): Promise<() => Promise<void>> {
  let free = () => {}
  const freed = new Promise<void>((resolve) => {
    free = resolve
  })
  let locked = () => {}
  const isLocked = new Promise<void>((resolve) => {
    locked = resolve
  })
  const held = storage.database.inCouncil(of.council.id, async (tx) => {
    await lockSession(tx, of.session.id)
    locked()
    await freed
  })
  await isLocked
  return async () => {
    free()
    await held
  }
}

/** A reader on a slow line: takes the first bytes and then lets the rest wait. */
function slowDownload(address: string) {
  let goOn = () => {}
  let begin = () => {}
  const begun = new Promise<void>((resolve) => {
    begin = resolve
  })
  const outcome = new Promise<'whole' | 'cut off'>((resolve) => {
    request(address, { highWaterMark: 1024 } as object, (response) => {
      response.once('data', () => {
        response.pause()
        begin()
        goOn = () => response.resume()
      })
      response.on('aborted', () => resolve('cut off'))
      response.on('error', () => resolve('cut off'))
      response.on('end', () => resolve(response.complete ? 'whole' : 'cut off'))
    })
      .on('error', () => resolve('cut off'))
      .end()
  })
  return { begun, outcome, goOn: () => goOn() }
}

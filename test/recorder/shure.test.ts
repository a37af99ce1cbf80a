import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chamberProfile } from '../../recorder/chamber-profile.ts'
import { MicrophoneWatch } from '../../recorder/microphone-watch.ts'
import { parseShureStrings, UnitStates } from '../../recorder/shure-strings.ts'
import { readMicrophoneEvents } from '../../storage/records/microphones.ts'
import type { RunningWeb } from '../../web/main.ts'
import { startTestWeb } from '../servers/running-web.ts'
import { ShureUnit } from '../servers/shure-unit.ts'
import { openTestStorage, type TestStorage } from '../servers/test-storage.ts'
import { type Chamber, enrolChamber } from '../web/agent/chamber.ts'

describe('Shure’s command strings', () => {
  test('tell the microphones that were switched, whatever else is said between them', () => {
    const text =
      '< REP MODEL {MXCWAPT} >< REP 3 MIC_STATUS ON >\r\n< REP 3 SEAT_NAME {Uxía} >< REP 12 MIC_STATUS OFF ><REP 7 MIC_STATUS UNKNOWN>< REP 3 MIC_GAIN 30 >< REP ERR >'
    expect(parseShureStrings(text)).toEqual({
      reports: [
        { unit: 3, event: 'on' },
        { unit: 12, event: 'off' },
        { unit: 7, event: 'off' },
      ],
      rest: '',
    })
  })

  test.each([
    '< SET 3 MIC_STATUS ON >',
    '< GET 3 MIC_STATUS >',
    '< REP 0 MIC_STATUS ON >',
    '< REP 70000 MIC_STATUS ON >',
    '< REP 3 MIC_STATUS MAYBE >',
    '< REP -3 MIC_STATUS ON >',
    '< REP 3 SEAT_NAME {REP 4 MIC_STATUS ON} >',
    'REP 3 MIC_STATUS ON >',
  ])('say nothing of a microphone when they are not its report: %s', (text) => {
    expect(parseShureStrings(text).reports).toEqual([])
  })

  test('may be cut anywhere on their way', () => {
    const text = '< REP 3 MIC_STATUS ON >< REP 4 MIC_STATUS OFF >'
    for (let at = 0; at <= text.length; at++) {
      const first = parseShureStrings(text.slice(0, at))
      const second = parseShureStrings(first.rest + text.slice(at))
      expect([...first.reports, ...second.reports], `cut at ${at}`).toHaveLength(2)
      expect(second.rest).toBe('')
    }
    expect(parseShureStrings('x'.repeat(5000)).rest).toBe('')
  })

  test('are news once; the first of a unit always is, and a unit that answers no more is off', () => {
    const states = new UnitStates()
    const off = { unit: 1, event: 'off' as const }
    const on = { unit: 1, event: 'on' as const }
    expect([states.take([off]), states.take([off]), states.take([on, on]), states.endRound()]).toEqual([[off], [], [on], []])
    expect([states.endRound(), states.endRound()]).toEqual([[off], []])
  })
})

describe('the conference system of a chamber', () => {
  let storage: TestStorage
  let web: RunningWeb
  let chamber: Chamber
  beforeAll(async () => {
    storage = await openTestStorage()
    web = await startTestWeb(storage)
    chamber = await enrolChamber(storage, web.address)
    await mkdir(chamber.spool, { recursive: true })
  })
  afterAll(async () => {
    await chamber?.[Symbol.asyncDispose]()
    await web?.[Symbol.asyncDispose]()
    await storage?.[Symbol.asyncDispose]()
  })

  const profileOf = (port: number) =>
    chamberProfile.parse({
      ...{ v: 1, name: 'Salón', sources: [{ id: 'camara', name: 'Cámara', from: 'rtsp://127.0.0.1/1' }] },
      microphones: { system: 'shure-mxcw', host: '127.0.0.1', port, seats: { 12: 3 } },
    }).microphones
  const watch = async (port: number, identity = chamber.identity) => {
    const microphones = profileOf(port)
    if (!microphones) throw new Error('the profile lost its microphones')
    const troubles: string[] = []
    const opened = await MicrophoneWatch.open({
      ...{ identity, spool: chamber.spool, microphones, askEveryMs: 300 },
      onTrouble: (sentence) => troubles.push(sentence),
    })
    return { troubles, [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]() }
  }
  const kept = async () =>
    (
      await storage.database.inCouncil(storage.council.id, (tx) =>
        readMicrophoneEvents(tx, { session: storage.session.id, fromMs: 0, toMs: Number.MAX_SAFE_INTEGER }),
      )
    ).map((one) => `${one.seat} ${one.event}`)

  test('is asked how it stands, then heard at each change, and told at the seat the profile names', async () => {
    await using unit = await ShureUnit.start()
    unit.microphones.set(1, 'ON').set(12, 'OFF')
    await using _watch = await watch(unit.port)
    await expect.poll(kept).toEqual(expect.arrayContaining(['1 on', '3 off']))
    expect(unit.asked.slice(0, 2)).toEqual(['GET MODEL', 'GET 0 MIC_STATUS'])
    unit.press(12, 'ON')
    await expect.poll(kept).toContain('3 on')
    await expect.poll(() => unit.asked.length).toBeGreaterThan(6)
    // Asked again and again, it says the same again and again: that is no news.
    expect((await kept()).sort()).toEqual(['1 on', '3 off', '3 on'])
  })

  test('is dialled again after a cut, and what changed meanwhile is learnt; a unit that went away is off', async () => {
    await using unit = await ShureUnit.start()
    unit.microphones.set(21, 'ON').set(22, 'OFF').set(23, 'ON')
    await using _watch = await watch(unit.port)
    await expect.poll(kept).toEqual(expect.arrayContaining(['21 on', '22 off', '23 on']))
    unit.microphones.set(22, 'ON')
    unit.microphones.delete(23)
    unit.cut()
    await expect.poll(() => unit.dials).toBeGreaterThan(1)
    await expect.poll(kept).toEqual(expect.arrayContaining(['22 on', '23 off']))
    expect((await kept()).filter((one) => one.startsWith('21'))).toEqual(['21 on'])
  })

  test('that falls silent is dialled again, and nobody’s microphone is taken for off by that', async () => {
    await using unit = await ShureUnit.start()
    unit.microphones.set(31, 'ON')
    await using watching = await watch(unit.port)
    await expect.poll(kept).toContain('31 on')
    unit.mute = true
    await expect.poll(() => unit.dials).toBeGreaterThan(1)
    expect(watching.troubles.join()).toContain('it does not answer')
    expect(await kept()).not.toContain('31 off')
  })

  test('is heard while the server is away: what it said waits on the disk, survives the agent, and arrives once', async () => {
    await using unit = await ShureUnit.start()
    const lost = await enrolChamber(storage, 'http://127.0.0.1:9')
    const file = join(chamber.spool, 'microphones.jsonl')
    {
      await using _watch = await watch(unit.port, lost.identity)
      await expect.poll(() => unit.asked.length).toBeGreaterThan(0)
      unit.press(41, 'ON')
      unit.press(41, 'OFF')
      await expect.poll(async () => (await readFile(file, 'utf8')).split('"seat":41').length - 1).toBe(2)
    }
    await lost[Symbol.asyncDispose]()
    expect(await kept()).not.toContain('41 on')
    // The power went in the middle of a line.
    await appendFile(file, '{"event":{"id"')
    {
      await using _watch = await watch(unit.port)
      await expect.poll(kept).toEqual(expect.arrayContaining(['41 on', '41 off']))
      await expect.poll(() => readFile(file, 'utf8')).toMatch(/"acknowledged":\d+\}\n$/)
    }
    await using _again = await watch(unit.port)
    expect((await kept()).filter((one) => one === '41 on')).toHaveLength(1)
  })
})

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../../storage/model/ids.ts'
import type { Transcript } from '../../../storage/model/transcript.ts'
import { measureTranscript } from '../../../storage/model/transcript-quality.ts'
import { putAccount } from '../../../storage/records/accounts.ts'
import { reportProgress } from '../../../storage/records/progress.ts'
import { putTranscriptQuality } from '../../../storage/records/transcript-qualities.ts'
import { isPlanCancelled, putChunkPlan } from '../../../storage/records/transcripts.ts'
import { toStm } from '../../../transcriber/formats/stm.ts'
import { referenceScores } from '../../../transcriber/score/reference-scores.ts'
import type { RunningWeb } from '../../../web/main.ts'
import { hashPassword } from '../../../web/sign-in/password-hash.ts'
import { browserMissing, openBrowser } from '../../servers/browser.ts'
import { sweepPage } from '../../servers/page-sweep.ts'
import { type PublishedSession, putPublishedSession } from '../../servers/published-session.ts'
import { startTestWeb } from '../../servers/running-web.ts'
import { openTestStorage, type TestStorage } from '../../servers/test-storage.ts'
import { password, signIn } from '../control/chamber.ts'

const path = '/c/vilarino/calidade/2026-10-27'

/** The transcript with everything a bad evening brings: a piece nobody could write, a disputed speaker, words without measure, an invented one. */
function troubled(of: Transcript): Transcript {
  const utterances = structuredClone(of.utterances)
  const [first, second, third, fourth] = utterances
  if (!first || !second || !third || !fourth) throw new Error('the sample has more utterances')
  Object.assign(first, { status: 'non-transcrito', words: [], guards: [{ code: 'not-recognised', outcome: 'fired' }] })
  Object.assign(second.speaker, { id: 'unknown', confidence: 0, runnerUp: 'castro', review: 'sources-disagree' })
  Object.assign(third.speaker, { id: 'alcaldesa', confidence: 0.6, source: 'presidency', runnerUp: 'otero', review: 'unsure' })
  third.guards = [
    { code: 'repeated', outcome: 'fired' },
    { code: 'not-trusted', outcome: 'fired' },
    { code: 'low-probability', outcome: 'unavailable' },
  ]
  for (const word of fourth.words) word.probability = null
  fourth.words.push({ id: 'invented', text: 'grazas', fromMs: 600_000, toMs: 600_400, probability: 0.2, method: 'token' })
  return {
    ...of,
    version: 1,
    utterances,
    evidence: [
      'microphone-events',
      'microphone-clock: +150 ms at 208 s',
      'chair-words',
      'diarization: 3 voices, 2 named by other evidence',
    ],
  }
}

describe('the page of quality', () => {
  let storage: TestStorage
  let web: RunningWeb
  let browser: Browser | undefined
  let session: PublishedSession

  beforeAll(async () => {
    storage = await openTestStorage()
    session = await putPublishedSession(storage, { seconds: 8, published: false })
    const other = await putPublishedSession(storage, { slug: 'baleiro', seconds: 8, published: false })
    const made = troubled(session.transcript)
    const speech = session.transcript.utterances.map(({ fromMs, toMs }) => ({ fromMs, toMs }))
    const scores = referenceScores(made, toStm(session.transcript, 'pleno'), { names: ['Castro'], durationSeconds: 700 })
    const passwordHash = await hashPassword(password)
    await storage.database.inCouncil(session.council.id, async (tx) => {
      await putTranscriptQuality(tx, session.session.id, { ...measureTranscript(made, { speech, recordedMs: 700_000 }), scores })
      await putAccount(tx, { id: newId(), login: 'secretaria', name: 'Noela Lestrigo', role: 'secretary', passwordHash })
    })
    // Elsewhere everything was understood, and nobody wrote a text to hold it against.
    await storage.database.inCouncil(other.council.id, async (tx) => {
      await putTranscriptQuality(tx, other.session.id, measureTranscript(other.transcript, { speech, recordedMs: 700_000 }))
      await putAccount(tx, { id: newId(), login: 'secretaria', name: 'Noela Lestrigo', role: 'secretary', passwordHash })
    })
    web = await startTestWeb(storage)
    if (browserMissing === '') browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await web?.[Symbol.asyncDispose]()
    await storage?.[Symbol.asyncDispose]()
  })

  const read = async (address: string) => {
    const cookie = (await signIn(web.address, 'vilarino', 'secretaria')) ?? ''
    return await (await fetch(web.address + address, { headers: { cookie } })).text()
  }

  test('says first what is left to hear, each with its sound', async () => {
    const page = await read(path)
    expect(page).toContain('A máquina deixou 5 lugares por escoitar.')
    expect(page).toMatch(/Texto dubidoso \(1\)[\s\S]*t=7#son/)
    expect(page).toContain('/c/vilarino/editor/2026-10-27?t=600#son')
    expect(page).toContain('non se asignou a ninguén')
    expect(page).toMatch(/Semella Sra\. Outedal[^;]*; podería ser S/)
  })

  test('gives the figures, and what was not measured as such', async () => {
    const page = await read(path)
    const figure = (name: string) => new RegExp(`<dt>${name}</dt><dd class="num">([^<]*)</dd>`).exec(page)?.[1]
    const own = session.transcript.utterances
    expect(figure('Palabras sen medida')).toBe(String(own[3]?.words.length))
    expect(figure('Palabras')).toBe(String(own.flatMap((one) => one.words).length - (own[0]?.words.length ?? 0) + 1))
    expect(page).toContain('probabilidade baixa')
    expect(page).toContain('segue dubidoso')
    expect(page).toContain('voces semellantes (3 voces, 2 con nome por outras probas)')
    const lost = ((own[0]?.words.length ?? 0) + 1) / own.flatMap((one) => one.words).length
    expect(Number.parseFloat((figure('Palabras erradas \\(WER\\)') ?? '').replace(',', '.')) / 100).toBeCloseTo(lost, 2)
  })

  test('tells how far the transcript is and lets the secretary stop it and go on, until the acta is frozen', async () => {
    const cookie = (await signIn(web.address, 'vilarino', 'secretaria')) ?? ''
    const { database } = storage
    const inCouncil = <T>(work: Parameters<typeof database.inCouncil<T>>[1]) => database.inCouncil(session.council.id, work)
    const press = async (act: string) => {
      const body = new URLSearchParams({ act })
      return (await fetch(web.address + path, { method: 'POST', headers: { cookie }, body, redirect: 'manual' })).status
    }
    expect(await press('stop')).toBe(409)
    await inCouncil((tx) => tx.updateTable('sessions').set({ stage: 'draft' }).where('id', '=', session.session.id).execute())
    await inCouncil(async (tx) => {
      await putChunkPlan(tx, session.session.id, { v: 2 })
      await reportProgress(tx, session.session.id, { step: 'transcribe', done: 12, total: 40 })
    })
    expect(await read(path)).toContain('12 de 40 fragmentos')
    expect(await press('stop')).toBe(303)
    expect(await inCouncil((tx) => isPlanCancelled(tx, session.session.id))).toBe(true)
    expect(await read(path)).toContain('A transcrición está parada')
    expect(await press('again')).toBe(303)
    expect(await press('dance')).toBe(400)
  })

  test('is the staff’s alone', async () => {
    const response = await fetch(web.address + path, { redirect: 'manual' })
    expect(response.status).toBe(303)
  })

  test.skipIf(browserMissing)(
    `is readable at each width, in both languages, light and dark: axe finds nothing${browserMissing}`,
    { timeout: 300_000 },
    async () => {
      if (!browser) throw new Error('no browser')
      const context = { serviceWorkers: 'block' } as const
      for (const slug of ['vilarino', 'baleiro']) {
        const cookie = await signIn(web.address, slug, 'secretaria')
        const of = { path: path.replace('vilarino', slug), name: `quality-${slug}` }
        expect(await sweepPage({ browser, address: web.address, ...of, cookie, context })).toEqual([])
      }
    },
  )
})

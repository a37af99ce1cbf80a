import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Acta, type Sentence, sentencesOf } from '../../../storage/model/acta.ts'
import type { Transcript } from '../../../storage/model/transcript.ts'
import { readActa } from '../../../storage/records/actas.ts'
import { putTranscript, readTranscript } from '../../../storage/records/transcripts.ts'
import { actaSections } from '../../../web/editor/acta-sections.ts'
import type { RunningWeb } from '../../../web/main.ts'
import { type PublishedSession, putPublishedSession } from '../../servers/published-session.ts'
import { startTestWeb } from '../../servers/running-web.ts'
import { openTestStorage, type TestStorage } from '../../servers/test-storage.ts'
import { signIn } from '../control/chamber.ts'
import { putDraft } from './draft.ts'

describe('what the recognizer was not sure of', () => {
  let storage: TestStorage
  let web: RunningWeb
  let ours: PublishedSession

  beforeAll(async () => {
    storage = await openTestStorage()
    ours = await putPublishedSession(storage, { slug: 'vilarino', seconds: 8, published: false })
    await putDraft(storage, ours)
    web = await startTestWeb(storage)
  })
  afterAll(async () => {
    await web?.[Symbol.asyncDispose]()
    await storage?.[Symbol.asyncDispose]()
  })

  const address = () => `${web.address}/c/vilarino/editor/${ours.session.slug}`
  const cookieOf = async (login: string) => (await signIn(web.address, 'vilarino', login)) ?? ''
  const newest = async () => {
    const found = await storage.database.inCouncil(ours.council.id, (tx) => readActa(tx, ours.session.id))
    if (!found) throw new Error('the acta is gone')
    return found
  }
  const sentenceOf = (acta: Acta, id: string) => acta.blocks.flatMap(sentencesOf).find((one) => one.id === id)
  const post = (cookie: string, body: Record<string, string>, version: number) =>
    fetch(address(), {
      ...{ method: 'POST', redirect: 'manual', body: new URLSearchParams({ version: String(version), punto: '1', ...body }) },
      headers: { cookie, 'Content-Type': 'application/x-www-form-urlencoded' },
    })
  const page = () => `${address()}/quen-fala`
  const answer = (cookie: string, body: Record<string, string>, version: number) =>
    fetch(page(), {
      ...{ method: 'POST', redirect: 'manual' },
      headers: { cookie, 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ version: String(version), punto: '', ...body }),
    })

  test('a name that was misheard, and who spoke where sources disagreed, are asked of a person; the transcript keeps what it had', async () => {
    const cookie = await cookieOf('secretaria')
    expect(await (await fetch(page(), { headers: { cookie } })).text()).toContain('Non queda ningunha dúbida de quen fala.')
    const before = await newest()
    const turn = before.blocks.find((block) => block.kind === 'turn' && block.sentences.length > 2)
    const waiting = before.blocks.flatMap(sentencesOf).find((one) => one.origin === 'machine' && /\p{L}{8}/u.test(one.text))
    if (turn?.kind !== 'turn' || !waiting) throw new Error('the sample has a turn of three sentences and one that waits')
    const [first, second] = turn.sentences
    const heard = /\p{L}{8,}/u.exec(waiting.text)?.[0] ?? ''
    const doubted = doubtedTranscript(ours.transcript, {
      turn: turn.sentences,
      misheard: { utterance: waiting.sources[0]?.utterances[0] ?? '', heard },
    })
    await storage.database.inCouncil(ours.council.id, (tx) =>
      putTranscript(tx, doubted, { key: 'x', version: '1', sha256: '0'.repeat(64) }),
    )

    const term = `${heard.charAt(0).toUpperCase()}${heard.slice(1, -1)}um`
    const vocabulary = `${web.address}/c/vilarino/vocabulario`
    const seen = /name="seen" value="([^"]*)"/.exec(await (await fetch(vocabulary, { headers: { cookie } })).text())?.[1] ?? ''
    const keep = (words: string) =>
      fetch(vocabulary, {
        ...{ method: 'POST', redirect: 'manual', body: new URLSearchParams({ seen, vocabulary: words }) },
        headers: { cookie, 'Content-Type': 'application/x-www-form-urlencoded' },
      })
    expect((await keep(`${term}\n\n ${term} \n`)).headers.get('location')).toBe('/c/vilarino/vocabulario?feito=saved')
    const late = await keep('Outra')
    expect([late.status, await late.text()]).toEqual([409, expect.stringContaining(term)])
    const editor = await (await fetch(`${address()}?punto=${sectionOf(before, waiting.id)}`, { headers: { cookie } })).text()
    const [, press] = new RegExp(`name="take-term" value="(${waiting.id.replaceAll('.', '\\.')}\\|[^"]+)"`).exec(editor) ?? []
    expect((await post(cookie, { 'take-term': press ?? '' }, before.version)).headers.get('location')).toContain('feito=rewritten')
    const taken = await newest()
    expect(sentenceOf(taken, waiting.id)).toMatchObject({ text: waiting.text.replace(heard, term), origin: 'person' })

    const asked = await (await fetch(page(), { headers: { cookie } })).text()
    expect(asked).toContain(`Quedan ${turn.sentences.length}`)
    expect(asked).toContain('As fontes non están de acordo')
    expect(await (await fetch(address(), { headers: { cookie } })).text()).toContain(
      `De ${turn.sentences.length} frases non se sabe con certeza quen as dixo.`,
    )
    // A place of the recording that another page names opens the item that was spoken of then.
    const headed = async (at: string) =>
      /<h1[^>]*>(.*?)<\/h1>/.exec(await (await fetch(address() + at, { headers: { cookie } })).text())?.[1]
    expect(await Promise.all(['?t=30', '?t=70', '?t=3', '?t=70&punto=1'].map(headed))).toEqual([
      ...[expect.stringMatching(/^1\. /), expect.stringMatching(/^2\. /), expect.not.stringMatching(/^\d/), expect.stringMatching(/^1\. /)],
    ])
    const castro = ours.council.members.find((one) => one.speaker === 'castro')
    expect((await answer(cookie, { sentence: second?.id ?? '', speaker: castro?.id ?? '' }, taken.version)).status).toBe(303)
    const after = await newest()
    const named = after.blocks.find((block) => block.kind === 'turn' && block.sentences.some((one) => one.id === second?.id))
    expect(named).toMatchObject({ speaker: 'Sra. Castro', attributedBy: 'Noela Lestrigo', sentences: [{ id: second?.id }] })
    const kept = after.blocks.find((block) => block.kind === 'turn' && block.sentences.some((one) => one.id === first?.id))
    expect(kept).toMatchObject({ id: turn.id, speaker: turn.speaker })
    expect(await (await fetch(page(), { headers: { cookie } })).text()).toContain(`Quedan ${turn.sentences.length - 1}`)
    // Who read an older page does not answer over it.
    const stale = await answer(await cookieOf('substituta'), { sentence: second?.id ?? '', speaker: 'unknown' }, taken.version)
    expect(stale.status).toBe(422)
    await answer(cookie, { undo: '1' }, after.version)
    expect((await newest()).blocks).toEqual(taken.blocks)
    const stored = await storage.database.inCouncil(ours.council.id, (tx) => readTranscript(tx, ours.session.id))
    expect(stored?.transcript).toEqual(doubted)
    expect((await answer(await cookieOf('alcaldesa'), { sentence: first?.id ?? '', speaker: 'unknown' }, taken.version)).status).toBe(403)
  })
})

/** A later version of the transcript: nobody is sure who spoke a turn, and a word of another utterance was heard with little probability. */
function doubtedTranscript(
  of: Transcript,
  { turn, misheard }: { turn: Sentence[]; misheard: { utterance: string; heard: string } },
): Transcript {
  const doubted = new Set(turn.flatMap((one) => one.sources.flatMap((source) => source.utterances)))
  return {
    ...of,
    version: of.version + 1,
    utterances: of.utterances.map((one) => ({
      ...one,
      ...(doubted.has(one.id)
        ? {
            speaker: {
              id: 'unknown',
              confidence: 0,
              source: 'microphone' as const,
              runnerUp: 'castro',
              review: 'sources-disagree' as const,
            },
          }
        : {}),
      words: one.words.map((word) =>
        one.id === misheard.utterance && word.text.includes(misheard.heard) ? { ...word, probability: 0.2 } : word,
      ),
    })),
  }
}

/** The section of the editor that a sentence stands in. */
function sectionOf(of: Acta, sentence: string): string {
  return actaSections(of).find((section) => section.blocks.flatMap(sentencesOf).some((one) => one.id === sentence))?.key ?? ''
}

import { describe, expect, test } from 'vitest'
import {
  ActaFrozenError,
  acceptSentences,
  expectEditable,
  expectUnchanged,
  ReviewConflictError,
  restoreVersion,
  reviewProgress,
  rewriteSentence,
  SentenceRefusedError,
} from '../../minutes/review-acta.ts'
import { type Acta, acta as actaSchema, sentencesOf, unaccepted } from '../../storage/model/acta.ts'
import { newId } from '../../storage/model/ids.ts'
import { sessionStage } from '../../storage/model/session.ts'

const item = newId()
const source = { fromMs: 1000, toMs: 2000, utterances: ['u1'], events: [] }
const sentence = (id: string, origin: string, text = `Frase ${id}.`) => ({ id, text, language: 'gl', origin, sources: [source] })
const draft = (): Acta =>
  actaSchema.parse({
    v: 1,
    session: newId(),
    version: 1,
    language: 'gl',
    blocks: [
      { kind: 'title', id: 'title', sentences: [sentence('t', 'template')] },
      { kind: 'item', id: 'i', item, number: 1, heading: 'Punto' },
      { kind: 'turn', id: 'turn', item, speaker: 'castro', sentences: [sentence('a', 'machine'), sentence('b', 'machine')] },
      {
        kind: 'vote',
        id: 'v',
        item,
        vote: 'x',
        favour: 1,
        against: 0,
        abstain: 0,
        outcome: 'approved',
        ballots: [],
        sentences: [sentence('c', 'events')],
      },
      { kind: 'agreement', id: 'g', item, sentences: [sentence('d', 'events')] },
    ],
  })
const find = (of: Acta, id: string) => of.blocks.flatMap(sentencesOf).find((one) => one.id === id)
const at = { ms: 5, stage: 'draft' } as const

describe('the secretary reviews the acta (R32)', () => {
  test('a machine sentence binds once somebody takes it, with who and when; what was taken before stays theirs', () => {
    const one = acceptSentences(draft(), ['a'], 'Noela', 1)
    expect(find(one, 'a')).toMatchObject({ acceptedBy: 'Noela', acceptedAtMs: 1, origin: 'machine' })
    expect(one.version).toBe(2)
    const both = acceptSentences(one, ['a', 'b', 't'], 'Antía', 2)
    expect(find(both, 'a')?.acceptedBy).toBe('Noela')
    expect(find(both, 'b')?.acceptedBy).toBe('Antía')
    expect(find(both, 't')?.acceptedBy).toBeUndefined()
    expect(unaccepted(both)).toEqual([])
  })

  test('accepting what is accepted makes no version', () => {
    const one = acceptSentences(draft(), ['a'], 'Noela', 1)
    expect(acceptSentences(one, ['a'], 'Noela', 9)).toBe(one)
  })

  test('a rewritten sentence is the person’s, and keeps where it was heard', () => {
    const changed = rewriteSentence(draft(), 'a', '  Outra\n cousa. ', 'Noela', at)
    expect(find(changed, 'a')).toMatchObject({
      text: 'Outra cousa.',
      origin: 'person',
      acceptedBy: 'Noela',
      acceptedAtMs: 5,
      sources: [source],
    })
  })

  test('a machine sentence saved as it was is accepted, not rewritten', () => {
    expect(find(rewriteSentence(draft(), 'a', 'Frase a.', 'Noela', at), 'a')).toMatchObject({ origin: 'machine', acceptedBy: 'Noela' })
  })

  test.each([
    ['missing', 'z', 'Texto.', 'draft'],
    ['empty', 'a', ' \n ', 'draft'],
    ['too-long', 'a', 'x'.repeat(4001), 'draft'],
    ['from-the-vote', 'c', 'Aprobado.', 'draft'],
    ['agreement-approved', 'd', 'Outro acordo.', 'approved'],
  ] as const)('a change is refused: %s', (reason, id, text, stage) => {
    const change = () => rewriteSentence(draft(), id, text, 'Noela', { ms: 1, stage })
    expect(change).toThrow(SentenceRefusedError)
    expect(change).toThrow(expect.objectContaining({ reason }))
  })

  test('progress counts what the machine or a person wrote, nothing else', () => {
    const one = rewriteSentence(acceptSentences(draft(), ['a'], 'Noela', 1), 'd', 'Acordo da secretaría.', 'Noela', at)
    expect(reviewProgress(draft())).toEqual({ reviewed: 0, total: 2 })
    expect(reviewProgress(one)).toEqual({ reviewed: 2, total: 3 })
  })

  test('undoing is a version too, with the content of the one before', () => {
    const first = draft()
    const second = acceptSentences(first, ['a'], 'Noela', 1)
    const third = restoreVersion(second, first)
    expect(third).toEqual({ ...first, version: 3 })
  })

  test('a change made on an older version passes while its sentence reads the same, and only then', () => {
    const read = draft()
    const elsewhere = acceptSentences(read, ['b'], 'Antía', 1)
    expect(() => expectUnchanged(read, elsewhere, ['a', 'b'])).not.toThrow()
    const same = rewriteSentence(read, 'a', 'Xa cambiada.', 'Antía', at)
    expect(() => expectUnchanged(read, same, ['b'])).not.toThrow()
    expect(() => expectUnchanged(read, same, ['a'])).toThrow(ReviewConflictError)
    expect(() => expectUnchanged(read, same, ['a'])).toThrow(expect.objectContaining({ current: [find(same, 'a')] }))
  })

  test('after freezing nobody changes it', () => {
    const open = sessionStage.options.filter((stage) => {
      try {
        expectEditable(stage)
        return true
      } catch (error) {
        expect(error).toBeInstanceOf(ActaFrozenError)
        return false
      }
    })
    expect(open).toEqual(['prepared', 'recording', 'recorded', 'closed', 'transcribed', 'draft', 'approved'])
  })
})

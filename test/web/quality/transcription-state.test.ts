import { expect, test } from 'vitest'
import { beginningOf, type Progress, remainingMs } from '../../../storage/records/progress.ts'
import { transcriptionState } from '../../../web/quality/transcription-state.tsx'

const at = (step: string, done: number, total: number, atMs: number): Progress => ({ step, done, total, atMs })
const began = at(beginningOf('transcribe'), 10, 40, 1_000_000)

test('what is left is told by the pace since it began, not by what was done before', () => {
  expect(remainingMs([began, at('transcribe', 20, 40, 1_100_000)], 'transcribe', 1_100_000)).toBe(200_000)
  expect(remainingMs([began, at('transcribe', 20, 40, 1_100_000)], 'transcribe', 1_130_000)).toBe(170_000)
  expect(remainingMs([began, at('transcribe', 20, 40, 1_100_000)], 'transcribe', 9_000_000)).toBe(0)
  for (const told of [
    [began, at('transcribe', 10, 40, 1_100_000)],
    [at('transcribe', 20, 40, 1)],
    [began, at('transcribe', 40, 40, 1_100_000)],
    [],
  ]) {
    expect(remainingMs(told, 'transcribe', 1_100_000)).toBeUndefined()
  }
})

test('a transcript runs, was stopped, or rests; it may be made anew until the acta is frozen', () => {
  const told = [began, at('transcribe', 20, 40, 1_100_000)]
  const of = { cancelled: false, open: true, nowMs: 1_100_000 }
  expect(transcriptionState(told, of)).toEqual({ kind: 'running', done: 20, total: 40, leftMs: 200_000, open: true })
  expect(transcriptionState(told, { ...of, cancelled: true })).toMatchObject({ kind: 'stopped', done: 20 })
  expect(transcriptionState([began, at('transcribe', 40, 40, 2)], of)).toEqual({ kind: 'rests', open: true })
  expect(transcriptionState([{ ...at('transcribe', 0, 40, 2), detail: 'model-missing: none is chosen' }], of).kind).toBe('rests')
  expect(transcriptionState([], { ...of, open: false })).toEqual({ kind: 'rests', open: false })
})

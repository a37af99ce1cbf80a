import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ChunkPlan } from '../../transcriber/chunk-result.ts'
import type { SessionAudio } from '../../transcriber/session-audio.ts'
import { planTranscript } from '../../transcriber/transcribe-session.ts'
import { sampleAudio, temporaryFolder, voiceActivityModel } from './sample-audio.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let audio: SessionAudio
beforeAll(async () => {
  folder = await temporaryFolder()
  audio = await sampleAudio(folder.path)
})
afterAll(() => folder?.[Symbol.asyncDispose]())

const recognizer = { engine: { name: 'e', build: 'b' }, model: { name: 'm', sha256: '0'.repeat(64) }, parameters: '', longestMs: 28_400 }

function plan(promptAt?: (ms: number) => string): Promise<ChunkPlan> {
  const evidence = { microphones: [], seats: [] }
  return planTranscript({ audio, languages: ['gl', 'es'], evidence, voiceActivityModel, recognizer: recognizer as never, promptAt })
}

test('a changed glossary gives another key to the chunks that are told of it, and to no other', async () => {
  const before = await plan((ms) => (ms < 100_000 ? 'Pleno de Proba.' : 'Pleno de Proba. Interveñen Castro.'))
  const after = await plan((ms) => (ms < 100_000 ? 'Pleno de Proba.' : 'Pleno de Proba. Interveñen Castro, Aqualia.'))
  expect(before.prompts).toEqual(['Pleno de Proba.', 'Pleno de Proba. Interveñen Castro.'])
  expect(after.chunks).toHaveLength(before.chunks.length)
  for (const [at, chunk] of after.chunks.entries()) {
    expect(chunk.key === before.chunks[at]?.key).toBe(chunk.fromMs < 100_000)
    expect(after.prompts?.[chunk.prompt ?? -1]).toContain('Pleno de Proba.')
  }
  const untold = await plan()
  expect(untold.prompts).toBeUndefined()
  expect(untold.chunks.every((one) => one.prompt === undefined)).toBe(true)
})

import { getPriority } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recognizeChunk } from '../../transcriber/recognize-chunk.ts'
import { countEdits, errorRate } from '../../transcriber/score/edit-distance.ts'
import { wordsOf } from '../../transcriber/score/spelling.ts'
import { readAudio } from '../../transcriber/session-audio.ts'
import { EngineCrashedError, type Recognition, type SpeechRecognizer } from '../../transcriber/speech-recognizer.ts'
import { sampleAudio, temporaryFolder } from './sample-audio.ts'

/** First words of the sample, spoken from 2.19 s to 9.71 s. */
const spoken = 'Bos días a todas e a todos. Ábrese a sesión ordinaria do pleno. Son as sete horas e trinta minutos.'

/** Bytes of a second of sound. */
const second = 32_000

/** Of the engines under test: anything above nothing. */
export const testNiceness = 3

/** An engine without the machine's vector instructions takes some seconds a call; beside other tests, more. */
const patienceMs = 240_000

/** What every recognizer must do, run on each adapter with the test model, its engine started at `testNiceness`. */
export function recognizerContract(name: string, open: () => Promise<SpeechRecognizer>): void {
  describe(`${name} keeps the contract of a recognizer`, { timeout: patienceMs }, () => {
    let recognizer: SpeechRecognizer
    let clip: Uint8Array
    /** The clip as it is heard first; what costs seconds and is asked by several tests is asked once. */
    let heard: Promise<Recognition> | undefined
    const hear = () => (heard ??= recognizer.recognize(clip, { language: 'gl' }))

    beforeAll(async () => {
      await using folder = await temporaryFolder()
      clip = await readAudio(await sampleAudio(folder.path), 2000, 10_000)
      recognizer = await open()
    })
    afterAll(async () => await recognizer?.[Symbol.asyncDispose]())

    /** The process of an engine that runs: it starts with the first call. */
    async function running(): Promise<number> {
      if (recognizer.pid === undefined) await recognizer.recognize(clip.subarray(0, second), { language: 'gl' })
      if (recognizer.pid === undefined) throw new Error('the recognizer tells no process')
      return recognizer.pid
    }

    test('speech becomes words in their order, inside the clip, in the language spoken', async () => {
      const { words, language } = await recognizer.recognize(clip, { language: 'auto' })
      const text = words.map((word) => word.text).join(' ')
      expect(errorRate(countEdits(wordsOf(spoken, 'normalised'), wordsOf(text, 'normalised')))).toBeLessThanOrEqual(0.25)
      expect(language).toBe('gl')
      expect(text).not.toContain('�')
      for (const [i, word] of words.entries()) {
        expect(word.text).not.toMatch(/\s|^$/)
        expect(word.fromMs).toBeGreaterThanOrEqual(words[i - 1]?.fromMs ?? 0)
        expect(word.toMs).toBeGreaterThanOrEqual(word.fromMs)
        expect(word.toMs).toBeLessThanOrEqual(8500)
      }
    })

    test('a probability is given or null, as the recognizer says, and never made up', async () => {
      const { words, averageLogProbability } = await hear()
      for (const word of words) {
        if (recognizer.gives.probability) expect(word.probability).toBeGreaterThan(0)
        else expect(word.probability).toBeNull()
      }
      const languages = await recognizer.detectLanguage(clip)
      expect(languages === null).toBe(!recognizer.gives.languageProbabilities)
      if (languages) expect(languages.gl ?? 0).toBeGreaterThan(0.5)
      expect(await recognizer.detectLanguage(clip)).toEqual(languages)
      expect(averageLogProbability === null).toBe(!recognizer.gives.probability)
    })

    test('the same sound gives the same words, just as sure of them, whatever was heard before', async () => {
      const first = await hear()
      expect(first.words.length).toBeGreaterThan(10)
      for (const before of [clip.subarray(0, 2 * second), Buffer.concat([clip, clip, clip])]) {
        await recognizer.recognize(before, { language: 'gl' })
      }
      expect((await recognizer.recognize(clip, { language: 'gl' })).words).toEqual(first.words)
    })

    test('a decoding above temperature 0 is the same again, whatever was decoded before', async () => {
      if (!recognizer.repeatable) return
      const sentence = clip.subarray(0, 4 * second)
      const first = await recognizer.recognize(sentence, { language: 'gl', temperature: 0.4 })
      expect(first.words.length).toBeGreaterThan(3)
      await recognizer.recognize(clip.subarray(0, 2 * second), { language: 'es', temperature: 0.8 })
      expect((await recognizer.recognize(sentence, { language: 'gl', temperature: 0.4 })).words).toEqual(first.words)
    })

    test('silence and noise give no words', async () => {
      const noise = Uint8Array.from({ length: 5 * 32_000 }, (_, i) => (i % 2 === 0 ? (i * 2654435761) >>> 24 : ((i * 40503) >>> 8) % 8))
      for (const sound of [new Uint8Array(5 * 32_000), new Uint8Array(3200), noise]) {
        expect((await recognizer.recognize(sound, { language: 'gl' })).words).toEqual([])
      }
    })

    test('the engine is as nice as was asked for: it yields to what records', async () => {
      expect(getPriority(await running())).toBe(Math.min(19, getPriority() + testNiceness))
    })

    test('a kill -9 of the engine in the middle of a chunk costs one retry', async () => {
      const chunk = {
        index: 0,
        fromMs: 2000,
        toMs: 10_000,
        pieces: [{ fromMs: 2000, toMs: 10_000 }],
        speech: [{ fromMs: 2200, toMs: 9800 }],
        key: '0'.repeat(64),
      }
      const pid = await running()
      const recognised = recognizeChunk(recognizer, chunk, clip, { languages: ['gl', 'es'] })
      await pause(100)
      process.kill(pid, 'SIGKILL')
      const result = await recognised
      expect(result.status).toBe('ok')
      expect(result.attempts).toBe(2)
      expect(result.words.length).toBeGreaterThan(10)
      expect(recognizer.pid).not.toBe(pid)
    })

    test('an engine that was killed before says so, and the next call starts it again', async () => {
      process.kill(await running(), 'SIGKILL')
      await pause(100)
      await expect(recognizer.recognize(clip, { language: 'gl' })).rejects.toThrow(EngineCrashedError)
      expect((await recognizer.recognize(clip, { language: 'gl' })).words.length).toBeGreaterThan(10)
    })

    test('a call that is aborted ends, and the next one works', async () => {
      // Not heard before, so that it has to be encoded.
      const sound = clip.subarray(second)
      await expect(recognizer.recognize(sound, { language: 'gl', signal: AbortSignal.timeout(50) })).rejects.toThrow()
      expect((await recognizer.recognize(clip, { language: 'gl' })).words.length).toBeGreaterThan(10)
    })
  })
}

import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ModelEntry } from '../../transcriber/models/model-lock.ts'
import { blocksOf, DiarizationError, findVoices } from '../../transcriber/speakers/diarizer.ts'
import { fuseClues } from '../../transcriber/speakers/fuse.ts'
import { gatherClues } from '../../transcriber/speakers/gather-clues.ts'
import { hearVoices, installedDiarization } from '../../transcriber/speakers/installed-diarization.ts'
import type { SpeakerClue } from '../../transcriber/speakers/speaker-clue.ts'
import { voiceClues } from '../../transcriber/speakers/voices.ts'
import { temporaryFolder, voiceActivityModel } from './sample-audio.ts'

const voice = (fromSeconds: number, toSeconds: number, number: number, block = 0) => ({
  ...{ fromMs: fromSeconds * 1000, toMs: toSeconds * 1000, voice: number, block },
})
const tap = (speaker: string, fromSeconds: number, toSeconds: number): SpeakerClue => ({
  ...{ speaker, fromMs: fromSeconds * 1000, toMs: toSeconds * 1000, source: 'floor' },
})

describe('voices that a model tells apart', () => {
  const turns = [voice(0, 10, 0), voice(12, 20, 1), voice(30, 40, 0), voice(45, 50, 2)]

  test('one tap names all that a voice says; a voice that nobody names stays unknown', () => {
    const found = voiceClues(turns, [tap('castro', 2, 9)])
    expect(found).toMatchObject({ voices: 3, named: 1 })
    expect(found.clues).toEqual([
      { speaker: 'castro', fromMs: 0, toMs: 10_000, source: 'diarization' },
      { speaker: 'castro', fromMs: 30_000, toMs: 40_000, source: 'diarization' },
    ])
  })

  test('named twice over is named by nobody, and so is what was named for less than three seconds or by presumption', () => {
    expect(voiceClues(turns, [tap('castro', 0, 10), tap('otero', 30, 38)]).named).toBe(0)
    expect(voiceClues(turns, [tap('castro', 0, 10), tap('otero', 30, 34)]).named).toBe(1)
    expect(voiceClues(turns, [tap('castro', 0, 2.9)]).named).toBe(0)
    expect(voiceClues(turns, [{ ...tap('alcaldesa', 0, 60), source: 'presidency' }]).named).toBe(0)
  })

  test('the same number in another block is another voice', () => {
    expect(voiceClues([voice(0, 10, 0), voice(30, 40, 0, 1)], [tap('castro', 0, 10)]).clues).toHaveLength(1)
  })

  test('in the line of speakers they reach where nothing else does, tell two at once, and the transcript says what they rest on', () => {
    const speech = [{ fromMs: 0, toMs: 50_000 }]
    const evidence = { microphones: [], seats: [], others: () => [tap('castro', 0, 10), tap('otero', 12, 20)] }
    const voices = { turns: [...turns, voice(34, 38, 1)] }
    const { clues, evidence: used } = gatherClues(evidence, { speech, words: [], voices }, 50_000)
    expect(used).toEqual(['floor-events', 'diarization: 3 voices, 2 named by other evidence'])
    const line = fuseClues(clues, speech, 50_000)
    expect(line.over(31_000, 33_000)).toMatchObject({ id: 'castro', source: 'diarization' })
    expect(line.overlap(30_000, 40_000)).toEqual([{ id: 'otero', fromMs: 34_000, toMs: 38_000 }])
    expect(line.at(47_000)).toBe('unknown')
  })

  test('a session is heard in equal blocks of at most ten minutes, none over a gap', () => {
    const runs = [
      { fromMs: 0, toMs: 700_000 },
      { fromMs: 900_000, toMs: 960_000 },
    ]
    expect(blocksOf(runs)).toEqual([{ fromMs: 0, toMs: 350_000 }, { fromMs: 350_000, toMs: 700_000 }, runs[1]])
    expect(blocksOf([{ fromMs: 5, toMs: 5 }])).toEqual([])
  })
})

describe('the library that tells voices apart', () => {
  test('refuses models that are missing, damaged or of another kind: a sentence each, and only its own process ends', async () => {
    await using folder = await temporaryFolder()
    const sound = join(folder.path, 'sound')
    const damaged = join(folder.path, 'damaged.onnx')
    await writeFile(sound, new Uint8Array(64_000))
    await writeFile(damaged, 'this is no model')
    const refusal = (path: string) => {
      const model = { path, sha256: '0'.repeat(64) }
      return findVoices({ path: sound, runs: [{ fromMs: 0, toMs: 2000 }] }, { segmentation: model, embedding: model }).catch(
        (error) => error,
      )
    }
    for (const [path, why] of [
      ['/nowhere/segmentation.onnx', /ended with code 1: ENOENT.*nowhere/],
      [damaged, /damaged\.onnx.*ended with (SIGABRT|code)/],
      [voiceActivityModel, /does not exist in the metadata/],
    ] as const) {
      const error = await refusal(path)
      expect(error).toBeInstanceOf(DiarizationError)
      expect(error.message).toMatch(why)
    }
  })

  test('is asked only when both models are installed; one with other bytes is refused, and the session goes on without voices', async () => {
    await using folder = await temporaryFolder()
    const entry = (name: string, bytes: string): ModelEntry => ({
      ...{ name, kind: 'diarization', file: `${name}.onnx`, bytes: bytes.length, licence: 'MIT', languages: [], address: null },
      ...{ sha256: createHash('sha256').update(bytes).digest('hex'), window: 'full', prompt: true },
    })
    const lock = [entry('pyannote-segmentation-3.0', 'one'), entry('campplus-voxceleb', 'two')]
    const install = (name: string, bytes: string) => writeFile(join(folder.path, `${name}.onnx`), bytes)
    await install('pyannote-segmentation-3.0', 'one')
    expect(await installedDiarization(folder.path, lock)).toBeUndefined()
    await install('campplus-voxceleb', 'two')
    expect(await installedDiarization(folder.path, lock)).toMatchObject({ embedding: { sha256: lock[1]?.sha256 } })
    await install('campplus-voxceleb', 'owt')
    const refused = await installedDiarization(folder.path, lock)
    const audio = { path: '/nowhere', runs: [{ fromMs: 0, toMs: 1000 }], channels: [] }
    const heard = refused && (await hearVoices(audio, refused))
    expect(heard).toMatchObject({ turns: [], problem: expect.stringContaining('should be the model campplus-voxceleb') })
    const { evidence } = gatherClues({ microphones: [], seats: [] }, { speech: [], words: [], voices: heard }, 1000)
    expect(evidence).toEqual([expect.stringContaining('diarization-refused: ')])
  })
})

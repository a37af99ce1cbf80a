import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, test, vi } from 'vitest'
import { startProgram } from '../../../storage/programs/run-program.ts'
import { chunkFolder } from '../../../transcriber/chunk-folder.ts'
import { enginesFolder } from '../../../transcriber/config.ts'
import { parseRttm, toRttm } from '../../../transcriber/formats/rttm.ts'
import { parseStm, toStm } from '../../../transcriber/formats/stm.ts'
import { type BuiltEngine, buildEngine, cachedEngine, whyNoBuild } from '../../../transcriber/recognizers/engine-build.ts'
import { httpRecognizer } from '../../../transcriber/recognizers/http-recognizer.ts'
import { serverArguments, WhisperServer } from '../../../transcriber/recognizers/whisper-server.ts'
import { attributionError, diarizationError } from '../../../transcriber/score/speaker-error.ts'
import { speakerWordError, wordError } from '../../../transcriber/score/word-error.ts'
import { readAudio } from '../../../transcriber/session-audio.ts'
import { EngineRefusedError, type SpeechRecognizer } from '../../../transcriber/speech-recognizer.ts'
import { transcribeSession } from '../../../transcriber/transcribe-session.ts'
import { openModel } from '../../../transcriber/whisper-file.ts'
import { freePort } from '../../servers/free-port.ts'
import { recognizerContract, testNiceness } from '../recognizer-contract.ts'
import { sampleAudio, sampleEvidence, sampleVideo, temporaryFolder, voiceActivityModel, whisperModel } from '../sample-audio.ts'

const why = await whyNoBuild()
const folder = enginesFolder(process.env, join(import.meta.dirname, '..', '..', '..', 'data'))

async function engine(): Promise<BuiltEngine> {
  return buildEngine({ folder, parallel: 2 })
}

async function server(): Promise<WhisperServer> {
  return new WhisperServer({
    ...(await engine()),
    model: await openModel(whisperModel),
    threads: 1,
    shortWindow: true,
    niceness: testNiceness,
  })
}

/** The server by itself, asked for full windows and for short ones; it tells at its end how often it has encoded. */
async function countingServer(work: string) {
  const { binary, build } = await engine()
  const model = await openModel(whisperModel)
  const [port, path] = [await freePort(), '/counted']
  const place = serverArguments({ binary, build, model, threads: 1 }, { port, path, folder: work })
  const program = await startProgram(binary, place, { stderr: 'pipe', niceness: testNiceness })
  const said = program.stderr ? text(program.stderr) : ''
  const url = `http://127.0.0.1:${port}${path}`
  await vi.waitFor(async () => expect((await fetch(`${url}/health`)).ok).toBe(true), { timeout: 60_000 })
  const of = { url: `${url}/inference`, dialect: 'whisper.cpp' as const, engine: { name: 'whisper.cpp', build }, model }
  return {
    full: httpRecognizer(of),
    short: httpRecognizer({ ...of, shortWindow: true }),
    async encodings(): Promise<number> {
      await program.stop([{ signal: 'SIGTERM', waitMs: 30_000 }])
      return Number(/encode time = .*?(\d+) runs/.exec(await said)?.[1])
    },
    [Symbol.asyncDispose]: () => program.stop([{ signal: 'SIGKILL', waitMs: 2000 }]),
  }
}

test.skipIf(why)(
  `whisper.cpp's server is built from the sources of the package, once${why ? ` (skipped: ${why})` : ''}`,
  { timeout: 900_000 },
  async () => {
    const built = await engine()
    expect(await cachedEngine({ folder })).toEqual(built)
    expect(await engine()).toEqual(built)
  },
)

if (why === undefined) {
  recognizerContract('the built whisper.cpp server, through the http adapter', server)

  test('what whisper.cpp cannot load is refused, not retried', async () => {
    const model = { path: sampleVideo, name: 'video', sha256: '0'.repeat(64), sizeBytes: 1 }
    await using refusing = new WhisperServer({ ...(await engine()), model, threads: 1 })
    await expect(refusing.recognize(new Uint8Array(32_000), { language: 'gl' })).rejects.toThrow(EngineRefusedError)
  })

  test('the language of a chunk and its words in two languages take one encoding, and are those that an encoding for each gives', {
    timeout: 240_000,
  }, async () => {
    await using work = await temporaryFolder()
    const [clip, other] = [await readAudio(await sampleAudio(work.path), 2000, 10_000), new Uint8Array(64_000)]
    await using counted = await countingServer(work.path)
    const { full, short } = counted
    const languages = await full.detectLanguage(clip)
    const [galician, spanish] = [await full.recognize(clip, { language: 'gl' }), await full.recognize(clip, { language: 'es' })]
    expect(galician.words.length).toBeGreaterThan(10)

    // What another sound, or the same in a shorter window, leaves behind is not taken for it.
    await full.recognize(other, { language: 'gl' })
    expect((await full.recognize(clip, { language: 'gl' })).words).toEqual(galician.words)
    await full.recognize(other, { language: 'gl' })
    expect((await full.recognize(clip, { language: 'es' })).words).toEqual(spanish.words)
    expect(await full.detectLanguage(clip)).toEqual(languages)
    await short.recognize(clip, { language: 'gl' })
    await full.recognize(clip, { language: 'gl' })
    expect(await counted.encodings()).toBe(7)
  })

  test('the sample session: at most 25 % of words wrong, at most 3 % of speech given to the wrong person, nothing done twice', {
    timeout: 240_000,
  }, async () => {
    await using work = await temporaryFolder()
    await using recognizer = await server()
    const { microphones, seats, words, turns } = await sampleEvidence()
    const of = {
      audio: await sampleAudio(work.path),
      languages: ['gl', 'es'] as const,
      evidence: { microphones, seats },
      voiceActivityModel,
      recognizer,
    }
    const results = chunkFolder(join(work.path, 'chunks'))
    const transcript = await transcribeSession(of, results, { session: 'session-a', version: 1 })

    const said = parseStm(toStm(transcript, 'session-a'))
    const [wer, cpwer] = [wordError(words, said, 'normalised'), speakerWordError(words, said, 'normalised')]
    const spoke = parseRttm(toRttm(transcript, 'session-a'))
    const [wrong, der] = [attributionError(turns, spoke), diarizationError(turns, spoke, 0)]
    console.log(
      `sample: WER ${wer.rate.toFixed(4)} cpWER ${cpwer.rate.toFixed(4)} attribution ${wrong.rate.toFixed(4)} DER ${der.rate.toFixed(4)}`,
    )
    expect(wer.rate).toBeLessThanOrEqual(0.25)
    expect(cpwer.rate).toBeLessThanOrEqual(0.25)
    expect(wrong.compared).toBeGreaterThan(140)
    expect(wrong.rate).toBeLessThanOrEqual(0.03)
    expect(transcript.utterances.every((one) => one.status === 'ok' && one.speaker.source === 'microphone')).toBe(true)

    // Every chunk has its checkpoint: a recognizer that only fails is never asked.
    const { engine: sameEngine, model, parameters, gives, lanes, repeatable, window, longestMs } = recognizer
    const failing: SpeechRecognizer = {
      ...{ engine: sameEngine, model, parameters, gives, lanes, repeatable, window, longestMs, pid: undefined },
      forChunk: () => Promise.reject(new Error('asked for what was done')),
      detectLanguage: () => Promise.reject(new Error('asked for what was done')),
      recognize: () => Promise.reject(new Error('asked for what was done')),
      async [Symbol.asyncDispose]() {},
    }
    expect(await transcribeSession({ ...of, recognizer: failing }, results, { session: 'session-a', version: 1 })).toEqual(transcript)
  })
}

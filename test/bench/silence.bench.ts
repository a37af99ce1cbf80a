/**
 * Words written where nobody speaks: ten minutes (`BENCH_SECONDS`) of silence, of noises and of music-like sound through the whole way, beside what
 * the bare engine writes into the same sound, 28 s at a time. One JSON object a line; exit 1 when a word came of our way.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFfmpeg } from '../../storage/programs/ffmpeg.ts'
import { chunkFolder } from '../../transcriber/chunk-folder.ts'
import { enginesFolder } from '../../transcriber/config.ts'
import { buildEngine, whyNoBuild } from '../../transcriber/recognizers/engine-build.ts'
import { WhisperServer } from '../../transcriber/recognizers/whisper-server.ts'
import { readAudio, spoolAudio } from '../../transcriber/session-audio.ts'
import { transcribeSession } from '../../transcriber/transcribe-session.ts'
import { openModel } from '../../transcriber/whisper-file.ts'
import { voiceActivityModel, whisperModel } from '../transcriber/sample-audio.ts'
import { makeSound, wordless } from '../transcriber/strange-sounds.ts'

const why = await whyNoBuild()
if (why !== undefined) throw new Error(`no built server: ${why}`)
const seconds = Number(process.env.BENCH_SECONDS ?? 600)
const built = await buildEngine({ folder: enginesFolder(process.env, join(import.meta.dirname, '..', '..', 'data')) })
const model = await openModel(whisperModel)
const ffmpeg = await findFfmpeg(process.env)
const folder = await mkdtemp(join(tmpdir(), 'escano-bench-'))
const sounds: Record<string, string> = {
  ...wordless,
  'pink noise': 'anoisesrc=c=pink:a=0.2:r=16000:seed=2',
  'a fan': 'anoisesrc=c=brown:a=0.5:r=16000:seed=3,tremolo=f=7:d=0.4',
  hum: 'aevalsrc=0.2*sin(100*PI*t)+0.1*sin(200*PI*t)+0.05*sin(300*PI*t):s=16000',
  chords: 'aevalsrc=0.2*sin(2*PI*t*(220+110*floor(mod(t\\,4))))+0.2*sin(2*PI*t*(277+138*floor(mod(t\\,3)))):s=16000',
}
let invented = 0
{
  await using recognizer = new WhisperServer({ ...built, model, threads: 2 })
  for (const [name, source] of Object.entries(sounds)) {
    const path = join(folder, `${name.replaceAll(' ', '-')}.wav`)
    await makeSound(ffmpeg, source, seconds, path)
    const audio = await spoolAudio(ffmpeg, [{ fromMs: 0, media: { path } }], { folder: `${path}.pcm`, source: name })
    const evidence = { microphones: [], seats: [] }
    const of = { audio, languages: ['gl', 'es'] as const, voiceActivityModel, recognizer, evidence }
    const transcript = await transcribeSession(of, chunkFolder(`${path}.chunks`), { session: name, version: 1 })
    const words = transcript.utterances.reduce((sum, one) => sum + one.words.length, 0)
    let bareWords = 0
    for (let from = 0; from < seconds; from += 28) {
      const pcm = await readAudio(audio, from * 1000, Math.min(seconds, from + 28) * 1000)
      bareWords += (await recognizer.recognize(pcm, { language: 'gl' })).words.length
    }
    invented += words
    console.log(JSON.stringify({ bench: 'silence', name, seconds, utterances: transcript.utterances.length, words, bareWords }))
  }
}
console.log(JSON.stringify({ bench: 'silence', right: invented === 0 }))
await rm(folder, { recursive: true, force: true })
process.exitCode = invented === 0 ? 0 : 1

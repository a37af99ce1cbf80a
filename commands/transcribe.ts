import { mkdir, readFile, rm } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import type { Language } from '../storage/model/council.ts'
import type { Transcript } from '../storage/model/transcript.ts'
import { hashFile, writeDurably } from '../storage/programs/durable-file.ts'
import { findFfmpeg } from '../storage/programs/ffmpeg.ts'
import { probeMedia } from '../storage/programs/probe-media.ts'
import { chunkFolder } from '../transcriber/chunk-folder.ts'
import { type TranscriberConfig, transcriberConfig } from '../transcriber/config.ts'
import { toWebVtt } from '../transcriber/formats/captions.ts'
import { toCtm } from '../transcriber/formats/ctm.ts'
import { toRttm } from '../transcriber/formats/rttm.ts'
import { toStm } from '../transcriber/formats/stm.ts'
import { notTranscribed } from '../transcriber/keep-transcript.ts'
import { findModel } from '../transcriber/models/model-folder.ts'
import { chooseRecognizer } from '../transcriber/recognizers/choose-recognizer.ts'
import { type SessionAudio, spoolAudio } from '../transcriber/session-audio.ts'
import type { SpeakerEvidence } from '../transcriber/speakers/gather-clues.ts'
import { installedDiarization } from '../transcriber/speakers/installed-diarization.ts'
import { parseMicrophoneEvents, parseSeats } from '../transcriber/speakers/microphone-events.ts'
import type { SpeechRecognizer } from '../transcriber/speech-recognizer.ts'
import { transcribeSession } from '../transcriber/transcribe-session.ts'
import { ModelMissingError } from '../transcriber/whisper-file.ts'
import { parseArguments, UsageError } from './arguments.ts'
import type { CommandIo } from './command-io.ts'
import { transcribeEs } from './words/transcribe-es.ts'
import { transcribeGl } from './words/transcribe-gl.ts'

const options = {
  out: { type: 'string' },
  microphones: { type: 'string' },
  seats: { type: 'string' },
  language: { type: 'string' },
  model: { type: 'string' },
} as const

/**
 * `escano transcribe FILE --out DIR`: transcript.json, transcript.stm, speakers.rttm, words.ctm, captions.vtt. A run that was cut off
 * goes on where it was. Without a model the files tell where speech is, «non transcrito», and the code is 1.
 */
export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseArguments(args, { options, places: { required: ['FILE'] } })
  if (values.out === undefined) throw new UsageError((all) => all.usage.missing('--out'))
  const file = resolve(io.cwd, positionals[0] ?? '')
  const out = resolve(io.cwd, values.out)
  const languages = languagesOf(values.language)
  const evidence = await readEvidence(values, io.cwd)
  const config = { ...transcriberConfig(io.env), ...(values.model === undefined ? {} : { model: modelOf(values.model, io.cwd) }) }
  const words = io.language === 'es' ? transcribeEs : transcribeGl
  const { audio, folder } = await decode(file, config, io)
  const { recognizer, why } = await recognizerOf(config)
  if (why) io.say(words.noModel(why))
  const voiceActivityModel = (await findModel(config.voiceActivityModel, { folder: config.models })).path
  const diarization = await installedDiarization(config.models)
  try {
    const transcript = await transcribeSession(
      { audio, languages, evidence, voiceActivityModel, recognizer, diarization, signal: io.signal },
      chunkFolder(join(folder, 'chunks')),
      { session: nameOf(file), version: 1 },
      (done, total) => io.progress(words.progress(done, total)),
    )
    await writeFiles(out, transcript, evidence, { name: nameOf(file), language: languages[0] ?? 'gl' })
    const lines = words.done(out, transcript.utterances.length, transcript.utterances.flatMap((one) => one.words).length)
    io.say(lines)
    io.answer({
      out,
      utterances: transcript.utterances.length,
      words: wordCount(transcript),
      model: transcript.model,
      engine: transcript.engine,
    })
    await rm(folder, { recursive: true, force: true })
    return recognizer === null ? 1 : 0
  } finally {
    await recognizer?.[Symbol.asyncDispose]()
  }
}

/** Decoded under the file's own hash, so that the same file goes on where it was. */
async function decode(file: string, config: TranscriberConfig, io: CommandIo): Promise<{ audio: SessionAudio; folder: string }> {
  const ffmpeg = await findFfmpeg(io.env)
  await probeMedia(ffmpeg, file)
  const { sha256 } = await hashFile(file)
  const folder = join(config.work, 'files', sha256)
  const source = `${ffmpeg.version.text} ${sha256}`
  return { audio: await spoolAudio(ffmpeg, [{ fromMs: 0, media: { path: file } }], { folder, source, signal: io.signal }), folder }
}

async function recognizerOf(config: TranscriberConfig): Promise<{ recognizer: SpeechRecognizer | null; why?: string }> {
  try {
    return { recognizer: await chooseRecognizer(config) }
  } catch (error) {
    if (error instanceof ModelMissingError) return { recognizer: null, why: error.message }
    throw error
  }
}

async function readEvidence(values: { microphones?: string; seats?: string }, cwd: string): Promise<SpeakerEvidence> {
  const text = async (path: string | undefined) => (path === undefined ? undefined : await readFile(resolve(cwd, path), 'utf8'))
  const [microphones, seats] = [await text(values.microphones), await text(values.seats)]
  return {
    microphones: microphones === undefined ? [] : parseMicrophoneEvents(microphones),
    seats: seats === undefined ? [] : parseSeats(seats),
  }
}

async function writeFiles(
  out: string,
  transcript: Transcript,
  evidence: SpeakerEvidence,
  of: { name: string; language: Language },
): Promise<void> {
  await mkdir(out, { recursive: true })
  const names = new Map(evidence.seats.map((seat) => [seat.speaker, seat.name]))
  const captions = toWebVtt(transcript, { names, notTranscribed: notTranscribed[of.language], language: of.language })
  const files: [string, string][] = [
    ['transcript.json', `${JSON.stringify(transcript, null, 1)}\n`],
    ['transcript.stm', toStm(transcript, of.name)],
    ['speakers.rttm', toRttm(transcript, of.name)],
    ['words.ctm', toCtm(transcript, of.name)],
    ['captions.vtt', captions],
  ]
  for (const [name, text] of files) await writeDurably(join(out, name), text)
}

function languagesOf(text: string | undefined): Language[] {
  if (text === undefined || text === 'auto') return ['gl', 'es']
  if (text === 'gl' || text === 'es') return [text]
  throw new UsageError((all) => all.usage.badOption('--language'))
}

/** A path is the reader's own; a name is of models.lock.json. */
function modelOf(text: string, cwd: string): string {
  return /[/\\]|\.bin$/.test(text) ? resolve(cwd, text) : text
}

/** STM, RTTM and CTM part their fields by spaces. */
function nameOf(file: string): string {
  return (
    basename(file)
      .replace(/\.[^.]+$/, '')
      .replaceAll(/\s+/g, '-') || 'session'
  )
}

function wordCount(of: Transcript): number {
  return of.utterances.reduce((sum, one) => sum + one.words.length, 0)
}

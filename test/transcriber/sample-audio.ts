import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFfmpeg } from '../../storage/programs/ffmpeg.ts'
import { parseRttm } from '../../transcriber/formats/rttm.ts'
import { parseStm } from '../../transcriber/formats/stm.ts'
import { type SessionAudio, spoolAudio } from '../../transcriber/session-audio.ts'
import { parseMicrophoneEvents, parseSeats } from '../../transcriber/speakers/microphone-events.ts'

export const fixtures = join(import.meta.dirname, '..', 'fixtures')
export const sampleFolder = join(fixtures, 'sample-session')
export const sampleVideo = join(sampleFolder, 'session.mp4')
export const whisperModel = join(fixtures, 'models', 'escano-fixture-whisper.bin')
export const voiceActivityModel = join(fixtures, 'models', 'silero_vad_16k_op15.onnx')

/** A folder that is gone when it is disposed. */
export async function temporaryFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'escano-transcriber-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/** The sample session's sound, decoded into a folder. */
export async function sampleAudio(folder: string): Promise<SessionAudio> {
  return spoolAudio(await findFfmpeg(process.env), [{ fromMs: 0, media: { path: sampleVideo } }], { folder, source: 'sample' })
}

export async function sampleEvidence() {
  const text = (name: string) => readFile(join(sampleFolder, name), 'utf8')
  return {
    microphones: parseMicrophoneEvents(await text('microphone-events.jsonl')),
    seats: parseSeats(await text('seats.json')),
    words: parseStm(await text('transcript.stm')),
    turns: parseRttm(await text('turns.rttm')),
  }
}

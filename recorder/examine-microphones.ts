import type { Ffmpeg } from '../storage/programs/ffmpeg.ts'
import { runProgram } from '../storage/programs/run-program.ts'
import { type SoundLevels, soundLevels } from './sound-levels.ts'

/** Enough to see whether a microphone lives, and a third of the samples. */
const sampleRate = 16_000

/**
 * Decodes the newest segment of each microphone's track, all in one process, as far as the shortest goes.
 * @returns one channel a file, in their order
 * @throws ProgramError one of them does not decode yet
 */
export async function examineMicrophones(ffmpeg: Ffmpeg, paths: readonly string[], signal: AbortSignal): Promise<SoundLevels> {
  const { stdout } = await runProgram(ffmpeg.path, microphoneArguments(paths), {
    ...{ signal, timeoutMs: 20_000, maxOutputBytes: 512 * 1024 * 1024 },
  })
  return soundLevels(stdout, paths.length, sampleRate)
}

export function microphoneArguments(paths: readonly string[]): string[] {
  const inputs = paths.flatMap((path) => ['-i', `file:${path}`])
  const graph = `${paths.map((_, at) => `[${at}:a]`).join('')}amerge=inputs=${paths.length},aresample=${sampleRate}[all]`
  return [
    ...['-nostdin', '-hide_banner', '-nostats', '-loglevel', 'error', ...inputs],
    ...['-filter_complex', graph, '-map', '[all]', '-f', 's16le', 'pipe:1'],
  ]
}

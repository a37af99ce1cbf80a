import type { Ffmpeg } from '../storage/programs/ffmpeg.ts'
import { ProgramError, runProgram } from '../storage/programs/run-program.ts'
import { parsePacketList } from './packet-list.ts'

/** A file is searched so far for its next key picture. */
const searchedSeconds = 30

/**
 * The first place at or after `fromMs` where a file can be read on by copying: copying begins at a key picture, and one before the place
 * would give again what was recorded already.
 * @returns ms on the file's line; `fromMs` itself for a file without pictures
 */
export async function nextKeyPlace(ffmpeg: Ffmpeg, path: string, fromMs: number, startMs: number): Promise<number> {
  if (fromMs === 0) return 0
  const args = [
    ...['-nostdin', '-hide_banner', '-nostats', '-loglevel', 'error', '-ss', (fromMs / 1000).toFixed(3), '-i', `file:${path}`],
    ...['-map', '0:v:0', '-c', 'copy', '-copyts', '-t', String(searchedSeconds + fromMs / 1000), '-f', 'framecrc', 'pipe:1'],
  ]
  try {
    const { stdout } = await runProgram(ffmpeg.path, args, { timeoutMs: 20_000 })
    const keys = parsePacketList(new TextDecoder().decode(stdout)).video.keyMs.map((atMs) => Math.round(atMs - startMs))
    return keys.find((atMs) => atMs >= fromMs) ?? fromMs
  } catch (error) {
    if (error instanceof ProgramError) return fromMs
    throw error
  }
}

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Ffmpeg } from '../../storage/programs/ffmpeg.ts'
import { type MediaProbe, probeMedia } from '../../storage/programs/probe-media.ts'
import { runProgram } from '../../storage/programs/run-program.ts'

/** The remuxed file does not carry the very streams of the segments: it is not kept. */
export class MasterDiffersError extends Error {
  override readonly name = 'MasterDiffersError'
}

/** MPEG-TS segments one after the other. */
export interface MasterPart {
  path: string
  /** Only so much of it counts, ms from its beginning: then another recorder has the record. */
  lengthMs?: number
}

export interface PreservedMaster {
  path: string
  probe: MediaProbe
  durationMs: number
  /** SHA-256 of each elementary stream, found equal in segments and master. */
  streamhash: { stream: string; sha256: string }[]
}

/**
 * Joins the parts of a recording into one MP4 without encoding anything again (R47, R48), then proves it: the elementary streams
 * of the MP4 and of the segments hash the same (design.md §2 "preserved master").
 * @param parts in playing order
 * @param folder scratch folder; master.mp4 is left in it
 * @throws MasterDiffersError, ProgramError
 */
export async function preserveMaster(ffmpeg: Ffmpeg, parts: readonly MasterPart[], folder: string): Promise<PreservedMaster> {
  const list = join(folder, 'parts.txt')
  const entries: string[] = []
  for (const part of parts)
    entries.push(concatEntry(part, part.lengthMs === undefined ? 0 : ((await probeMedia(ffmpeg, part.path)).startMs ?? 0)))
  await writeFile(list, entries.join(''))
  const segments = ['-f', 'concat', '-safe', '0', '-i', list]
  const path = join(folder, 'master.mp4')
  await runProgram(ffmpeg.path, remuxArguments(segments, path), { timeoutMs: remuxLimitMs })
  const probe = await probeMedia(ffmpeg, path)
  const streamhash: PreservedMaster['streamhash'] = []
  for (const kind of ['video', 'audio'] as const) {
    if (!probe.streams.some((stream) => stream.kind === kind)) continue
    const original = await hashStream(ffmpeg, segments, kind, 'segments')
    const kept = await hashStream(ffmpeg, ['-i', path], kind, 'master')
    if (original !== kept)
      throw new MasterDiffersError(`the ${kind} stream of master.mp4 hashes to ${kept}, that of the segments to ${original}`)
    streamhash.push({ stream: kind, sha256: kept })
  }
  if (streamhash.length === 0 || probe.durationMs === null) throw new MasterDiffersError('master.mp4 carries neither picture nor sound')
  return { path, probe, durationMs: probe.durationMs, streamhash }
}

/**
 * A line of the list of ffmpeg's concat demuxer. Its `outpoint` counts on the file's own clock, which in MPEG-TS does not begin at 0; the
 * packet that reaches it and those after it are left out.
 */
export function concatEntry({ path, lengthMs }: MasterPart, startMs: number): string {
  const file = `file '${path.replaceAll("'", "'\\''")}'\n`
  return lengthMs === undefined ? file : `${file}outpoint ${((startMs + lengthMs) / 1000).toFixed(3)}\n`
}

const remuxLimitMs = 3_600_000
const quiet = ['-nostdin', '-hide_banner', '-loglevel', 'error']

/** Stream copy into MP4; nothing of the machine or the hour enters the file. */
export function remuxArguments(input: readonly string[], output: string): string[] {
  const copy = ['-map', '0:v?', '-map', '0:a?', '-c', 'copy', '-bsf:a', 'aac_adtstoasc']
  return [...quiet, ...input, ...copy, '-map_metadata', '-1', '-fflags', '+bitexact', '-movflags', '+faststart', '-y', output]
}

/**
 * Both containers brought to one form before hashing: video as Annex B without access unit delimiters, parameter sets and SEI
 * (NAL types 6-9, which muxers add or drop), audio as raw AAC.
 */
export function streamHashArguments(input: readonly string[], kind: 'video' | 'audio', of: 'segments' | 'master'): string[] {
  const strip = 'filter_units=remove_types=6-9'
  const filter =
    kind === 'video'
      ? ['-bsf:v', of === 'master' ? `h264_mp4toannexb,${strip}` : strip]
      : of === 'segments'
        ? ['-bsf:a', 'aac_adtstoasc']
        : []
  return [...quiet, ...input, '-map', kind === 'video' ? '0:v:0' : '0:a:0', '-c', 'copy', ...filter, '-f', 'hash', '-hash', 'sha256', '-']
}

async function hashStream(ffmpeg: Ffmpeg, input: readonly string[], kind: 'video' | 'audio', of: 'segments' | 'master'): Promise<string> {
  const { stdout } = await runProgram(ffmpeg.path, streamHashArguments(input, kind, of), { timeoutMs: remuxLimitMs })
  const found = /SHA256=([0-9a-f]{64})/.exec(new TextDecoder().decode(stdout))?.[1]
  if (!found) throw new MasterDiffersError(`ffmpeg gave no hash of the ${kind} stream of the ${of}`)
  return found
}

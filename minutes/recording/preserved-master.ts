import { appendFile, rm } from 'node:fs/promises'
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

/** Parts that follow each other and whose streams are alike: one picture track and one sound track of the master. */
interface Stretch {
  input: string[]
  kinds: ('video' | 'audio')[]
  lengthMs: number
}

/**
 * Joins the parts of a recording into one MP4 without encoding anything again (R47, R48), then proves it: the elementary streams
 * of the MP4 and of the segments hash the same (design.md §2 "preserved master"). A part whose picture or sound is of another kind (a spare
 * with another camera, sound alone on a disk that was full) begins tracks of its own, at its time: one track holds one kind.
 * @param parts in playing order
 * @param folder scratch folder; master.mp4 is left in it
 * @throws MasterDiffersError, ProgramError, MediaUnreadableError
 */
export async function preserveMaster(ffmpeg: Ffmpeg, parts: readonly MasterPart[], folder: string): Promise<PreservedMaster> {
  const stretches = await stretchesOf(ffmpeg, parts, folder)
  const path = join(folder, 'master.mp4')
  await runProgram(ffmpeg.path, remuxArguments(stretches, path), { timeoutMs: remuxLimitMs })
  const probe = await probeMedia(ffmpeg, path)
  const streamhash: PreservedMaster['streamhash'] = []
  const tracks = { video: 0, audio: 0 }
  for (const { input, kinds } of stretches) {
    for (const kind of kinds) {
      const track = tracks[kind]++
      const original = await hashStream(ffmpeg, input, `0:${kind[0]}:0`, kind, 'segments')
      const kept = await hashStream(ffmpeg, ['-i', path], `0:${kind[0]}:${track}`, kind, 'master')
      if (original !== kept)
        throw new MasterDiffersError(`the ${kind} stream of master.mp4 hashes to ${kept}, that of the segments to ${original}`)
      streamhash.push({ stream: track === 0 ? kind : `${kind}-${track + 1}`, sha256: kept })
    }
  }
  if (streamhash.length === 0 || probe.durationMs === null) throw new MasterDiffersError('master.mp4 carries neither picture nor sound')
  return { path, probe, durationMs: probe.durationMs, streamhash }
}

async function stretchesOf(ffmpeg: Ffmpeg, parts: readonly MasterPart[], folder: string): Promise<Stretch[]> {
  const stretches: (Stretch & { like: string; list: string })[] = []
  for (const part of parts) {
    const { streams, startMs, durationMs } = await probeMedia(ffmpeg, part.path)
    const like = likeness(streams)
    let last = stretches.at(-1)
    if (last?.like !== like) {
      const list = join(folder, `stretch-${stretches.length}.txt`)
      await rm(list, { force: true })
      const kinds = (['video', 'audio'] as const).filter((kind) => streams.some((stream) => stream.kind === kind))
      last = { input: ['-f', 'concat', '-safe', '0', '-i', list], kinds, lengthMs: 0, like, list }
      stretches.push(last)
    }
    await appendFile(last.list, concatEntry(part, startMs))
    last.lengthMs += part.lengthMs ?? durationMs ?? 0
  }
  return stretches
}

/** What must not change within a track: a player reads it once, at its beginning. */
function likeness(streams: MediaProbe['streams']): string {
  return JSON.stringify(
    streams.map((one) => {
      if (one.kind === 'video') return [one.codec, one.width, one.height]
      return one.kind === 'audio' ? [one.codec, one.sampleRate, one.channels] : []
    }),
  )
}

/**
 * A line of the list of ffmpeg's concat demuxer. Its `outpoint` counts on the file's own clock, which in MPEG-TS does not begin at 0; the
 * packet that reaches it and those after it are left out.
 */
function concatEntry({ path, lengthMs }: MasterPart, startMs: number): string {
  const file = `file '${path.replaceAll("'", "'\\''")}'\n`
  return lengthMs === undefined ? file : `${file}outpoint ${((startMs + lengthMs) / 1000).toFixed(3)}\n`
}

const remuxLimitMs = 3_600_000
const quiet = ['-nostdin', '-hide_banner', '-loglevel', 'error']

/** Stream copy into MP4, each stretch where the one before it ended; nothing of the machine or the hour enters the file. */
function remuxArguments(stretches: readonly Stretch[], output: string): string[] {
  let atMs = 0
  const inputs = stretches.flatMap(({ input, lengthMs }) => {
    const offset = atMs === 0 ? [] : ['-itsoffset', (atMs / 1000).toFixed(3)]
    atMs += lengthMs
    return [...offset, ...input]
  })
  const maps = stretches.flatMap((_, at) => ['-map', `${at}:v?`, '-map', `${at}:a?`])
  const copy = [...maps, '-c', 'copy', '-bsf:a', 'aac_adtstoasc']
  return [...quiet, ...inputs, ...copy, '-map_metadata', '-1', '-fflags', '+bitexact', '-movflags', '+faststart', '-y', output]
}

/**
 * Both containers brought to one form before hashing: video as Annex B without access unit delimiters, parameter sets and SEI
 * (NAL types 6-9, which muxers add or drop), audio as raw AAC.
 */
function streamHashArguments(input: readonly string[], map: string, kind: 'video' | 'audio', of: 'segments' | 'master'): string[] {
  const strip = 'filter_units=remove_types=6-9'
  const filter =
    kind === 'video'
      ? ['-bsf:v', of === 'master' ? `h264_mp4toannexb,${strip}` : strip]
      : of === 'segments'
        ? ['-bsf:a', 'aac_adtstoasc']
        : []
  return [...quiet, ...input, '-map', map, '-c', 'copy', ...filter, '-f', 'hash', '-hash', 'sha256', '-']
}

async function hashStream(
  ffmpeg: Ffmpeg,
  input: readonly string[],
  map: string,
  kind: 'video' | 'audio',
  of: 'segments' | 'master',
): Promise<string> {
  const { stdout } = await runProgram(ffmpeg.path, streamHashArguments(input, map, kind, of), { timeoutMs: remuxLimitMs })
  const found = /SHA256=([0-9a-f]{64})/.exec(new TextDecoder().decode(stdout))?.[1]
  if (!found) throw new MasterDiffersError(`ffmpeg gave no hash of the ${kind} stream of the ${of}`)
  return found
}

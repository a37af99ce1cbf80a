import { access, constants, mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { ProgramError, runProgram } from './run-program.ts'

/** No ffmpeg was found that passes its self-test; the message lists what was tried and why each was refused. */
export class FfmpegMissingError extends Error {
  override readonly name = 'FfmpegMissingError'
}

/** What differs between builds; the installer's binary is of 2018 (study-recorder.md §1). */
export interface FfmpegFeatures {
  /** `-readrate N` paces an input faster than real time (5.0 and later). */
  readrate: boolean
  /** Option that bounds the wait for an RTSP server: up to 4.x `-timeout` meant "listen". Both in microseconds. */
  rtspTimeoutFlag: 'timeout' | 'stimeout'
  /** The bundled build dies on host names (static resolver): names must be resolved before. */
  resolvesNames: boolean
}

export interface Ffmpeg {
  path: string
  version: { major: number; minor: number; text: string }
  origin: 'configured' | 'system' | 'bundled'
  features: FfmpegFeatures
}

/**
 * Finds ffmpeg: `FFMPEG_PATH`, then the system's if 5.1 or later, then the one that came with the packages. Each candidate must
 * encode, mux and decode a second of test picture and tone before it is taken. A configured one that fails is not replaced.
 * @param env `FFMPEG_PATH` and `PATH` are read
 * @throws FfmpegMissingError
 */
export async function findFfmpeg(env: Record<string, string | undefined>): Promise<Ffmpeg> {
  const configured = env.FFMPEG_PATH
  if (configured !== undefined && configured !== '') return await admit(configured, 'configured')
  const refusals: string[] = []
  for (const [path, origin] of [
    [await onPath(env.PATH ?? ''), 'system'],
    [bundledPath(), 'bundled'],
  ] as const) {
    if (path === undefined) {
      refusals.push(origin === 'system' ? 'none on the PATH' : 'none came with the packages for this machine')
      continue
    }
    try {
      return await admit(path, origin)
    } catch (error) {
      if (!(error instanceof FfmpegMissingError)) throw error
      refusals.push(error.message)
    }
  }
  throw new FfmpegMissingError(`no usable ffmpeg: ${refusals.join('; ')}. Install ffmpeg 5.1 or later, or set FFMPEG_PATH`)
}

async function admit(path: string, origin: Ffmpeg['origin']): Promise<Ffmpeg> {
  try {
    const { stdout } = await runProgram(path, ['-hide_banner', '-version'], { timeoutMs: 10_000 })
    const version = parseFfmpegVersion(new TextDecoder().decode(stdout))
    if (origin === 'system' && version.major * 100 + version.minor < 501) {
      throw new FfmpegMissingError(`${path} is version ${version.text}, expected 5.1 or later`)
    }
    await selfTest(path)
    return { path, version, origin, features: featuresOf(version, origin) }
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error
    throw new FfmpegMissingError(`${path} failed its self-test: ${error.message}`, { cause: error })
  }
}

/** Reads `ffmpeg -version`. A build without a release number (`N-47683-…`) is dated by its copyright: such builds count as 4.1. */
export function parseFfmpegVersion(text: string): Ffmpeg['version'] {
  const word = /^ffmpeg version (\S+)/m.exec(text)?.[1] ?? 'unknown'
  const release = /^n?(\d+)\.(\d+)/.exec(word)
  if (release) return { major: Number(release[1]), minor: Number(release[2]), text: word }
  const year = Number(/Copyright \(c\) \d+-(\d{4})/.exec(text)?.[1] ?? 0)
  return year >= 2023 ? { major: 6, minor: 0, text: word } : { major: 4, minor: 1, text: word }
}

export function featuresOf(version: { major: number; minor: number }, origin: Ffmpeg['origin']): FfmpegFeatures {
  const modern = version.major >= 5
  return { readrate: modern, rtspTimeoutFlag: modern ? 'timeout' : 'stimeout', resolvesNames: modern && origin !== 'bundled' }
}

/** Encodes and muxes one second of test picture and tone to MPEG-TS, then decodes it again: what a recording needs. */
async function selfTest(path: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'escano-ffmpeg-'))
  const file = join(folder, 'test.ts')
  try {
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=25', '-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000']
    const coding = ['-t', '1', '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-f', 'mpegts', file]
    const quiet = ['-nostdin', '-hide_banner', '-nostats', '-loglevel', 'error']
    await runProgram(path, [...quiet, ...picture, ...coding], { timeoutMs: 20_000 })
    const decoded = await runProgram(path, [...quiet, '-i', file, '-map', '0:v', '-map', '0:a', '-f', 'framehash', '-'], {
      timeoutMs: 20_000,
    })
    const frames = new TextDecoder().decode(decoded.stdout).split('\n')
    const pictures = frames.filter((line) => line.startsWith('0,')).length
    const sounds = frames.filter((line) => line.startsWith('1,')).length
    if (pictures < 20 || sounds < 20) {
      throw new FfmpegMissingError(
        `${path} failed its self-test: decoded ${pictures} pictures and ${sounds} frames of sound, expected about 25 and 48`,
      )
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function onPath(path: string): Promise<string | undefined> {
  for (const folder of path.split(delimiter).filter((one) => one !== '')) {
    const candidate = join(folder, 'ffmpeg')
    try {
      await access(candidate, constants.X_OK)
      return candidate
    } catch {
      // Not in this folder: the next one may have it.
    }
  }
  return undefined
}

function bundledPath(): string | undefined {
  try {
    const installer: unknown = createRequire(import.meta.url)('@ffmpeg-installer/ffmpeg')
    return typeof installer === 'object' && installer !== null && 'path' in installer ? String(installer.path) : undefined
  } catch {
    // The package throws on a platform it has no binary for.
    return undefined
  }
}

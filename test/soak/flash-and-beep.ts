import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findFfmpeg } from '../../storage/programs/ffmpeg.ts'
import { runProgram } from '../../storage/programs/run-program.ts'

export const flashEveryMs = 5000
const sampleRate = 8000

/** Flashes and beeps of a piece of what the camera showed (flash-camera.py), ms from its first picture. */
export interface Marks {
  flashes: number[]
  beeps: number[]
}

/** Decodes segments laid end to end and finds where it turns light, and where it turns loud. */
export async function findMarks(segments: readonly Uint8Array[], folder: string): Promise<Marks> {
  const path = join(folder, 'piece.ts')
  await writeFile(path, Buffer.concat(segments))
  const ffmpeg = await findFfmpeg(process.env)
  const base = ['-nostdin', '-v', 'info', '-nostats', '-copyts', '-i', path]
  const run = (args: string[]) => runProgram(ffmpeg.path, [...base, ...args], { timeoutMs: 300_000, maxOutputBytes: 256 * 1024 * 1024 })
  const light = await run(['-an', '-vf', 'signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-', '-f', 'null', '-'])
  const loud = await run(['-vn', '-ac', '1', '-ar', String(sampleRate), '-af', 'ashowinfo', '-f', 's16le', '-'])
  const lights = readings(light.stdout)
  const firstMs = lights[0]?.ms ?? 0
  const soundFromMs = Number(/pts_time:\s*([\d.]+)/.exec(loud.stderr)?.[1] ?? Number.NaN) * 1000
  return {
    flashes: rises(lights, 120).map((ms) => ms - firstMs),
    beeps: beginnings(loud.stdout).map((ms) => soundFromMs + ms - firstMs),
  }
}

/** Where sound begins after a silence of at least half a second, ms, in 16-bit samples. */
function beginnings(pcm: Uint8Array): number[] {
  const samples = new Int16Array(pcm.buffer, pcm.byteOffset, Math.floor(pcm.byteLength / 2))
  const found: number[] = []
  let quietSince = 0
  for (const [at, sample] of samples.entries()) {
    if (Math.abs(sample) < 3000) continue
    if (at - quietSince > sampleRate / 2) found.push((at / sampleRate) * 1000)
    quietSince = at
  }
  return found
}

/** Pairs of `pts_time:` and `KEY=value` lines, as ffmpeg's metadata filter prints them. */
function readings(printed: Uint8Array): { ms: number; value: number }[] {
  const found: { ms: number; value: number }[] = []
  let ms = 0
  for (const line of new TextDecoder().decode(printed).split('\n')) {
    const time = /pts_time:\s*([\d.]+)/.exec(line)?.[1]
    if (time !== undefined) ms = Number(time) * 1000
    const value = /^lavfi\.[\w.]+=(.+)$/.exec(line)?.[1]
    if (value !== undefined) found.push({ ms, value: value.trim() === '-inf' ? -120 : Number(value) })
  }
  return found
}

function rises(readings: readonly { ms: number; value: number }[], threshold: number): number[] {
  return readings.flatMap(({ ms, value }, at) => (value >= threshold && at > 0 && (readings[at - 1]?.value ?? 0) < threshold ? [ms] : []))
}

/** How far each beep is from the flash nearest to it, ms; a flash whose beep is not in the piece is left out. */
export function offsetsOf({ flashes, beeps }: Marks): number[] {
  return flashes.flatMap((flash) => {
    const nearest = beeps.map((beep) => beep - flash).sort((a, b) => Math.abs(a) - Math.abs(b))[0]
    return nearest !== undefined && Math.abs(nearest) < flashEveryMs / 2 ? [nearest] : []
  })
}

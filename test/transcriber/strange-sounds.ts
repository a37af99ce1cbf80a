import type { Ffmpeg } from '../../storage/programs/ffmpeg.ts'
import { runProgram } from '../../storage/programs/run-program.ts'

/** Sounds in which nobody speaks, as ffmpeg's sources make them. No word may come of them. */
export const wordless: Record<string, string> = {
  silence: 'anullsrc=r=16000:cl=mono',
  'white noise': 'anoisesrc=c=white:a=0.3:r=16000:seed=1',
  tone: 'sine=frequency=1000:sample_rate=16000',
}

/** Writes a sound of that length to a file. */
export async function makeSound(ffmpeg: Ffmpeg, source: string, seconds: number, path: string, more: string[] = []): Promise<void> {
  const args = ['-nostdin', '-loglevel', 'error', '-f', 'lavfi', '-i', source, '-t', String(seconds), ...more, path]
  await runProgram(ffmpeg.path, args, { timeoutMs: 600_000 })
}

import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFfmpeg } from '../../storage/programs/ffmpeg.ts'
import { runProgram } from '../../storage/programs/run-program.ts'

export const sampleFolder = join(import.meta.dirname, '..', 'fixtures', 'sample-session')

/** A segment as the recorder would have cut it. */
export interface CutSegment {
  bytes: Uint8Array
  sha256: string
  ptsMs: number
  durationMs: number
}

/** The sample session's first seconds cut by ffmpeg into MPEG-TS segments of 4 s, without re-encoding. */
export async function cutSample(seconds: number): Promise<CutSegment[]> {
  const folder = await mkdtemp(join(tmpdir(), 'escano-cut-'))
  try {
    const ffmpeg = await findFfmpeg(process.env)
    const input = ['-hide_banner', '-loglevel', 'error', '-t', String(seconds), '-i', join(sampleFolder, 'session.mp4')]
    const cut = [
      '-map',
      '0',
      '-c',
      'copy',
      '-f',
      'segment',
      '-segment_time',
      '4',
      '-segment_time_delta',
      '0.1',
      '-segment_format',
      'mpegts',
    ]
    await runProgram(ffmpeg.path, [...input, ...cut, '-segment_list', join(folder, 'list.csv'), join(folder, '%04d.ts')], {
      timeoutMs: 60_000,
    })
    const list = (await readFile(join(folder, 'list.csv'), 'utf8')).trim().split('\n')
    return await Promise.all(
      list.map(async (row) => {
        const [name = '', from = '0', to = '0'] = row.split(',')
        const bytes = new Uint8Array(await readFile(join(folder, name)))
        const sha256 = createHash('sha256').update(bytes).digest('hex')
        const ptsMs = Math.round(Number(from) * 1000)
        return { bytes, sha256, ptsMs, durationMs: Math.round(Number(to) * 1000) - ptsMs }
      }),
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

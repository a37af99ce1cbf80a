import { createInterface } from 'node:readline'
import { z } from 'zod'
import { startProgram } from '../../storage/programs/run-program.ts'
import { lastWords } from '../feed-program.ts'
import type { SessionAudio } from '../session-audio.ts'
import { siblingScript } from '../sibling-script.ts'
import type { VoiceTurn } from './voices.ts'

/** The models could not be read, or the process ended before it had heard everything. The session goes on without voices. */
export class DiarizationError extends Error {
  override readonly name = 'DiarizationError'
}

/** Two models that tell voices apart. No print of a voice is kept: numbers of voices leave the process, nothing else. */
export interface DiarizationModels {
  segmentation: ModelFile
  embedding: ModelFile
}

interface ModelFile {
  path: string
  sha256: string
}

/** What the process is told. */
export interface DiarizationOptions {
  segmentation: string
  embedding: string
  path: string
  blocks: { fromSample: number; toSample: number }[]
  settings: typeof diarizationSettings
}

/**
 * Changed settings are another result. The library wants its sound whole, 4 bytes a sample: ten minutes are 38 MB. Voices of two blocks are
 * bound to persons apart, so that nothing of a voice need be carried from one to the next.
 */
export const diarizationSettings = { blockMs: 600_000, threshold: 0.5, minSpeechSeconds: 0.3, minSilenceSeconds: 0.5 } as const

const samplesPerMs = 16
const number = z.int().nonnegative()
const turn = z.tuple([number, number, number, number])
const line = z.union([turn, z.object({ block: number }), z.object({ heard: number })])

/**
 * Who speaks when, as numbers of voices, found by sherpa-onnx in a child process. Untried with real models: none is here (README).
 * @throws DiarizationError
 */
export async function findVoices(
  audio: Pick<SessionAudio, 'path' | 'runs'>,
  models: DiarizationModels,
  signal?: AbortSignal,
): Promise<VoiceTurn[]> {
  const blocks = blocksOf(audio.runs)
  if (blocks.length === 0) return []
  const { segmentation, embedding } = models
  const options: DiarizationOptions = {
    ...{ segmentation: segmentation.path, embedding: embedding.path, path: audio.path, settings: diarizationSettings },
    blocks: blocks.map(({ fromMs, toMs }) => ({ fromSample: fromMs * samplesPerMs, toSample: toMs * samplesPerMs })),
  }
  const script = siblingScript(import.meta.url, 'diarization-process')
  const program = await startProgram(process.execPath, [script, JSON.stringify(options)], {
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const stop = () => void program.stop([{ signal: 'SIGKILL', waitMs: 2000 }])
  signal?.addEventListener('abort', stop, { once: true })
  try {
    const { stdout, stderr } = program
    if (!stdout || !stderr) throw new DiarizationError('diarization was started without pipes')
    const complaint = lastWords(stderr)
    const { turns, heard } = await readTurns(stdout)
    const ended = await program.exited
    signal?.throwIfAborted()
    const expected = options.blocks.reduce((sum, one) => sum + one.toSample - one.fromSample, 0)
    if (ended.code !== 0 || heard !== expected) {
      const how = ended.signal ?? `code ${ended.code}`
      throw new DiarizationError(`diarization with ${segmentation.path} and ${embedding.path} ended with ${how}: ${await complaint}`)
    }
    return turns
  } finally {
    signal?.removeEventListener('abort', stop)
    await program.stop([{ signal: 'SIGKILL', waitMs: 2000 }])
  }
}

/** Names the models and settings for the record. */
export function diarizationBuild({ segmentation, embedding }: DiarizationModels): string {
  return `sherpa-onnx ${segmentation.sha256} ${embedding.sha256} ${JSON.stringify(diarizationSettings)}`
}

/** Runs in equal blocks of at most ten minutes. */
export function blocksOf(runs: readonly { fromMs: number; toMs: number }[]): { fromMs: number; toMs: number }[] {
  return runs.flatMap(({ fromMs, toMs }) => {
    const count = Math.ceil((toMs - fromMs) / diarizationSettings.blockMs)
    const cut = (i: number) => fromMs + Math.round(((toMs - fromMs) * i) / count)
    return Array.from({ length: count }, (_, i) => ({ fromMs: cut(i), toMs: cut(i + 1) }))
  })
}

async function readTurns(stdout: NodeJS.ReadableStream): Promise<{ turns: VoiceTurn[]; heard: number | undefined }> {
  const turns: VoiceTurn[] = []
  for await (const text of createInterface({ input: stdout })) {
    const told = line.safeParse(parse(text))
    // The library writes its own complaints to the same place.
    if (!told.success) continue
    if ('heard' in told.data) return { turns, heard: told.data.heard }
    if ('block' in told.data) continue
    const [from, end, block, voice] = told.data
    turns.push({ fromMs: Math.floor(from / samplesPerMs), toMs: Math.ceil(end / samplesPerMs), block, voice })
  }
  return { turns, heard: undefined }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

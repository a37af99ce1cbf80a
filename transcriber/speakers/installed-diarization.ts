import type { ChunkPlan } from '../chunk-result.ts'
import { findModel, inspectModel } from '../models/model-folder.ts'
import { type ModelEntry, readModelLock } from '../models/model-lock.ts'
import type { SessionAudio } from '../session-audio.ts'
import { ModelRefusedError } from '../whisper-file.ts'
import { DiarizationError, type DiarizationModels, diarizationBuild, findVoices } from './diarizer.ts'

/** Their names in models.lock.json. */
const names = { segmentation: 'pyannote-segmentation-3.0', embedding: 'campplus-voxceleb' } as const

/** The two models as they lie there, or why they must not be used. */
export type InstalledDiarization = DiarizationModels | { refused: string }

/**
 * The models that tell voices apart, their hashes checked; undefined unless both are there: diarization is for who installs it.
 * @param folder ESCANO_MODELS
 */
export async function installedDiarization(folder: string, lock?: ModelEntry[]): Promise<InstalledDiarization | undefined> {
  const entries = lock ?? (await readModelLock())
  const of = (name: string) => entries.find((one) => one.name === name)
  const [segmentation, embedding] = [of(names.segmentation), of(names.embedding)]
  if (!segmentation || !embedding) return undefined
  for (const entry of [segmentation, embedding]) if ((await inspectModel(entry, folder)).path === undefined) return undefined
  try {
    const found = (name: string) => findModel(name, { folder, lock: entries })
    return { segmentation: await found(names.segmentation), embedding: await found(names.embedding) }
  } catch (error) {
    if (error instanceof ModelRefusedError) return { refused: error.message }
    throw error
  }
}

/** Voices of a session. Models that cannot be used cost the session nothing but the voices, and the transcript says so. */
export async function hearVoices(
  audio: SessionAudio,
  models: InstalledDiarization,
  signal?: AbortSignal,
): Promise<NonNullable<ChunkPlan['diarization']>> {
  if ('refused' in models) return { build: 'refused', turns: [], problem: models.refused }
  const build = diarizationBuild(models)
  try {
    return { build, turns: await findVoices(audio, models, signal) }
  } catch (error) {
    if (error instanceof DiarizationError) return { build, turns: [], problem: error.message }
    throw error
  }
}

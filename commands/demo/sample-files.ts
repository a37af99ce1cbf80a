import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Environment } from '../house.ts'

const fixtures = join(import.meta.dirname, '..', '..', 'test', 'fixtures')

/** The synthetic session that comes with the code, with its references. */
export const sampleFolder = join(fixtures, 'sample-session')

/** The chamber's camera of the demo: the sample's picture and sound, played faster than it was spoken. */
export const samplePlay = { path: join(sampleFolder, 'session.mp4'), speed: 6 }

/**
 * The demo hears with the small model that comes with the code, unless the installation names its own: an engine for each core, and
 * only as much of the engine's window as a chunk fills, which was tried on this model alone.
 */
export function demoEnvironment(env: Environment): Environment {
  return {
    ESCANO_TRANSCRIBER_MODEL: 'escano-fixture-whisper',
    ESCANO_TRANSCRIBER_CONCURRENCY: String(Math.min(4, availableParallelism())),
    ESCANO_TRANSCRIBER_SHORT_WINDOW: '1',
    ...Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== '')),
  }
}

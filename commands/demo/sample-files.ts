import { join } from 'node:path'
import type { Environment } from '../house.ts'

const fixtures = join(import.meta.dirname, '..', '..', 'test', 'fixtures')

/** The synthetic session that comes with the code, with its references. */
export const sampleFolder = join(fixtures, 'sample-session')

/** The chamber's camera of the demo: the sample's picture and sound, played faster than it was spoken. */
export const samplePlay = { path: join(sampleFolder, 'session.mp4'), speed: 6 }

/**
 * The demo hears with the small model that comes with the code, unless the installation names its own.
 */
export function demoEnvironment(env: Environment): Environment {
  return {
    ESCANO_TRANSCRIBER_MODEL: 'escano-fixture-whisper',
    ...Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== '')),
  }
}

import { z } from 'zod'
import { sha256Hex } from './ids.ts'
import type { SessionStage } from './session.ts'

const text = z.string().min(1).max(255)

/**
 * What is known of a recording that was not made here but brought as a file: the custody statement of an imported session. All else is not
 * known, above all when it was recorded and what was done to it before it came. It stands in the sealed recording manifest.
 */
export const importedRecording = z.strictObject({
  /** When the whole file was here, on the server's clock. Before it nothing is proven. */
  receivedAtMs: z.int(),
  receivedBy: z.strictObject({ name: text, role: text }),
  /** The file as it came, byte by byte. */
  file: z.strictObject({ name: text, sha256: sha256Hex, bytes: z.int().positive() }),
  /** What the file says of itself; whoever made it may have written anything. */
  container: z.strictObject({
    format: text,
    durationMs: z.int().nonnegative().nullable(),
    ownDates: z.array(z.strictObject({ name: text, value: text })).max(8),
  }),
})
export type ImportedRecording = z.infer<typeof importedRecording>

/** Sound and picture end this much before what the file says of itself: it was cut short on its way here, or before. */
const shortByMs = 5000

/** Whether less could be read than the file says it holds. */
export function isCutShort({ container }: ImportedRecording, recordedMs: number): boolean {
  return container.durationMs !== null && recordedMs < container.durationMs - shortByMs
}

/**
 * Whether an import may still be taken back: until its recording goes the way of every other one. From then on it is a session like another,
 * and no recording of a session is taken back.
 */
export function isWithdrawable(of: { delivered: boolean; withdrawn?: object | undefined }, stage: SessionStage): boolean {
  return stage === 'prepared' && !of.delivered && of.withdrawn === undefined
}

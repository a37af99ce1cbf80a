import { join } from 'node:path'
import type { RecorderConfig } from '../recorder/config.ts'
import type { RunningRecorder } from '../recorder/main.ts'

/**
 * Serves the chamber page beside a recorder. That it cannot is told, and stops no recording.
 * @returns what ends it
 */
export async function serveChamber(
  { recorder, identity }: RunningRecorder,
  { page, spool }: Pick<RecorderConfig, 'page' | 'spool'>,
  onTrouble: (sentence: string) => void,
): Promise<AsyncDisposable> {
  const nothing = { [Symbol.asyncDispose]: async () => undefined }
  if (page.port === 0) return nothing
  try {
    // Loaded where it is served: a recorder without a page does not carry the web.
    const { startChamberServer } = await import('../web/chamber/chamber-server.ts')
    return await startChamberServer({ identity, recorder, folder: join(spool, 'chamber'), ...page, onTrouble })
  } catch (error) {
    onTrouble(`the chamber page is not served: ${error instanceof Error ? error.message : String(error)}`)
    return nothing
  }
}

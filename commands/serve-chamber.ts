import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RecorderConfig } from '../recorder/config.ts'
import type { RunningRecorder } from '../recorder/main.ts'
import { runProgram } from '../storage/programs/run-program.ts'

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
    const { findPages } = await import('../web/pages.ts')
    const pages = (await findPages()) ?? (await build().then(() => findPages()))
    if (!pages) throw new Error('its pages are not built: run npm run build')
    return await startChamberServer({ identity, recorder, pages, folder: join(spool, 'chamber'), ...page, onTrouble })
  } catch (error) {
    onTrouble(`the chamber page is not served: ${error instanceof Error ? error.message : String(error)}`)
    return nothing
  }
}

/** In a process of its own that ends: what builds takes several times the memory that a recorder may. */
async function build(): Promise<void> {
  const root = join(dirname(fileURLToPath(import.meta.url)), '..')
  const making = `const { ensurePages } = await import(${JSON.stringify(import.meta.resolve('../web/pages.ts'))}); await ensurePages()`
  await runProgram(process.execPath, [...process.execArgv, '--input-type=module', '--eval', making], { cwd: root, timeoutMs: 300_000 })
}

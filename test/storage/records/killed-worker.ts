import { join } from 'node:path'
import type { StorageConfig } from '../../../storage/config.ts'
import { startProgram } from '../../../storage/programs/run-program.ts'
import type { JobKind } from '../../../storage/records/job-kinds.ts'

/** A worker in a process of its own takes a job of this kind, and is killed with SIGKILL while it holds it. */
export async function takeAndBeKilled(config: StorageConfig, kind: JobKind): Promise<void> {
  const source = `
    const { openStorage } = await import('./storage/storage.ts')
    const storage = await openStorage(JSON.parse(process.argv[1]), { attach: true })
    await storage.jobs.work(process.argv[2], { concurrency: 1 }, async () => {
      console.log('taken')
      await new Promise(() => setInterval(() => undefined, 1000))
    })`
  const worker = await startProgram(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', source, JSON.stringify(config), kind],
    { cwd: join(import.meta.dirname, '../../..'), stdout: 'pipe' },
  )
  await new Promise<void>((resolve) => worker.stdout?.once('data', () => resolve()))
  process.kill(worker.pid, 'SIGKILL')
  await worker.exited
}

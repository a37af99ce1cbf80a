import type { CommandModule } from './commands/command-io.ts'
import { runCommand } from './commands/run-command.ts'

/** The command line: one verb a line. A verb is loaded when it is asked for. */
const verbs: Record<string, () => Promise<CommandModule>> = {
  start: () => import('./commands/start.ts'),
  doctor: () => import('./commands/doctor.ts'),
  demo: () => import('./commands/demo.ts'),
  record: () => import('./commands/record.ts'),
  rehearse: () => import('./commands/rehearse.ts'),
  transcribe: () => import('./commands/transcribe.ts'),
  score: () => import('./commands/score.ts'),
  verify: () => import('./commands/verify.ts'),
  import: () => import('./commands/import.ts'),
  reconcile: () => import('./commands/reconcile.ts'),
  export: () => import('./commands/export.ts'),
  'closed-part': () => import('./commands/closed-part.ts'),
  models: () => import('./commands/models.ts'),
}

process.exitCode = await runCommand(verbs, process)

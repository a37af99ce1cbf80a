import { UsageError } from './arguments.ts'
import { type CommandIo, type CommandModule, openCommandIo } from './command-io.ts'
import { sentenceOf } from './error-sentence.ts'
import { es } from './words/es.ts'
import { gl } from './words/gl.ts'

const dictionaries = { gl, es }

/** Exit codes of every command; `verify` gives its own meaning to 1 and 2 (contracts.md §5). */
const failed = 1
const wrongUse = 2

/**
 * Finds the verb, runs it, and turns whatever it throws into one sentence: the one border where errors are translated.
 * @param world the process: arguments, environment, streams, signals
 * @returns exit code
 */
export async function runCommand(verbs: Record<string, () => Promise<CommandModule>>, world: NodeJS.Process): Promise<number> {
  const [verb, ...args] = world.argv.slice(2)
  const io = openCommandIo({
    args,
    env: world.env,
    cwd: world.cwd(),
    stdout: world.stdout,
    stderr: world.stderr,
    ...abortedBySignals(world),
    stdinIsTerminal: world.stdin.isTTY === true,
    dictionaries,
  })
  const { words } = io
  if (verb === undefined || verb === '--help' || verb === '-h' || verb === 'help') {
    world.stdout.write(`${words.overview}\n`)
    return verb === undefined ? wrongUse : 0
  }
  const load = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined
  if (load === undefined) {
    world.stderr.write(`escano: ${words.usage.unknownVerb(verb)}\n`)
    return wrongUse
  }
  if (args.includes('--help') || args.includes('-h')) {
    world.stdout.write(`${words.help[verb as keyof typeof words.help]}\n`)
    return 0
  }
  try {
    return await (await load()).run(args, io)
  } catch (error) {
    return tell(error, verb, io, world)
  }
}

function tell(error: unknown, verb: string, io: CommandIo, world: NodeJS.Process): number {
  const usage = error instanceof UsageError
  const sentence = usage ? `${error.sentence(io.words)} ${io.words.usage.seeHelp(verb)}` : sentenceOf(error, io.words)
  world.stderr.write(`escano ${verb}: ${sentence}\n`)
  if (io.env.ESCANO_DEBUG === '1') world.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  return usage ? wrongUse : failed
}

/** The first signal asks the verb to end in order; a second one ends at once. A verb that guards something may let none through. */
function abortedBySignals(world: NodeJS.Process): Pick<CommandIo, 'signal' | 'guardSignals'> {
  const controller = new AbortController()
  let guard = () => false
  const numbers = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    world.on(signal, () => {
      if (!controller.signal.aborted && guard()) return
      if (controller.signal.aborted) world.exit(128 + numbers[signal])
      controller.abort(signal)
    })
  }
  // A reader that went away (`escano verify … | head`) is no fault, and must not turn the verb's own answer into another.
  world.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') world.exit(failed)
  })
  return {
    signal: controller.signal,
    guardSignals: (wanted) => {
      guard = wanted
    },
  }
}

import type { CommandWords } from './words/gl.ts'

export type CommandLanguage = 'gl' | 'es'

/** What a verb has of the world: `run(args, io)` reads no `process` itself. */
export interface CommandIo {
  env: Record<string, string | undefined>
  cwd: string
  /** `--json` was given: stdout carries JSON and nothing else. */
  json: boolean
  language: CommandLanguage
  words: CommandWords
  /** Aborts at the first Ctrl-C or SIGTERM; a verb that can end in order does so. */
  signal: AbortSignal
  /** While `guard` answers true, a signal does not abort: it was told to the reader that something must not end by a slip of the hand. */
  guardSignals(guard: () => boolean): void
  /** Somebody sits there who can be asked: stdin and stderr are a terminal. */
  isTerminal: boolean
  /** A line for the reader, on stdout; silent with `--json`. */
  say(line: string): void
  /** The answer for machines, one JSON value on a line of stdout; silent without `--json`. */
  answer(value: unknown): void
  /** How far it is, on stderr, when that is a terminal. */
  progress(line: string): void
}

/** A verb: its arguments without its own name, to an exit code. */
export interface CommandModule {
  run(args: string[], io: CommandIo): Promise<number>
}

interface Stream {
  write(text: string): unknown
  isTTY?: boolean
}

/**
 * @param of.args words after the verb, searched for `--json`
 * @param of.env `ESCANO_LANGUAGE` gl (default) or es
 */
export function openCommandIo(of: {
  args: readonly string[]
  env: Record<string, string | undefined>
  cwd: string
  stdout: Stream
  stderr: Stream
  signal: AbortSignal
  guardSignals?: CommandIo['guardSignals']
  stdinIsTerminal?: boolean
  dictionaries: Record<CommandLanguage, CommandWords>
}): CommandIo {
  const language = languageOf(of.env)
  const json = of.args.includes('--json')
  return {
    env: of.env,
    cwd: of.cwd,
    json,
    language,
    words: of.dictionaries[language],
    signal: of.signal,
    guardSignals: of.guardSignals ?? (() => undefined),
    isTerminal: of.stdinIsTerminal === true && of.stderr.isTTY === true,
    say: (line) => {
      if (!json) of.stdout.write(`${line}\n`)
    },
    answer: (value) => {
      if (json) of.stdout.write(`${JSON.stringify(value)}\n`)
    },
    progress: (line) => {
      if (of.stderr.isTTY === true) of.stderr.write(`${line}\n`)
    },
  }
}

export function languageOf(env: Record<string, string | undefined>): CommandLanguage {
  return env.ESCANO_LANGUAGE === 'es' ? 'es' : 'gl'
}

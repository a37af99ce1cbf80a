import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import type { CommandWords } from './words/gl.ts'

/** Wrong use of a command: a sentence in the reader's language, exit 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly sentence: (words: CommandWords) => string
  constructor(sentence: (words: CommandWords) => string, cause?: unknown) {
    super('wrong use of a command', { cause })
    this.sentence = sentence
  }
}

/** Every command takes these; `--help` is answered before a verb is loaded. */
const common = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const

interface Wanted<T extends ParseArgsOptionsConfig> {
  options?: T
  /** Names of the words that stand without a dash; those in `required` must be there. */
  places?: { required?: readonly string[]; optional?: readonly string[] }
}

type Parsed<T extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ options: T & typeof common; allowPositionals: true; strict: true }>
>

/**
 * Options and places of a verb.
 * @returns `values` as node:util parseArgs types them, `positionals` at least as many as are required
 * @throws UsageError an option nobody knows, one without its value, too few or too many places
 */
export function parseArguments<T extends ParseArgsOptionsConfig = Record<never, never>>(
  args: readonly string[],
  wanted: Wanted<T> = {},
): Parsed<T> {
  const parsed = parse(args, wanted)
  const required = wanted.places?.required ?? []
  const most = required.length + (wanted.places?.optional ?? []).length
  const missing = required[parsed.positionals.length]
  if (missing !== undefined) throw new UsageError((words) => words.usage.missing(missing))
  const superfluous = parsed.positionals[most]
  if (superfluous !== undefined) throw new UsageError((words) => words.usage.superfluous(superfluous))
  return parsed
}

function parse<T extends ParseArgsOptionsConfig>(args: readonly string[], wanted: Wanted<T>): Parsed<T> {
  try {
    const options = { ...wanted.options, ...common } as T & typeof common
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
  } catch (cause) {
    const option = /'(--?[^' ]+)/.exec(cause instanceof Error ? cause.message : '')?.[1] ?? ''
    const unknown = cause instanceof Error && 'code' in cause && cause.code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION'
    throw new UsageError((words) => (unknown ? words.usage.unknownOption(option) : words.usage.badOption(option)), cause)
  }
}

/** A whole number of an option within bounds. @throws UsageError */
export function wholeNumber(option: string, text: string, bounds: { from: number; to: number }): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= bounds.from && value <= bounds.to)) throw new UsageError((words) => words.usage.badNumber(option, bounds.from, bounds.to))
  return value
}

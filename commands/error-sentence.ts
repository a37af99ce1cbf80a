import { ZodError } from 'zod'
import type { CommandWords } from './words/gl.ts'

/**
 * What the reader is told of an error: known classes by their name, faults of the system by their code, else the message itself.
 * Names and not classes, so that no verb loads the parts of another.
 */
export function sentenceOf(error: unknown, words: CommandWords): string {
  if (!(error instanceof Error)) return words.errors.unknown(String(error))
  if (error instanceof ZodError)
    return words.errors.byName.ConfigError(error.issues.map((one) => `${one.path.join('.')}: ${one.message}`).join('; '))
  if (error.name.endsWith('ConfigError')) return words.errors.byName.ConfigError(error.message)
  const byName: Record<string, (detail: string) => string> = words.errors.byName
  const known = Object.hasOwn(byName, error.name) ? byName[error.name] : undefined
  if (known !== undefined) return known(error.message)
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const byCode: Record<string, (detail: string) => string> = words.errors.byCode
  const fault = Object.hasOwn(byCode, code) ? byCode[code] : undefined
  return fault === undefined ? words.errors.unknown(firstLine(error.message)) : fault(pathOf(error) ?? firstLine(error.message))
}

function pathOf(error: Error): string | undefined {
  return 'path' in error && typeof error.path === 'string' ? error.path : undefined
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? text
}

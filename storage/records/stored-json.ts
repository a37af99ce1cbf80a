import type { z } from 'zod'

/** A value cannot be kept: PostgreSQL's jsonb has no NUL and no lone surrogate (manual, §8.14). */
export class UnstorableTextError extends Error {
  override readonly name = 'UnstorableTextError'
}

/** A row holds something else than its schema says: written by another version, or changed from outside. */
export class RecordDamagedError extends Error {
  override readonly name = 'RecordDamagedError'
}

/** A value as text for a jsonb column. @throws UnstorableTextError */
export function toJson(value: unknown): string {
  const text = JSON.stringify(value)
  // JSON.stringify writes both as escapes; a backslash that is itself escaped starts none.
  if (/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/.test(text)) {
    throw new UnstorableTextError('a text holds the character NUL or half of a surrogate pair, which no record can keep')
  }
  return text
}

/**
 * A row, or a document of one, as the model has it.
 * @param what names the row in the error
 * @throws RecordDamagedError
 */
export function fromStored<S extends z.ZodType>(schema: S, value: unknown, what: string): z.output<S> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new RecordDamagedError(`${what} cannot be read: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`, { cause: parsed.error })
}

/** A row without the columns that hold nothing: what is optional in the model is absent, not null. */
export function withoutNulls(row: object): object {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))
}

/** Whether two values are the same JSON, whatever the order of their keys. */
export function isSameJson(one: unknown, other: unknown): boolean {
  return sorted(one) === sorted(other)
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}

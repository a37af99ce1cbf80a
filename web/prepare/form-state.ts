import { ZodError, z } from 'zod'

/** Fields of a form as text, as they stand in the page and as they come back. */
export type Values = Record<string, string>

/** A form that came back: what the person wrote, and what stood against it. Nothing they wrote is lost. */
export interface Returned {
  act: string
  values: Values
  /** One sentence for each thing to put right. */
  problems: string[]
  conflict: boolean
}

/** Why nothing was changed; `sentence` is told to the person beside what they wrote. */
export class FormRefusedError extends Error {
  override readonly name = 'FormRefusedError'
  readonly sentence: string
  constructor(sentence: string) {
    super('the form was refused with a sentence')
    this.sentence = sentence
  }
}

/** Reads a posted form: fields as text, a repeated field joined by commas. @throws ZodError it is no form */
export function readValues(body: unknown): Values {
  const fields = z.record(z.string().max(100), z.union([z.string(), z.array(z.string())])).parse(body ?? {})
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, (Array.isArray(value) ? value.join(',') : value).replaceAll('\r\n', '\n')]),
  )
}

/** How a field is told to be wrong. */
export interface ProblemWords {
  missing: (field: string) => string
  invalid: (field: string) => string
  date: (field: string) => string
  number: (field: string) => string
}

/** The sentences for what a schema found wrong, each field once, by the label it has in the page. */
export function problemSentences(error: ZodError, labels: Record<string, string>, words: ProblemWords, own: Values = {}): string[] {
  const found = new Map<string, string>()
  for (const issue of error.issues) {
    const field = String(issue.path[0] ?? '')
    if (found.has(field)) continue
    const label = labels[field] ?? field
    found.set(field, own[field] ?? sentenceOf(issue, label, words))
  }
  return [...found.values()]
}

function sentenceOf(issue: z.core.$ZodIssue, label: string, words: ProblemWords): string {
  if (issue.code === 'invalid_format' && issue.format === 'date') return words.date(label)
  if (issue.code === 'invalid_type' && issue.expected === 'number') return words.number(label)
  if (issue.code === 'too_small') return issue.origin === 'string' ? words.missing(label) : words.number(label)
  if (issue.code === 'invalid_type') return words.missing(label)
  return words.invalid(label)
}

export function isZodError(error: unknown): error is ZodError {
  return error instanceof ZodError
}

/** A line of text as people type it: trimmed, not empty, of a length that fits a record. */
export const line = (max = 200) => z.string().trim().min(1).max(max)

/** The same, where nothing typed means nothing. */
export const optionalLine = (max = 200) =>
  z
    .string()
    .trim()
    .max(max)
    .optional()
    .transform((text) => (text === '' ? undefined : text))

/** A day that may be left empty. */
export const optionalDay = z
  .string()
  .optional()
  .transform((text) => (text === '' ? undefined : text))
  .pipe(z.iso.date().optional())

/** A positive number that may be left empty. */
export const optionalNumber = z
  .string()
  .optional()
  .transform((text) => (text === undefined || text.trim() === '' ? undefined : Number(text)))
  .pipe(z.int().positive().max(999).optional())

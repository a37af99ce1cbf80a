import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'csv-parse/sync'
import { z } from 'zod'
import { ProgramError, runProgram } from '../../../storage/programs/run-program.ts'

export const uploadLimits = { bytes: 10_000_000, pages: 60, timeoutMs: 15_000, memoryMb: 400 } as const

export const uploadProblem = z.enum(['too-large', 'not-pdf', 'encrypted', 'no-text', 'too-much', 'too-many-pages', 'not-text'])
export type UploadProblem = z.infer<typeof uploadProblem>

/** A file that no agenda can be read from; `problem` says which sentence tells it. */
export class UploadRefusedError extends Error {
  override readonly name = 'UploadRefusedError'
  readonly problem: UploadProblem
  constructor(problem: UploadProblem, options?: ErrorOptions) {
    super(`the file was not read: ${problem}`, options)
    this.problem = problem
  }
}

/** What a file holds: text to be read as an agenda, or rows of a table. */
export type Upload = { kind: 'text'; text: string } | { kind: 'rows'; rows: string[][] }

const said = z.object({ text: z.string().optional(), problem: uploadProblem.optional() })

/**
 * Reads a file of the secretary's by what is in it, not by its name: PDF in a process of its own, else UTF-8 or Latin-1 text.
 * @throws UploadRefusedError
 */
export async function readUpload(bytes: Uint8Array, fileName: string): Promise<Upload> {
  if (bytes.byteLength > uploadLimits.bytes) throw new UploadRefusedError('too-large')
  if (Buffer.from(bytes.subarray(0, 1024)).includes('%PDF-')) return { kind: 'text', text: await readPdf(bytes) }
  if (/\.pdf$/i.test(fileName)) throw new UploadRefusedError('not-pdf')
  const text = decoded(bytes)
  return /\.csv$/i.test(fileName) ? { kind: 'rows', rows: readCsv(text) } : { kind: 'text', text }
}

/**
 * The text of a PDF, read in a child process with bounded time and memory: a hostile file ends that process and nothing else.
 * @throws UploadRefusedError
 */
export async function readPdf(
  bytes: Uint8Array,
  limits: Pick<typeof uploadLimits, 'pages'> & { timeoutMs: number; memoryMb: number } = uploadLimits,
): Promise<string> {
  const script = fileURLToPath(new URL(`./pdf-text-process${extname(new URL(import.meta.url).pathname)}`, import.meta.url))
  const args = [`--max-old-space-size=${limits.memoryMb}`, script, String(limits.pages), String(limits.memoryMb)]
  try {
    const { stdout } = await runProgram(process.execPath, args, {
      input: bytes,
      timeoutMs: limits.timeoutMs,
      maxOutputBytes: 4_000_000,
      // Nothing of ours is handed to what reads a stranger's file.
      env: { NODE_OPTIONS: '' },
    })
    const { text, problem } = said.parse(JSON.parse(new TextDecoder().decode(stdout)))
    if (problem) throw new UploadRefusedError(problem)
    return text ?? ''
  } catch (error) {
    if (error instanceof UploadRefusedError) throw error
    if (error instanceof ProgramError) throw new UploadRefusedError('too-much', { cause: error })
    throw error
  }
}

/** UTF-8, or what old programs write; neither is full of control characters. */
function decoded(bytes: Uint8Array): string {
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe
  const text = utf16 ? new TextDecoder('utf-16le').decode(bytes) : utf8(bytes)
  const strange = [...text.slice(0, 4000)].filter((one) => one < ' ' && !'\t\r\n\f'.includes(one)).length
  if (strange > 0 || text.trim() === '') throw new UploadRefusedError('not-text')
  return text
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    // Not UTF-8: every byte is a character of Windows-1252.
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

/** Rows of a table, by the separator its first line has most of. @throws UploadRefusedError no table */
export function readCsv(text: string): string[][] {
  const first = text.split('\n')[0] ?? ''
  const delimiter = [';', ',', '\t'].sort((one, other) => first.split(other).length - first.split(one).length)[0] ?? ';'
  try {
    const rows: unknown = parse(text, {
      delimiter,
      bom: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      trim: true,
      to: 500,
    })
    return z.array(z.array(z.string())).parse(rows)
  } catch (cause) {
    throw new UploadRefusedError('not-text', { cause })
  }
}

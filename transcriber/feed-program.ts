import type { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/**
 * Writes a stream into a program, as fast as it takes it. A source that fails must fail the work; a program that closes its input
 * early has said by its output or code what it thinks of it.
 */
export async function feedProgram(source: AsyncIterable<Uint8Array>, stdin: Writable): Promise<void> {
  let failure: { error: unknown } | undefined
  try {
    await pipeline(async function* () {
      try {
        yield* source
      } catch (error) {
        failure = { error }
      }
    }, stdin)
  } catch {
    // EPIPE, or closed before the end.
  }
  if (failure) throw failure.error
}

/** The last words of a program on stderr, once it has ended. */
export async function lastWords(stderr: AsyncIterable<Uint8Array> | undefined): Promise<string> {
  let text = ''
  for await (const piece of stderr ?? []) text = (text + new TextDecoder().decode(piece)).slice(-1000)
  return text.trim().split('\n').slice(-3).join(' | ')
}

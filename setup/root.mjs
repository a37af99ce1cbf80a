import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Folder of the repository, whatever the working directory is. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Says one line of set-up on stderr, so that stdout stays free for `--json`. */
export function say(line) {
  process.stderr.write(`${line}\n`)
}

/** A reason to stop that the reader can act on: printed without a stack trace. */
export class SetupError extends Error {
  name = 'SetupError'
  constructor(message, exitCode = 1) {
    super(message)
    this.exitCode = exitCode
  }
}

/** Runs one of the commands below and turns its outcome into the exit code. */
export async function main(work) {
  try {
    process.exitCode = await work(process.argv.slice(2))
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    say(`escano: ${error.message}`)
    process.exitCode = error.exitCode
  }
}

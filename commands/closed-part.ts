import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { ClosedPartUnreadableError, openClosedParts } from '../minutes/export/open-closed-parts.ts'
import { exportPath } from '../storage/custody/export-layout.ts'
import { JournalError } from '../storage/custody/journal-tree.ts'
import { parseIdentities } from '../storage/custody/sealing.ts'
import { parseArguments, UsageError } from './arguments.ts'
import type { CommandIo } from './command-io.ts'
import { closedPartEs } from './words/closed-part-es.ts'
import { closedPartGl } from './words/closed-part-gl.ts'

/**
 * `escano closed-part open PATH --identity FILE --out DIR`: what was recorded for the secretary alone, for whoever holds the key.
 * @returns 0 opened (also when there is nothing), 1 something is not what was recorded, or the key is another
 */
export async function run(args: string[], io: CommandIo): Promise<number> {
  const words = io.language === 'es' ? closedPartEs : closedPartGl
  const { values, positionals } = parseArguments(args, {
    options: { identity: { type: 'string' }, out: { type: 'string' } },
    places: { required: ['open', 'PATH'] },
  })
  const { identity, out } = values
  if (positionals[0] !== 'open' || identity === undefined || out === undefined) throw new UsageError(() => words.usage)
  const folder = resolve(io.cwd, positionals[1] ?? '')
  const identities = await readFile(resolve(io.cwd, identity), 'utf8')
    .then(parseIdentities)
    .catch((cause: unknown) => {
      throw new UsageError(() => words.noKey(identity), cause)
    })
  try {
    const opened = await openClosedParts(folder, identities, resolve(io.cwd, out))
    io.answer({ out: resolve(io.cwd, out), ...opened })
    io.say(opened.segments === 0 ? words.nothing : words.done(opened.segments, opened.files.length, out))
    return 0
  } catch (error) {
    if (error instanceof JournalError || isMissing(error, join(folder, exportPath.journal)))
      throw new UsageError(() => words.noJournal(folder), error)
    if (!(error instanceof ClosedPartUnreadableError)) throw error
    io.answer({ error: error.reason, path: error.path })
    io.say(error.reason === 'key' ? words.wrongKey(error.path) : words.altered(error.path))
    return 1
  }
}

function isMissing(error: unknown, path: string): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT' && 'path' in error && error.path === path
}

import { resolve } from 'node:path'
import { NotAnExportError } from '../minutes/verify/export-reader.ts'
import { readTrust, TrustFileError, verificationLines, verifyPath } from '../minutes/verify/verify-path.ts'
import { verifyWords } from '../minutes/verify/verify-words.ts'
import { parseArguments, UsageError } from './arguments.ts'
import type { CommandIo } from './command-io.ts'

/**
 * `escano verify PATH [--trust FILE]`: anchors of the installation (`ESCANO_KEYS/trust.json`) unless a file is named.
 * @returns 0 authentic, 1 not authentic; what cannot be read leaves as wrong use, exit 2 (contracts.md §5)
 */
export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseArguments(args, { options: { trust: { type: 'string' } }, places: { required: ['PATH'] } })
  const words = verifyWords[io.language]
  const path = resolve(io.cwd, positionals[0] ?? '')
  const anchors = resolve(io.cwd, values.trust ?? `${io.env.ESCANO_KEYS ?? 'keys'}/trust.json`)
  try {
    const verification = await verifyPath(path, await readTrust(anchors), values.trust === undefined ? 'installation' : 'file')
    io.answer(verification)
    for (const line of verificationLines(verification, words)) io.say(line)
    return verification.authentic ? 0 : 1
  } catch (error) {
    if (error instanceof NotAnExportError) throw new UsageError(() => words.unreadable(path), error)
    if (error instanceof TrustFileError) throw new UsageError(() => words.badTrust(anchors), error)
    throw error
  }
}

/**
 * The one-file verifier, `verify.mjs`: in Node a command, in a browser a module that exports the same functions.
 * It runs the very code of `escano verify`.
 */
import { sha256, toHex } from '../../storage/custody/sha256.ts'
import { NotAnExportError } from './export-reader.ts'
import { readTrust, TrustFileError, verificationLines, verifyPath } from './verify-path.ts'
import { verifyWords } from './verify-words.ts'

export { trustFile } from '../../storage/custody/trust.ts'
export { memoryReader } from './export-reader.ts'
export { verifyActa, verifyExport } from './verify-export.ts'

const unreadable = 2

/** @returns exit code: 0 authentic, 1 not authentic, 2 cannot be read or wrong use */
async function runVerifier(args: string[], own: string, print: { out(line: string): void; error(line: string): void }): Promise<number> {
  const words = verifyWords.gl
  const json = args.includes('--json')
  const at = args.indexOf('--trust')
  const trustPath = at < 0 ? undefined : args[at + 1]
  const [path, ...more] = args.filter((word, place) => word !== '--json' && (at < 0 || (place !== at && place !== at + 1)))
  await introduce(own, print)
  if (path === undefined || more.length > 0 || path.startsWith('-')) {
    print.error(words.usage)
    return unreadable
  }
  if (trustPath === undefined) {
    print.error(words.noTrust)
    return unreadable
  }
  try {
    const verification = await verifyPath(path, await readTrust(trustPath), 'file')
    if (json) print.out(JSON.stringify(verification))
    else for (const line of verificationLines(verification, words)) print.out(line)
    return verification.authentic ? 0 : 1
  } catch (error) {
    if (!(error instanceof NotAnExportError) && !(error instanceof TrustFileError)) throw error
    print.error(error instanceof TrustFileError ? words.badTrust(trustPath) : words.unreadable(path))
    return unreadable
  }
}

/** Says which verifier this is, and that one found in an export proves nothing about it. */
async function introduce(own: string, print: { error(line: string): void }): Promise<void> {
  const { readFile, stat } = await import('node:fs/promises')
  const { dirname, join } = await import('node:path')
  print.error(verifyWords.gl.ownHash(toHex(await sha256(new Uint8Array(await readFile(own))))))
  const beside = await stat(join(dirname(own), 'contents.json')).catch(() => undefined)
  if (beside !== undefined) print.error(verifyWords.gl.foundInside)
}

/** Runs the command when Node was started with this very file. */
async function runWhenStarted(): Promise<void> {
  if (typeof process === 'undefined' || process.versions?.node === undefined || process.argv[1] === undefined) return
  const { realpathSync } = await import('node:fs')
  const { fileURLToPath } = await import('node:url')
  const own = fileURLToPath(import.meta.url)
  if (realpathSync(process.argv[1]) !== realpathSync(own)) return
  process.exitCode = await runVerifier(process.argv.slice(2), own, { out: console.log, error: console.error })
}

await runWhenStarted()

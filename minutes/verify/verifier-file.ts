import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeDurably } from '../../storage/programs/durable-file.ts'

const repository = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
/** What verify.mjs is made from. */
const sourceFolders = ['minutes/verify', 'minutes/signature', 'storage/custody', 'storage/model']
const mark = '// escano verify.mjs, made from sources '

/** verify.mjs could not be built. */
export class VerifierBuildError extends Error {
  override readonly name = 'VerifierBuildError'
}

/**
 * Path of the one-file verifier, `build/verify.mjs`; built now when a source changed since. The same sources give the same bytes, so two
 * processes that build at once write the same file.
 * @throws VerifierBuildError
 */
export async function ensureVerifier(root = repository): Promise<string> {
  const path = join(root, 'build', 'verify.mjs')
  const built = await readFile(path, 'utf8').catch(() => undefined)
  const sources = await hashSources(root)
  // In an image there are no sources, only what was built for it.
  if (sources === undefined) {
    if (built === undefined) throw new VerifierBuildError(`${path} is missing: run npm run build`)
    return path
  }
  const banner = `${mark}${sources}\n`
  if (built?.startsWith(banner) === true) return path
  await mkdir(dirname(path), { recursive: true })
  await writeDurably(path, banner + (await buildVerifier(root)))
  return path
}

async function buildVerifier(root: string): Promise<string> {
  try {
    const { build } = await import('vite')
    const built = await build({
      root,
      configFile: false,
      logLevel: 'error',
      // Built as for a server, so that the few node: imports stay as they are; everything else goes inside.
      ssr: { noExternal: true, target: 'node' },
      build: {
        ssr: join(root, 'minutes/verify/verify-main.ts'),
        write: false,
        target: 'es2022',
        minify: true,
        rolldownOptions: { output: { format: 'es', codeSplitting: false } },
      },
    })
    const outputs = (Array.isArray(built) ? built : [built]).flatMap((one) => ('output' in one ? one.output : []))
    const [chunk, ...more] = outputs.filter((one) => one.type === 'chunk')
    if (chunk === undefined || more.length > 0) throw new VerifierBuildError(`expected one file, built were ${outputs.length}`)
    return chunk.code
  } catch (cause) {
    throw new VerifierBuildError(`verify.mjs could not be built from ${root}`, { cause })
  }
}

async function hashSources(root: string): Promise<string | undefined> {
  const hash = createHash('sha256')
  for (const folder of sourceFolders) {
    const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(() => [])
    const paths = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.ts')).map((entry) => join(entry.parentPath, entry.name))
    if (paths.length === 0) return undefined
    for (const path of paths.sort()) {
      hash.update(`${relative(root, path).split(sep).join('/')}\0`)
      hash.update(await readFile(path))
    }
  }
  hash.update(await readFile(join(root, 'package-lock.json')))
  return hash.digest('hex')
}

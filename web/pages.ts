import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync } from 'node:zlib'
import { z } from 'zod'

/** Built browser code: where a source module or style of ours is served. */
export interface Pages {
  /** Folder of the built files. */
  folder: string
  /** Address of a built entry, e.g. `asset('web/portal/page/session-page.ts')`. @throws PagesError no such entry */
  asset(source: string): string
  /** Styles that an entry imports. */
  styles(source: string): string[]
  /** Everything an entry loads at once, itself first: what a page costs before anybody plays. */
  files(source: string): string[]
}

/** The pages could not be built, or a page asks for an entry that is not there. */
export class PagesError extends Error {
  override readonly name = 'PagesError'
}

/** Address under which built files are served; their names carry the hash of their content. */
export const pagesPath = '/pages/'

const repository = join(dirname(fileURLToPath(import.meta.url)), '..')
/** What the built pages are made from. */
const sourceFolders = ['web', 'storage/model', 'storage/custody', 'minutes/verify', 'minutes/signature']

const manifestSchema = z.record(
  z.string(),
  z.object({ file: z.string(), css: z.array(z.string()).optional(), imports: z.array(z.string()).optional() }),
)

/**
 * The built pages, built now when a source changed since. The folder's name is the hash of the sources, so a half-written or a
 * stale build is never served, and two processes that build at once end with the same folder.
 * @param options.say told when a build begins, since it takes seconds
 * @throws PagesError
 */
export async function ensurePages(options: { root?: string; say?: (line: string) => void } = {}): Promise<Pages> {
  const root = options.root ?? repository
  const built = join(root, 'build', 'pages')
  const hash = await hashSources(root)
  if (hash === undefined) return readPages(await onlyBuild(built))
  const folder = join(built, hash)
  if (!(await isThere(join(folder, 'manifest.json')))) {
    options.say?.('building the pages')
    await buildPages(root, folder)
  }
  return readPages(folder)
}

/** The built pages of these sources, when they are there: where a build would be in the way of something that matters more. */
export async function findPages(root = repository): Promise<Pages | undefined> {
  const hash = await hashSources(root)
  const built = join(root, 'build', 'pages')
  const folder = hash === undefined ? await onlyBuild(built) : join(built, hash)
  return (await isThere(join(folder, 'manifest.json'))) ? readPages(folder) : undefined
}

async function buildPages(root: string, folder: string): Promise<void> {
  const { build } = await import('vite')
  const making = `${folder}.making-${process.pid}`
  await mkdir(dirname(folder), { recursive: true })
  try {
    await build({ configFile: join(root, 'web', 'vite.config.ts'), root, logLevel: 'warn', build: { outDir: making, emptyOutDir: true } })
    await compress(making)
    await rename(making, folder)
    await forgetOldBuilds(dirname(folder), folder)
  } catch (cause) {
    await rm(making, { recursive: true, force: true })
    // Another process may have finished the same build meanwhile.
    if (await isThere(join(folder, 'manifest.json'))) return
    throw new PagesError(`the pages could not be built from ${root}`, { cause })
  }
}

const keptForMs = 3_600_000

/** Builds of sources that are no more; a server that runs on one has it in memory. */
async function forgetOldBuilds(built: string, current: string): Promise<void> {
  for (const name of await readdir(built)) {
    const path = join(built, name)
    const made = await stat(path).catch(() => undefined)
    if (path !== current && made && Date.now() - made.mtimeMs > keptForMs) await rm(path, { recursive: true, force: true })
  }
}

/** A `.br` beside each file, so that no request pays for the best compression. */
async function compress(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(?:m?js|css|svg)$/.test(entry.name)) continue
    const path = join(entry.parentPath, entry.name)
    await writeFile(`${path}.br`, brotliCompressSync(await readFile(path)))
  }
}

async function hashSources(root: string): Promise<string | undefined> {
  const hash = createHash('sha256')
  if (!(await isThere(join(root, 'web', 'vite.config.ts')))) return undefined
  for (const path of await sourcePaths(root)) {
    hash.update(`${relative(root, path).split(sep).join('/')}\0`)
    hash.update(await readFile(path))
  }
  hash.update(await readFile(join(root, 'package-lock.json')))
  return hash.digest('hex').slice(0, 16)
}

async function sourcePaths(root: string): Promise<string[]> {
  const paths: string[] = []
  for (const folder of sourceFolders) {
    if (!(await isThere(join(root, folder)))) continue
    for (const entry of await readdir(join(root, folder), { recursive: true, withFileTypes: true })) {
      if (entry.isFile() && /\.(?:tsx?|css|svg)$/.test(entry.name)) paths.push(join(entry.parentPath, entry.name))
    }
  }
  return paths.sort()
}

/** In an image there are no sources, only what was built for it. */
async function onlyBuild(built: string): Promise<string> {
  const folders = (await isThere(built)) ? (await readdir(built)).filter((name) => /^[0-9a-f]{16}$/.test(name)) : []
  const only = folders[0]
  if (only === undefined || folders.length > 1) {
    throw new PagesError(`expected one build of the pages in ${built}, found ${folders.length}: run npm run build`)
  }
  return join(built, only)
}

async function readPages(folder: string): Promise<Pages> {
  const manifest = manifestSchema.parse(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')))
  const entry = (source: string) => {
    const found = manifest[source]
    if (!found) throw new PagesError(`no built page for ${source} in ${folder}`)
    return found
  }
  const address = (file: string) => pagesPath + file
  const imported = (source: string): string[] => [source, ...(entry(source).imports ?? []).flatMap(imported)]
  return {
    folder,
    asset: (source) => address(entry(source).file),
    styles: (source) => [...new Set(imported(source).flatMap((one) => entry(one).css ?? []))].map(address),
    files: (source) => [...new Set(imported(source).flatMap((one) => [entry(one).file, ...(entry(one).css ?? [])]))].map(address),
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

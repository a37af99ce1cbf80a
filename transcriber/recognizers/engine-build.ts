import { access, constants, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { basename, dirname, extname, join } from 'node:path'
import { syncFile, syncFolder } from '../../storage/programs/durable-file.ts'
import { ProgramError, runProgram } from '../../storage/programs/run-program.ts'
import { buildFingerprint, type CompileUnit, compileUnits, type EngineSources, engineSources } from './engine-sources.ts'

/** whisper.cpp's server, built on this machine. */
export interface BuiltEngine {
  binary: string
  build: string
  /** Whether our change is in it (encode-once.ts). Without it the words are the same, and a full window costs up to twice the time. */
  encodesOnce: boolean
}

/** The engine could not be built; the prebuilt binding serves instead. */
export class EngineBuildError extends Error {
  override readonly name = 'EngineBuildError'
}

export interface BuildOptions {
  /** Builds are kept here, each under its fingerprint. */
  folder: string
  /** Compilers at once; one is left free by default, since people use the machine meanwhile. */
  parallel?: number
  /** As upstream has it, without our change: what benches hold ours against. */
  unchanged?: boolean
  signal?: AbortSignal
  onProgress?: (done: number, total: number) => void
}

interface Plan {
  sources: EngineSources
  units: CompileUnit[]
  folder: string
  built: BuiltEngine
}

/** The engine if it was built before from these sources, with these flags and this compiler. */
export async function cachedEngine(options: { folder: string }): Promise<BuiltEngine | undefined> {
  const plan = await planBuild(options.folder)
  return plan && (await exists(plan.built.binary)) ? plan.built : undefined
}

/** Why there can be no build on this machine, or undefined when there can. */
export async function whyNoBuild(): Promise<string | undefined> {
  if ((await engineSources()) === undefined) return 'the package nodejs-whisper (sources of whisper.cpp) is not installed'
  return (await compilerName()) === undefined ? 'there is no C++ compiler (c++) on the PATH' : undefined
}

/**
 * Builds the server with the system's compiler, file by file at the lowest priority. Compiled files are kept: a build that was cut off goes
 * on where it was. The binary appears under its name only when it is whole and has started once.
 * @throws EngineBuildError
 */
export async function buildEngine(options: BuildOptions): Promise<BuiltEngine> {
  const plan = await planBuild(options.folder, options.unchanged)
  if (plan === undefined) throw new EngineBuildError(`whisper.cpp cannot be built: ${await whyNoBuild()}`)
  if (await exists(plan.built.binary)) return plan.built
  const objects = join(plan.folder, 'objects')
  await mkdir(objects, { recursive: true })
  const waiting = [...plan.units]
  let done = 0
  const compileNext = async (): Promise<void> => {
    for (let unit = waiting.shift(); unit; unit = waiting.shift()) {
      await compile(unit, objectOf(objects, unit, plan.sources), options.signal)
      options.onProgress?.(++done, plan.units.length + 1)
    }
  }
  try {
    const parallel = options.parallel ?? Math.max(1, availableParallelism() - 1)
    await Promise.all(Array.from({ length: parallel }, compileNext))
    await link(plan, objects, options.signal)
  } catch (error) {
    waiting.length = 0
    options.signal?.throwIfAborted()
    if (error instanceof ProgramError) throw new EngineBuildError(`whisper.cpp could not be built: ${error.message}`, { cause: error })
    throw error
  }
  options.onProgress?.(plan.units.length + 1, plan.units.length + 1)
  await rm(objects, { recursive: true, force: true })
  return plan.built
}

async function planBuild(folder: string, unchanged = false): Promise<Plan | undefined> {
  const sources = await engineSources()
  const compiler = await compilerName()
  if (sources === undefined || compiler === undefined) return undefined
  const units = await compileUnits(sources, process.arch, !unchanged)
  const build = await buildFingerprint(sources, units, compiler)
  const home = join(folder, build)
  const encodesOnce = units.some((unit) => unit.changed !== undefined)
  return { sources, units, folder: home, built: { binary: join(home, 'whisper-server'), build, encodesOnce } }
}

async function compilerName(): Promise<string | undefined> {
  try {
    const { stdout } = await runProgram('c++', ['--version'], { timeoutMs: 10_000 })
    return new TextDecoder().decode(stdout).split('\n')[0]
  } catch (error) {
    if (error instanceof ProgramError) return undefined
    throw error
  }
}

function objectOf(objects: string, unit: CompileUnit, sources: EngineSources): string {
  return join(objects, `${unit.source.slice(sources.folder.length + 1).replaceAll(/[/\\]/g, '_')}.o`)
}

async function compile(unit: CompileUnit, object: string, signal?: AbortSignal): Promise<void> {
  if (await exists(object)) return
  const isC = unit.source.endsWith('.c')
  const language = isC ? ['cc', '-std=gnu11'] : ['c++', '-std=gnu++17']
  // Two processes may build at once: each its own file, the last rename wins with the same bytes.
  const temporary = `${object}.${process.pid}.part`
  const source = unit.changed === undefined ? unit.source : `${object}.${process.pid}${extname(unit.source)}`
  if (unit.changed !== undefined) await writeFile(source, unit.changed)
  const args = ['-n', '19', ...language, ...unit.flags, '-c', source, '-o', temporary]
  await runProgram('nice', args, { timeoutMs: 15 * 60_000, ...(signal ? { signal } : {}) })
  await rename(temporary, object)
}

async function link(plan: Plan, objects: string, signal?: AbortSignal): Promise<void> {
  const files = plan.units.map((unit) => objectOf(objects, unit, plan.sources))
  const { binary } = plan.built
  const temporary = join(plan.folder, `.${basename(binary)}.${process.pid}.part`)
  await runProgram('c++', ['-o', temporary, ...files, '-pthread', '-lm', '-ldl'], { timeoutMs: 300_000, ...(signal ? { signal } : {}) })
  // A binary with instructions that this machine lacks dies here and not in a session.
  await runProgram(temporary, ['--help'], { timeoutMs: 20_000 })
  await syncFile(temporary)
  await rename(temporary, binary)
  await syncFolder(dirname(binary))
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path, constants.R_OK)
    return true
  } catch {
    // Not there yet.
    return false
  }
}

import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root as here } from './root.mjs'

const places = ['escano.ts', 'commands', 'web', 'minutes', 'transcriber', 'recorder', 'storage', 'test']
const source = /\.tsx?$/

/** Every TypeScript file under the floors of a tree, relative to it, in order. */
export function sourceFiles(root) {
  return readdirSync(root)
    .filter((name) => places.includes(name))
    .flatMap((name) => (source.test(name) ? [name] : readdirSync(join(root, name), { recursive: true }).map((path) => join(name, path))))
    .filter((path) => source.test(path))
    .sort()
}

/**
 * Holds the imports of a tree against .dependency-cruiser.cjs.
 * @param root folder of the tree; its node_modules must lead to the real one
 * @returns one entry per breach, and the files that dependency-cruiser did not read: a check that reads nothing proves nothing
 */
export function checkLayers(root, node = process.execPath) {
  const files = sourceFiles(root)
  const program = join(here, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs')
  const args = [
    program,
    '--config',
    join(here, '.dependency-cruiser.cjs'),
    '--output-type',
    'json',
    ...places.filter((place) => files.some((file) => file.startsWith(place))),
  ]
  const answer = spawnSync(node, args, { cwd: root, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 })
  let result
  try {
    result = JSON.parse(answer.stdout)
  } catch (cause) {
    throw new Error(`dependency-cruiser gave no answer: ${answer.stderr.slice(-2000)}`, { cause })
  }
  const read = new Set(result.modules.map((module) => module.source))
  return {
    read: files.length,
    unread: files.filter((file) => !read.has(file)),
    breaches: result.summary.violations.map(({ rule, from, to, cycle, via }) => ({
      rule: rule.name,
      from,
      to,
      way: (cycle ?? via ?? []).map((step) => step.name ?? step),
    })),
  }
}

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.mjs'

function packagesIn(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : undefined
}

/** Whether a package of the lock file is meant for this machine; npm leaves the others out. */
function isForHere(one) {
  const allows = (field, value) => {
    const list = [field ?? []].flat()
    return list.every((name) => name.startsWith('!')) ? !list.includes(`!${value}`) : list.includes(value)
  }
  const libc = process.report?.getReport().header.glibcVersionRuntime === undefined ? 'musl' : 'glibc'
  return allows(one.os, process.platform) && allows(one.cpu, process.arch) && (process.platform !== 'linux' || allows(one.libc, libc))
}

/**
 * What npm's own list of node_modules lacks or has in another version, held against package-lock.json.
 * `left` are optional packages that are for this machine all the same: npm leaves them out when the Node that runs it is too old for them.
 * @returns undefined when nothing is installed, or by something that is not npm
 */
export function compareInstalled() {
  const wanted = packagesIn(join(root, 'package-lock.json')) ?? {}
  const found = packagesIn(join(root, 'node_modules', '.package-lock.json'))
  if (found === undefined) return undefined
  const other = []
  const left = []
  for (const [place, one] of Object.entries(wanted)) {
    if (place === '' || found[place]?.version === one.version) continue
    const optional = one.optional === true || one.devOptional === true
    if (found[place] !== undefined || !optional) other.push(place)
    else if (isForHere(one) && one.os !== undefined) left.push(place)
  }
  return { other, left }
}

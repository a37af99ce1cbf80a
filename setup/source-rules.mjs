import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sourceFiles } from './layers.mjs'

const longest = 300
/** Files that may read the environment: where parts are built (ARCHITECTURE.md). */
const readsEnvironment = /^(escano\.ts|commands\/|test\/|.+\/(main|config)\.ts$|web\/vite\.config\.ts$)/

/** Hand-written files of a tree: TypeScript of the floors, set-up, styles. */
function handWritten(root) {
  const setup = readdirSync(join(root, 'setup')).map((name) => `setup/${name}`)
  const styles = readdirSync(join(root, 'web'), { recursive: true }).map((path) => `web/${path}`)
  return [...sourceFiles(root), ...setup, ...styles.filter((path) => path.endsWith('.css')), '.dependency-cruiser.cjs']
}

/** Rules of the house that no other tool holds: no file over 300 lines, the environment read only where parts are built. */
export function checkSources(root) {
  const breaches = []
  for (const file of handWritten(root)) {
    const text = readFileSync(join(root, file), 'utf8')
    const lines = text.split('\n').length - 1
    if (lines > longest) breaches.push(`${file}: ${lines} lines, at most ${longest}`)
    if (!file.startsWith('setup/') && !readsEnvironment.test(file) && /process\.env\b/.test(text))
      breaches.push(`${file}: reads process.env; take it from config.ts`)
  }
  return breaches
}

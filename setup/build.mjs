import { cpSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { runChild, typescriptArguments } from './child.mjs'
import { findNode24, runTool } from './node24.mjs'
import { root } from './root.mjs'

const dist = join(root, 'dist')

/** What is read at run time beside the code: names of models, the carried models, the sample session, fonts. */
function assets() {
  const fonts = join('minutes', 'documents', 'fonts')
  return ['package.json', 'models.lock.json', 'test/fixtures/models', 'test/fixtures/sample-session', fonts]
}

/** Builds what our own code builds for browsers and for verifiers, in the clone; the image has only the outcome. */
const making = `
const from = (path) => import(new URL(path, ${JSON.stringify(pathToFileURL(join(root, 'package.json')).href)}).href)
const { ensurePages } = await from('web/pages.ts')
const { ensureVerifier } = await from('minutes/verify/verifier-file.ts')
await ensurePages({ say: console.error })
await ensureVerifier()
`

/**
 * `npm run build`: TypeScript to dist/, and into it all that the program reads at run time.
 * @returns exit code
 */
export async function build() {
  rmSync(dist, { recursive: true, force: true })
  const compiled = await runTool('typescript/bin/tsc', ['-p', 'tsconfig.build.json'])
  if (compiled !== 0) return compiled
  rmSync(join(root, 'build', 'pages'), { recursive: true, force: true })
  const env = { ...process.env, TSX_TSCONFIG_PATH: join(root, 'tsconfig.json') }
  const made = await runChild(findNode24(), [...typescriptArguments(), '--input-type=module', '--eval', making], { cwd: root, env })
  if (made !== 0) return made
  for (const path of assets()) cpSync(join(root, path), join(dist, path), { recursive: true })
  for (const name of readdirSync(join(root, 'build'))) {
    if (name === 'pages' || name === 'verify.mjs') cpSync(join(root, 'build', name), join(dist, 'build', name), { recursive: true })
  }
  return 0
}

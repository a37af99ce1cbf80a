import { cpSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { runChild, typescriptArguments } from './child.mjs'
import { findNode24, runTool } from './node24.mjs'
import { root } from './root.mjs'

/**
 * `npm run build`: TypeScript to dist/, pages to dist/build/pages, for the image.
 * @returns exit code
 */
export async function build() {
  const dist = join(root, 'dist')
  rmSync(dist, { recursive: true, force: true })
  const code = await runTool('typescript/bin/tsc', ['-p', 'tsconfig.build.json'])
  if (code !== 0) return code
  const pages = join(root, 'web', 'pages.ts')
  if (!existsSync(pages)) return 0
  rmSync(join(root, 'build', 'pages'), { recursive: true, force: true })
  const script = `const { ensurePages } = await import(${JSON.stringify(pathToFileURL(pages).href)}); await ensurePages({ say: console.error })`
  const built = await runChild(findNode24(), [...typescriptArguments(), '--input-type=module', '--eval', script], { cwd: root })
  if (built === 0) cpSync(join(root, 'build', 'pages'), join(dist, 'build', 'pages'), { recursive: true })
  return built
}

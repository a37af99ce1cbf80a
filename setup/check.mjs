import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { checkLayers } from './layers.mjs'
import { checkLicences, writeLicences } from './licences.mjs'
import { checkLockFile } from './lock-file.mjs'
import { root } from './root.mjs'
import { checkSources } from './source-rules.mjs'

/** Runs a tool of node_modules and keeps what it says. */
function tool(node, script, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(node, [join(root, 'node_modules', script), ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
    child.once('error', reject)
    child.once('close', (code) => resolve({ ok: code === 0, output }))
  })
}

function list(breaches, summary = '') {
  return { ok: breaches.length === 0, output: breaches.join('\n'), summary }
}

function layers(node) {
  const { read, unread, breaches } = checkLayers(root, node)
  const lines = breaches.map(({ rule, from, to, way }) => `${rule}: ${from} → ${to}${way.length > 0 ? ` (by ${way.join(' → ')})` : ''}`)
  return list(
    [...lines, ...unread.map((file) => `not read by dependency-cruiser: ${file}`), ...(read === 0 ? ['no module was read'] : [])],
    `${read} modules`,
  )
}

const parts = (node) => [
  [
    'format and lint',
    () =>
      tool(node, '@biomejs/biome/bin/biome', [
        'ci',
        '--colors=off',
        '--error-on-warnings',
        '--diagnostic-level=warn',
        '--max-diagnostics=50',
        '.',
      ]),
  ],
  ['types', () => tool(node, 'typescript/bin/tsc', ['--noEmit', '-p', '.'])],
  ['dead code', () => tool(node, 'knip/bin/knip.js', ['--no-progress', '--treat-config-hints-as-errors'])],
  ['layers', async () => layers(node)],
  ['house rules', async () => list(checkSources(root))],
  ['lock file', async () => list(checkLockFile(root))],
  ['licences', async () => list(checkLicences(root))],
]

/**
 * `npm run check`: format, lint, types, layers, dead code, house rules, lock file, licences, side by side.
 * `--write` formats what can be formatted and renews THIRD-PARTY.md first.
 * @returns exit code
 */
export async function check(node, args) {
  if (args.includes('--write')) {
    writeLicences(root)
    await tool(node, '@biomejs/biome/bin/biome', ['check', '--write', '.'])
  }
  const outcomes = await Promise.all(
    parts(node).map(async ([name, run]) => {
      const started = Date.now()
      const outcome = await run().catch((error) => ({ ok: false, output: String(error.stack ?? error) }))
      const seconds = ((Date.now() - started) / 1000).toFixed(1)
      console.log(`${outcome.ok ? 'ok    ' : 'FAILED'} ${name.padEnd(16)} ${seconds.padStart(6)} s ${outcome.summary ?? ''}`)
      return { name, ...outcome }
    }),
  )
  const failed = outcomes.filter((one) => !one.ok)
  for (const { name, output } of failed) console.log(`\n── ${name} ──\n${output.trim()}`)
  console.log(
    failed.length === 0
      ? '\nAll checks passed.'
      : `\n${failed.length} of ${outcomes.length} checks failed: ${failed.map((one) => one.name).join(', ')}`,
  )
  return failed.length === 0 ? 0 : 1
}

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureDebianParts } from './debian-parts.mjs'
import { ensureDependencies } from './dependencies.mjs'
import { runTool } from './node24.mjs'
import { main, root } from './root.mjs'

/** What test-report.mjs wrote, or undefined when vitest ended before it could. */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    // Missing or cut short: the run did not come to its end.
    return undefined
  }
}

function tell(report, missing) {
  if (report.faults.length > 0) {
    console.log('\nFaults done to the recorder, and what they cost:')
    console.table(Object.fromEntries(report.faults.map(({ fault, ...row }) => [fault, row])))
  }
  if (report.skipped.length > 0) {
    console.log('\nSkipped, with the reason:')
    for (const { file, title, reason } of report.skipped) console.log(`  ${file}: ${title}${reason === undefined ? '' : ` (${reason})`}`)
  }
  for (const part of missing) console.log(`  not installed: ${part.package} (${part.use})`)
  for (const file of report.brokenFiles) console.log(`  could not be run: ${file}`)
  console.log(`\n${report.passed} passed, ${report.failed + report.brokenFiles.length} failed, ${report.skipped.length} skipped`)
}

/** `npm test [-- vitest arguments]`: sets up what is missing, runs every test, counts. */
await main(async (args) => {
  await ensureDependencies()
  const missing = await ensureDebianParts()
  const folder = mkdtempSync(join(tmpdir(), 'escano-test-'))
  try {
    const file = join(folder, 'report.json')
    const reporters = ['--reporter=default', `--reporter=${join(root, 'setup', 'test-report.mjs')}`]
    const code = await runTool('vitest/vitest.mjs', ['run', ...reporters, ...args], { ...process.env, ESCANO_TEST_REPORT: file })
    const report = readReport(file)
    if (report === undefined) {
      console.log('\nThe test run did not come to its end.')
      return code || 1
    }
    tell(report, missing)
    const failed = report.failed + report.brokenFiles.length + report.errors
    return code || (failed > 0 || report.passed === 0 ? 1 : 0)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

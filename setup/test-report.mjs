import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'

/** Counts what vitest ran, gathers the rows of the fault table (test/recorder/faults/fault-table.ts), and writes all to ESCANO_TEST_REPORT as JSON, for the last lines of `npm test`. */
export default class TestReport {
  onTestRunEnd(modules, unhandledErrors) {
    const report = { passed: 0, failed: 0, skipped: [], brokenFiles: [], errors: unhandledErrors.length, faults: [] }
    for (const module of modules) {
      const file = relative(process.cwd(), module.moduleId)
      if (module.errors().length > 0) report.brokenFiles.push(file)
      for (const test of module.children.allTests()) {
        const result = test.result()
        report.faults.push(...(test.meta().faults ?? []))
        if (result.state === 'passed') report.passed += 1
        else if (result.state === 'failed') report.failed += 1
        else report.skipped.push({ file, title: test.fullName, reason: result.note })
      }
    }
    writeFileSync(process.env.ESCANO_TEST_REPORT, JSON.stringify(report))
  }
}

import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * Files that take most of a minute and more begin first, so that no core waits for one of them at the end. Those that only compute stand
 * between those that wait.
 */
const longest = [
  'test/transcriber/recognizers/prebuilt-binding.test.ts',
  'test/recorder/faults/network.test.ts',
  'test/minutes/verify/hostile-export.test.ts',
  'test/recorder/recording.test.ts',
  'test/recorder/faults/seen-and-heard.test.ts',
  'test/minutes/verify/verify-export.test.ts',
  'test/soak/short-soak.test.ts',
  'test/recorder/rehearsal.test.ts',
  'test/storage/model/law/properties.test.ts',
  'test/recorder/faults/full-disk.test.ts',
  'test/web/control/room-states.test.ts',
  'test/journeys/',
  'test/web/closed-part/closed-part.test.ts',
  'test/web/prepare/prepare-accessibility.test.ts',
  'test/transcriber/worker.test.ts',
  'test/web/control/staff-accessibility.test.ts',
  'test/transcriber/recognizers/built-server.test.ts',
  'test/web/portal/accessibility.test.ts',
]

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = longest.findIndex((path) => moduleId.replaceAll('\\', '/').includes(path))
      return place === -1 ? longest.length : place
    }
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other))
  }
}

/** What is measured in seconds of real processes: it waits more than it works, and is disturbed by what works without a pause. */
const realTime = ['test/recorder/**/*.test.ts', 'test/soak/*.test.ts']
/** Arithmetic, no second of which is measured: it takes what those leave idle, at a lower priority. */
const besideRealTime = [
  'test/minutes/verify/{hostile-export,rebuilt-parts,several-recorders,verify-export}.test.ts',
  'test/storage/model/law/properties.test.ts',
  'test/transcriber/recognizers/prebuilt-binding.test.ts',
]
/** One worker more than are busy: most of them wait. */
const workersOfRealTime = 4

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // How long a test waits for what must come, on a machine that has much else to do: no bound on anything, only the end of hope.
    expect: { poll: { timeout: 60_000 } },
    projects: [
      { extends: true, test: { name: 'real time', include: realTime, maxWorkers: workersOfRealTime, sequence: { groupOrder: 0 } } },
      {
        extends: true,
        test: {
          name: 'beside real time',
          include: besideRealTime,
          setupFiles: ['test/servers/lower-priority.ts'],
          maxWorkers: workersOfRealTime,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'the rest',
          // No test replaces a module: they need not be loaded anew for each file, which takes seconds.
          isolate: false,
          include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
          exclude: [...realTime, ...besideRealTime],
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})

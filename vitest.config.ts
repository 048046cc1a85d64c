import { defineConfig } from 'vitest/config'
import { nodeOptions } from './test/support/processes/programs.ts'
import { RunOrder } from './test/support/run/run-order.ts'
import { createTallyReporter } from './test/support/run/tally-reporter.ts'
import { createWrittenReporter } from './test/support/written/report.ts'

const written = createWrittenReporter()

export default defineConfig({
  test: {
    include: ['{apps,packages}/*/src/**/*.test.ts', 'test/**/*.test.ts', 'scripts/**/*.test.ts', 'bench/**/*.test.ts'],
    globalSetup: ['test/support/run/global-setup.ts'],
    reporters: ['default', written, createTallyReporter(written.found)],
    pool: 'forks',
    // Most tests wait for other processes most of the time, so there is room for more than the cores of a small machine.
    maxWorkers: 4,
    // No module keeps state, so files can follow each other in one worker: that saves loading everything for each of them.
    isolate: false,
    execArgv: nodeOptions,
    sequence: { sequencer: RunOrder },
    // Against what hangs, and nothing else: a machine that does much beside the tests can take ten times as long.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // A loaded machine takes its time; a condition that holds at once costs none. Most that is asked for is a request to an api,
    // which has something else to do meanwhile.
    expect: { poll: { timeout: 180_000, interval: 150 } },
  },
})

import { defineConfig } from 'vitest/config'
import { createTallyReporter } from './test/support/run/tally-reporter.ts'
import { createWrittenReporter } from './test/support/written/report.ts'

const written = createWrittenReporter()

const suite = process.env['FAULT_SUITE'] ?? 'long.faults.ts'

/** Runs of faults: `npm run test:faults`. */
export default defineConfig({
  test: {
    include: [`test/faults/random/${suite}`],
    globalSetup: ['test/support/run/global-setup.ts'],
    reporters: ['default', written, createTallyReporter(written.found)],
    pool: 'forks',
    // What goes wrong is told as it happens.
    disableConsoleIntercept: true,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 180_000 } },
  },
})

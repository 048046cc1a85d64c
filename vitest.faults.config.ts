import { defineConfig } from 'vitest/config'
import { createTallyReporter } from './test/support/tally-reporter.ts'
import { createWrittenReporter } from './test/support/written/report.ts'

const written = createWrittenReporter()

/** The long form of the fault suite: `npm run test:faults`. `npm test` has the short one. */
export default defineConfig({
  test: {
    include: ['test/faults/random/*.faults.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    reporters: ['verbose', written, createTallyReporter(written.found)],
    pool: 'forks',
    disableConsoleIntercept: true,
  },
})

import { defineConfig } from 'vitest/config'
import { createTallyReporter } from './test/support/run/tally-reporter.ts'

/** Tests that run on real servers of other systems: `npm run test:gitea`, `npm run test:n8n`. No part of `npm test`. */
export default defineConfig({
  test: {
    include: ['test/integrations/**/*.real.ts'],
    globalSetup: ['test/support/run/global-setup.ts'],
    reporters: ['verbose', createTallyReporter()],
    pool: 'forks',
    // Real servers check passwords slowly on purpose.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 180_000 } },
  },
})

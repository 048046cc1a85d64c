import { writeSync } from 'node:fs'
import type { Reporter, TestModule, TestRunEndReason } from 'vitest/node'

/**
 * Ends a test run's output with one line for programs: `N passed, N failed`, then `, N skipped` where some were.
 * @param otherFailures how many failures were found that are none of a test's
 */
export function createTallyReporter(otherFailures: () => number = () => 0): Reporter {
  return {
    onTestRunEnd(modules, unhandledErrors, reason) {
      const line = tally(modules, unhandledErrors.length + otherFailures(), reason)
      // At exit, so that it comes after whatever else is printed.
      process.once('exit', () => writeSync(1, `${line}\n`))
    },
  }
}

/** A module that could not be loaded, an error outside of tests and an interruption each count as one failure. */
function tally(modules: readonly TestModule[], unhandledErrors: number, reason: TestRunEndReason): string {
  const counts = { passed: 0, failed: unhandledErrors + (reason === 'interrupted' ? 1 : 0), skipped: 0 }
  for (const module of modules) {
    for (const test of module.children.allTests()) {
      const { state } = test.result()
      if (state === 'pending') counts.failed += 1
      else counts[state] += 1
    }
    counts.failed += module.errors().length
    for (const suite of module.children.allSuites()) counts.failed += suite.errors().length
  }
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''
  return `${counts.passed} passed, ${counts.failed} failed${skipped}`
}

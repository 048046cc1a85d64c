import { vi } from 'vitest'

/**
 * Tries again until it throws no more, and gives what it gave then; `expect.poll` does that for a single value. It waits
 * as long as a very busy machine may need: a condition that holds at once costs no time.
 */
export function untilHolds<T>(attempt: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(attempt, { timeout: 180_000, interval: 150 })
}

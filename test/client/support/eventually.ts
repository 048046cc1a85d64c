import { expect } from 'vitest'

/** Reads again and again until it is as expected: `await eventually(read).toBe(1)`. */
export function eventually<T>(read: () => T) {
  return expect.poll(read, { interval: 50 })
}

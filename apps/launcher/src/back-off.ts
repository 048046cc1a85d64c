const firstMs = 500
const longestMs = 10_000

/** A process that ran for this long was healthy: its next failure is a first one. */
export const healthyMs = 30_000

/** Gives how long to wait before a process that has failed `failures` times in a row is started again: 0.5 s, doubling, 10 s at the most. */
export function backOffMs(failures: number): number {
  return Math.min(firstMs * 2 ** Math.max(0, failures - 1), longestMs)
}

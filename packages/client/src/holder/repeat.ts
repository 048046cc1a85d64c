import { MomentryClientError } from '../errors.ts'

/** How the last turns went: well, or how many failed in a row, and whether trying again soon can help. */
export type Course = { failures: 0 } | { failures: number; isLasting: boolean }

/** Calls something again and again. Its timer keeps no process alive. */
export interface Repeat {
  /** Waits for the next turn from now on. */
  next(course: Course): void
  stop(): void
}

const firstRetryMs = 1000

/** @param everyMs between two turns, give or take a fifth, so that many holders do not come at once */
export function createRepeat(everyMs: number, turn: () => void): Repeat {
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  return {
    next(course) {
      clearTimeout(timer)
      if (stopped) return
      timer = setTimeout(turn, nextDelayMs(everyMs, course))
      timer.unref()
    },
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}

/**
 * After a failure the next turn comes sooner, since a grace may be short, and then later and later again. After a refusal
 * it comes later than usual: Momentry locks out an address that sends unknown secrets, five in a quarter of an hour.
 */
export function nextDelayMs(everyMs: number, course: Course, chance: () => number = Math.random): number {
  return plainDelayMs(everyMs, course) * (0.8 + chance() * 0.4)
}

function plainDelayMs(everyMs: number, course: Course): number {
  if (!('isLasting' in course)) return everyMs
  const { failures, isLasting } = course
  return isLasting
    ? everyMs * 2 ** Math.min(failures, 4)
    : Math.min(firstRetryMs * 2 ** Math.min(failures - 1, 20), everyMs)
}

/** Tells whether a secret was refused. One that merely cannot claim is good, and an operator may store its successor soon. */
export function isLasting(error: unknown): boolean {
  return error instanceof MomentryClientError && error.kind === 'refused' && error.code !== 'NOT_CLAIMABLE'
}

import { useSyncExternalStore } from 'react'

/** One clock for all the times on a page, which ticks only while somebody looks. */
const tickMs = 10_000
let now = Date.now()
let timer: ReturnType<typeof setInterval> | undefined
const listeners = new Set<() => void>()

function listen(tell: () => void): () => void {
  listeners.add(tell)
  timer ??= setInterval(() => {
    now = Date.now()
    for (const each of listeners) each()
  }, tickMs)
  return () => {
    listeners.delete(tell)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

const still = () => () => {}

/** The time, read again every 10 s. @param moving false: the caller does not need that */
export function useNow(moving = true): number {
  return useSyncExternalStore(moving ? listen : still, () => {
    // Nothing ticked while nobody listened.
    if (timer === undefined && Date.now() - now > tickMs) now = Date.now()
    return now
  })
}

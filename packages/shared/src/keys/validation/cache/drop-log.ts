import { createGrowingCache } from '../../../platform/growing-cache.ts'

/** Drops that are remembered by key. Beyond that, every fill that is older than the oldest is taken as dropped. */
const capacity = 10_000

/** Remembers which keys were dropped lately, in order, so that a query can tell whether it began before a drop. */
export interface DropLog {
  /** The present position: pass it to `droppedSince` later. */
  position(): number
  add(keyId: string): void
  /** Drops every key. */
  addAll(): void
  /** Tells whether the key was, or may have been, dropped after that position. */
  droppedSince(keyId: string, position: number): boolean
}

export function createDropLog(): DropLog {
  let last = 0
  let allUpTo = 0
  const recent = createGrowingCache<string, number>(capacity, {
    dispose: (at, _, reason) => {
      if (reason === 'evict') allUpTo = Math.max(allUpTo, at)
    },
  })
  return {
    position: () => last,
    add(keyId) {
      recent.set(keyId, ++last)
    },
    addAll() {
      allUpTo = ++last
      recent.clear()
    },
    droppedSince: (keyId, position) => allUpTo > position || (recent.peek(keyId) ?? 0) > position,
  }
}

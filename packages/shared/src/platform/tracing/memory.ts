import { LRUCache } from 'lru-cache'

/** Remembers for a minute, of the latest few, by which trace something was touched last. */
export interface TraceMemory {
  touch(id: string, traceparent: string): void
  /** Gives the traceparent; undefined where it is none, or too long ago. */
  of(id: string): string | undefined
}

const remembered = 1_000
const lifeMs = 60_000

export function createTraceMemory(): TraceMemory {
  const touched = new LRUCache<string, string>({ max: remembered, ttl: lifeMs })
  return { touch: (id, traceparent) => void touched.set(id, traceparent), of: (id) => touched.get(id) }
}

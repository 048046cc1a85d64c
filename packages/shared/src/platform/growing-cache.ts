import { LRUCache } from 'lru-cache'

/**
 * Makes a cache of at most `capacity` entries that drops what was used least lately, and grows as it is filled. Told a
 * `max`, the library makes room for all entries at once: with 50,000 and more of them that is memory that few processes
 * ever fill, and time at the start of each.
 */
export function createGrowingCache<Key extends {}, Value extends {}>(
  capacity: number,
  options: LRUCache.OptionsBase<Key, Value, unknown> = {},
): LRUCache<Key, Value> {
  return new LRUCache<Key, Value>({ ...options, maxSize: capacity, sizeCalculation: () => 1 })
}

import { crc32 } from 'node:zlib'

/**
 * Gives the partition of a key: all of a key's events, its window and its anomalies lie in one, so that one script can
 * touch all of it and its events stay in order.
 * @param count partitions in all; the same in every process
 */
export function partitionOf(keyId: string, count: number): number {
  return crc32(keyId) % count
}

import type { RedisClient } from '../platform/redis/client.ts'
import type { Names } from '../platform/redis/names.ts'
import { loadScript } from '../platform/redis/script.ts'

const noteSecret = loadScript(new URL('./note-secret.lua', import.meta.url))

/** Of a digest, so much tells secrets apart; the rest is nobody's business. */
const keptBytes = 8

export interface StuffingOptions {
  redis: RedisClient
  names: Names
  windowSeconds: number
  /** Different secrets. */
  threshold: number
}

/**
 * Gives what counts the different secrets that fail from an address within a window: one that is tried again and again is
 * a program that was not told, many are a list that somebody tries.
 * @returns whether this one reached the threshold; so much is told once a window, over all processes
 */
export function createStuffingCounter(options: StuffingOptions): (subject: string, digest: Buffer) => Promise<boolean> {
  const { redis, names, windowSeconds, threshold } = options
  return async (subject, digest) => {
    const args = [digest.subarray(0, keptBytes), windowSeconds, threshold]
    return (await noteSecret(redis, [names.stuffing(subject)], args)) === 1
  }
}

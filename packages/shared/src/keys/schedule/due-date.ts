import { crc32 } from 'node:zlib'
import type { KeyPolicy } from '../fields/policy.ts'
import type { KeyType } from '../kinds.ts'

/** How often secrets are replaced where a key's policy does not say, by type, in seconds (`ROTATION_INTERVALS`). */
export type RotationIntervals = Readonly<Partial<Record<KeyType, number>>>

/** Dates are spread over a tenth of the interval, and over a day at the most. */
const spread = 0.1
const maxSpreadSeconds = 86_400

/**
 * Gives how often a key's secret is replaced, in seconds: by its policy, else by its type; undefined where neither says,
 * or where its policy says never.
 */
export function rotationInterval(
  key: { type: KeyType; policy: KeyPolicy },
  defaults: RotationIntervals,
): number | undefined {
  const own = key.policy.rotation?.intervalSeconds
  return own === undefined ? defaults[key.type] : (own ?? undefined)
}

/**
 * Gives when a secret is due to be replaced: somewhat before it is as old as the interval, by an amount that differs from
 * key to key, so that a thousand keys that were made together do not rotate in one second.
 * @param since when the present secret was made, ms
 * @returns ms; it may lie in the past
 */
export function dueAt(keyId: string, intervalSeconds: number, since: number): number {
  const early = Math.min(intervalSeconds * spread, maxSpreadSeconds) * share(`${keyId}:${since}`)
  return since + Math.floor((intervalSeconds - early) * 1000)
}

/** A number from 0 to 1 that is the same for the same text. */
function share(text: string): number {
  return crc32(text) / 2 ** 32
}

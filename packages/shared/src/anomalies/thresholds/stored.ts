import { anomalyPolicySchema } from '../../keys/fields/policy.ts'
import type { PartialThresholds } from './merge.ts'

/** Reads the value of the setting. What cannot be read (a newer version wrote it) counts as not set. */
export function parseStoredThresholds(value: unknown): PartialThresholds {
  return anomalyPolicySchema.safeParse(value ?? {}).data ?? {}
}

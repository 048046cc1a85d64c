import type { AnomalyThresholds } from '../../config.ts'
import type { KeyPolicy } from '../../keys/fields/policy.ts'

/** Some thresholds, over others. */
export type PartialThresholds = NonNullable<KeyPolicy['anomaly']>

/** Gives thresholds with some of them replaced. Order of force: environment, then settings, then the key's policy. */
export function overrideThresholds(under: AnomalyThresholds, over: PartialThresholds | undefined): AnomalyThresholds {
  const set = Object.entries(over ?? {}).filter(([, value]) => value !== undefined)
  return { ...under, ...Object.fromEntries(set) }
}

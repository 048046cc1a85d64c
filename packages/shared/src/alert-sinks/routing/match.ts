import { isGraver, type Severity } from '../../anomalies/finding.ts'
import type { SinkRouting } from '../schemas.ts'

/** Of an alert what decides whom it reaches. */
export interface Routed {
  type: string
  severity: Severity
  rule: string | null
  owner: string | null
}

/** Tells whether an alert is for a sink: grave enough, and of each list that is not empty. */
export function matches(routing: SinkRouting, { type, severity, rule, owner }: Routed): boolean {
  return (
    !isGraver(routing.minSeverity, severity) &&
    isAmong(routing.types, type) &&
    isAmong(routing.rules, rule) &&
    isAmong(routing.owners, owner)
  )
}

function isAmong(wanted: readonly string[], value: string | null): boolean {
  return wanted.length === 0 || (value !== null && wanted.includes(value))
}

import type { Severity } from '../anomalies/finding.ts'
import type { Alert } from './alert.ts'
import type { alertLog } from './table.ts'

/** An alert as the log has it. */
export interface LoggedAlert {
  /** 1, 2, 3, …: the order in which alerts were told; no reader ever sees a later one first. */
  seq: number
  alert: Alert
  severity: Severity
  /** Of an alert about one of Momentry's keys. */
  keyId: string | null
  /** Of an alert about an anomaly. */
  rule: string | null
  /** Of the key, or of the credential elsewhere, when it was told. */
  owner: string | null
  toldAt: Date
}

export function loggedAlert(row: typeof alertLog.$inferSelect): LoggedAlert {
  const { seq, alert, severity, keyId, rule, owner, toldAt } = row
  return { seq, alert, severity, keyId, rule, owner, toldAt }
}

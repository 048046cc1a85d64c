import type { Alert } from '@momentry/shared/anomalies/alert.ts'
import type { Finding } from '@momentry/shared/anomalies/finding.ts'
import { parseFinding } from '@momentry/shared/anomalies/finding-schema.ts'
import type { Logger } from '@momentry/shared/platform/process/log.ts'
import type { StreamEntry } from '@momentry/shared/streams/group.ts'
import type { AlerterMetrics } from './metrics.ts'

export interface DeliverDeps {
  /** Writes the anomaly's row and gives the alert that tells of it, if one does. */
  record(finding: Finding): Promise<Alert | undefined>
  /** Everyone who is told; each is told before the entry is acknowledged. */
  sinks: readonly ((alert: Alert) => Promise<void>)[]
  acknowledge(id: string): Promise<void>
  /** Puts an entry aside that cannot be read; tells whether it did, or left it for another delivery. */
  giveUpOn(id: string, why: string): Promise<boolean>
  metrics: AlerterMetrics
  log: Logger
}

/**
 * Delivers one finding: the row first, then the alert, then the acknowledgement, so that a death in between repeats the
 * message and never loses it.
 */
export async function deliver(deps: DeliverDeps, entry: StreamEntry): Promise<void> {
  const finding = read(entry)
  if ('why' in finding) {
    if (await deps.giveUpOn(entry.id, finding.why)) deps.metrics.buried()
    return
  }
  const alert = await deps.record(finding)
  if (alert) {
    for (const tell of deps.sinks) await tell(alert)
    const { id, keyId, rule, severity } = alert.data
    deps.log.info({ anomaly: id, keyId, rule, severity, type: alert.type }, 'alert')
  }
  await deps.acknowledge(entry.id)
  deps.metrics.delivered(finding, alert)
}

function read(entry: StreamEntry): Finding | { why: string } {
  try {
    return parseFinding(entry.fields['finding'] ?? '')
  } catch (error) {
    return { why: error instanceof Error ? error.message : 'not an error' }
  }
}

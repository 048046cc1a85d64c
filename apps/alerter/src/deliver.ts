import { type Alert, type AnomalyAlert, alertSchema, subjectOf } from '@momentry/shared/alerts/alert.ts'
import type { Finding } from '@momentry/shared/anomalies/finding.ts'
import { parseFinding } from '@momentry/shared/anomalies/finding-schema.ts'
import { isPostgresUnavailable } from '@momentry/shared/platform/postgres/client.ts'
import type { Logger } from '@momentry/shared/platform/process/log.ts'
import { isRedisUnavailable } from '@momentry/shared/platform/redis/client.ts'
import type { StreamEntry } from '@momentry/shared/streams/group.ts'
import type { AlerterMetrics } from './metrics.ts'

export interface DeliverDeps {
  /** Writes the anomaly's row and gives the alert that tells of it, if one does. */
  record(finding: Finding): Promise<AnomalyAlert | undefined>
  /** Does what follows from the end of an anomaly; once or more, and maybe before its beginning is told. */
  ended(finding: Finding): Promise<void>
  /** Writes an alert to the log, with the messages that it makes for sinks; gives it as it was first written. */
  keep(alert: Alert): Promise<Alert>
  /** Tells everyone who listens just now. */
  publish(alert: Alert): Promise<void>
  /** Does what the key's policy says to an anomaly; gives the alert that tells of it, if anything was done. */
  act(anomaly: AnomalyAlert): Promise<Alert | undefined>
  acknowledge(id: string): Promise<void>
  /** Puts an entry aside that cannot be read; tells whether it did, or left it for another delivery. */
  giveUpOn(id: string, why: string): Promise<boolean>
  metrics: AlerterMetrics
  log: Logger
}

/**
 * Delivers one entry: of a finding the row first, then the alert, then what the key's policy does, then the
 * acknowledgement, so that a death in between repeats the message on the channel and never loses it. In the log, and for
 * sinks, it is there once. An alert that a worker made goes out as it is.
 */
export async function deliver(deps: DeliverDeps, entry: StreamEntry): Promise<void> {
  const read = readEntry(entry)
  if ('why' in read) {
    if (await deps.giveUpOn(entry.id, read.why)) deps.metrics.buried()
    return
  }
  if ('finding' in read) await deliverFinding(deps, read.finding)
  else await tell(deps, read.alert)
  await deps.acknowledge(entry.id)
}

async function deliverFinding(deps: DeliverDeps, finding: Finding): Promise<void> {
  const alert = await deps.record(finding)
  deps.metrics.recorded(finding)
  if (finding.kind === 'ended') await deps.ended(finding)
  if (!alert) return
  await tell(deps, alert)
  const action = await act(deps, alert)
  if (action) await tell(deps, action)
}

/** A store that is away is waited for; any other failure is for people: to try again would tell the same alert for ever. */
async function act({ act, log }: DeliverDeps, alert: AnomalyAlert): Promise<Alert | undefined> {
  try {
    return await act(alert)
  } catch (error) {
    if (isPostgresUnavailable(error) || isRedisUnavailable(error)) throw error
    log.error({ err: error, anomaly: alert.data.id, keyId: alert.data.keyId }, 'the policy of a key could not act')
    return undefined
  }
}

async function tell({ keep, publish, metrics, log }: DeliverDeps, made: Alert): Promise<void> {
  const alert = await keep(made)
  await publish(alert)
  const { id, severity } = alert.data
  const rule = 'rule' in alert.data ? alert.data.rule : undefined
  log.info({ id, subject: subjectOf(alert), rule, severity, type: alert.type }, 'alert')
  metrics.told(alert)
}

function readEntry({ fields }: StreamEntry): { finding: Finding } | { alert: Alert } | { why: string } {
  const { alert, finding } = fields
  try {
    return alert === undefined
      ? { finding: parseFinding(finding ?? '') }
      : { alert: alertSchema.parse(JSON.parse(alert)) }
  } catch (error) {
    return { why: error instanceof Error ? error.message : 'not an error' }
  }
}

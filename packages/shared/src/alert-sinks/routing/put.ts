import type { Severity } from '../../anomalies/finding.ts'
import type { Queryable } from '../../platform/postgres/client.ts'
import { sql } from '../../platform/postgres/query.ts'
import { alertDeliveries } from '../table.ts'

/** Alerts that one message names, at the most; of more, the first and the latest. */
export const maxAlerts = 100

/** One alert on its way into a message of a sink. */
export interface NewMessage {
  /** Of the message, where it is a new one. */
  id: string
  sinkId: string
  groupKey: string
  seq: number
  severity: Severity
  at: Date
  createdAt: Date
}

/**
 * Makes messages, or lets alerts join those of the same sink and key that wait for their first attempt: these go when the
 * earlier of both would, and are as grave as the graver.
 */
export async function putMessages(tx: Queryable, messages: readonly NewMessage[]): Promise<void> {
  const { sinkId, groupKey, alertSeqs, omitted, severity, state, attempts, nextAttemptAt } = alertDeliveries
  const isFull = sql`cardinality(${alertSeqs}) >= ${maxAlerts}`
  const grave = (one: unknown) => sql`array_position(array['low', 'medium', 'high', 'critical'], ${one})`
  await tx
    .insert(alertDeliveries)
    .values(messages.map(({ seq, at, ...message }) => ({ ...message, alertSeqs: [seq], nextAttemptAt: at })))
    .onConflictDoUpdate({
      target: [sinkId, groupKey],
      targetWhere: sql`${state} = 'waiting' and ${attempts} = 0`,
      set: {
        alertSeqs: sql`case when ${isFull} then ${alertSeqs}[1:${maxAlerts - 1}] else ${alertSeqs} end || excluded.alert_seqs`,
        omitted: sql`${omitted} + case when ${isFull} then 1 else 0 end`,
        severity: sql`case when ${grave(sql`excluded.severity`)} > ${grave(severity)} then excluded.severity else ${severity} end`,
        nextAttemptAt: sql`least(${nextAttemptAt}, excluded.next_attempt_at)`,
      },
    })
}

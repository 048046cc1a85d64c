import { z } from 'zod'
import { severities } from '../../anomalies/finding.ts'
import { deliveryStates } from '../schemas.ts'
import type { alertDeliveries } from '../table.ts'

const time = z.iso.datetime()

/** A message to a sink as the API shows it. */
export const deliverySchema = z
  .object({
    id: z.uuid().meta({ description: "Goes along as the message's id" }),
    sinkId: z.uuid(),
    state: z.enum(deliveryStates),
    test: z.boolean(),
    alerts: z.int().meta({ description: 'How many alerts it stands for' }),
    severity: z.enum(severities).nullable().meta({ description: 'The gravest of them' }),
    attempts: z.int(),
    nextAttemptAt: time.nullable(),
    lastStatus: z.int().nullable().meta({ description: 'The status that the receiver last answered with' }),
    lastError: z.string().nullable(),
    createdAt: time,
    finishedAt: time.nullable(),
    summary: z.string().meta({ description: 'What it tells of, in one line' }),
  })
  .meta({ id: 'AlertDelivery' })
export type DeliveryView = z.infer<typeof deliverySchema>

export type DeliveryRow = typeof alertDeliveries.$inferSelect

/** @param told what the latest of its alerts says, where the log still has it */
export function viewDelivery(row: DeliveryRow, told: string | undefined): DeliveryView {
  const alerts = row.alertSeqs.length + row.omitted
  return {
    id: row.id,
    sinkId: row.sinkId,
    state: row.state,
    test: row.test,
    alerts,
    severity: row.severity,
    attempts: row.attempts,
    nextAttemptAt: row.state === 'waiting' ? row.nextAttemptAt.toISOString() : null,
    lastStatus: row.lastStatus,
    lastError: row.lastError,
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
    summary: summarize(row, alerts, told),
  }
}

function summarize({ test, resolves }: DeliveryRow, alerts: number, told: string | undefined): string {
  if (test) return 'a test'
  if (resolves !== null) return `the anomaly ${resolves} is over`
  const latest = told ?? 'the log has them no more'
  return alerts > 1 ? `${alerts} alerts; the latest: ${latest}` : latest
}

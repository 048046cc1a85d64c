import { z } from 'zod'
import { quietHoursSchema, sinkKinds, sinkRoutingSchema, sinkStates } from './schemas.ts'
import type { alertSinks } from './table.ts'

const time = z.iso.datetime()

/** What of a target may be seen. */
export const shownTargetSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('webhook'), url: z.string() }),
  z.object({ kind: z.literal('slack'), host: z.string() }),
  z.object({ kind: z.literal('email'), to: z.array(z.string()) }),
  z.object({ kind: z.literal('pagerduty'), url: z.string().optional() }),
])
export type ShownTarget = z.infer<typeof shownTargetSchema>

/** A sink as the API shows it. Never what is secret of it. */
export const sinkSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    kind: z.enum(sinkKinds),
    target: shownTargetSchema,
    routing: sinkRoutingSchema,
    groupSeconds: z.int(),
    quietHours: quietHoursSchema.nullable(),
    state: z.enum(sinkStates),
    stateReason: z.string().nullable().meta({ description: 'Why it is disabled' }),
    previousSecretUntil: time.nullable().meta({ description: 'Of a webhook: until then the secret before signs too' }),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'AlertSink' })
export type SinkView = z.infer<typeof sinkSchema>

/** A sink with its webhook's secret, which is shown this once. */
export const createdSinkSchema = sinkSchema
  .extend({
    secret: z
      .string()
      .optional()
      .meta({ description: 'Of a webhook: what its messages are signed with (Standard Webhooks). Shown this once.' }),
  })
  .meta({ id: 'CreatedAlertSink' })
export type CreatedSinkView = z.infer<typeof createdSinkSchema>

export type SinkRow = typeof alertSinks.$inferSelect

/** @param now ms */
export function viewSink(row: SinkRow, now: number): SinkView {
  const until = row.previousSecret ? row.previousUntil : null
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    target: shownTargetSchema.parse(row.target),
    routing: row.routing,
    groupSeconds: row.groupSeconds,
    quietHours: row.quietHours,
    state: row.state,
    stateReason: row.stateReason,
    previousSecretUntil: until && until.getTime() > now ? until.toISOString() : null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  }
}

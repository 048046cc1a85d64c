import { z } from 'zod'
import { severities } from '../anomalies/finding.ts'

export const sinkKinds = ['webhook', 'slack', 'email', 'pagerduty'] as const
export type SinkKind = (typeof sinkKinds)[number]

export const sinkStates = ['active', 'paused', 'disabled'] as const
export type SinkState = (typeof sinkStates)[number]

export const deliveryStates = ['waiting', 'delivered', 'failed'] as const
export type DeliveryState = (typeof deliveryStates)[number]

const name = z.string().trim().min(1).max(100)
const url = z.url({ protocol: /^https?$/ }).max(2000)
const listOf = <Item extends z.ZodType>(item: Item) => z.array(item).max(100)

/** Where a sink sends. What is secret of it is given apart, sealed, and never shown again. */
export const sinkTargetSchema = z.discriminatedUnion('kind', [
  /** Standard Webhooks; the secret is made by Momentry and shown once. */
  z.strictObject({ kind: z.literal('webhook'), url }),
  /** An incoming webhook of Slack, or of what understands the same; its URL is the secret. */
  z.strictObject({ kind: z.literal('slack'), url }),
  z.strictObject({ kind: z.literal('email'), to: z.array(z.email().max(254)).min(1).max(20) }),
  /** Events v2; the routing key is the secret. */
  z.strictObject({ kind: z.literal('pagerduty'), routingKey: z.string().min(1).max(200), url: url.optional() }),
])
export type SinkTarget = z.infer<typeof sinkTargetSchema>

/** Which alerts reach a sink; what is absent or empty matches all. */
export const sinkRoutingSchema = z.strictObject({
  minSeverity: z.enum(severities).default('low'),
  types: listOf(z.string().min(1).max(100)).default([]),
  rules: listOf(z.string().min(1).max(100)).default([]),
  owners: listOf(z.string().min(1).max(200)).default([]),
})
export type SinkRouting = z.infer<typeof sinkRoutingSchema>

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be HH:MM')

/** When people are to be left alone: what comes then waits for the end, together, unless it is critical. */
export const quietHoursSchema = z.strictObject({
  from: clock,
  to: clock,
  timeZone: z.string().max(100).refine(isTimeZone, 'must be an IANA time zone'),
})
export type QuietHours = z.infer<typeof quietHoursSchema>

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined
  } catch {
    return false
  }
}

export const sinkBody = z.strictObject({
  name,
  target: sinkTargetSchema,
  routing: sinkRoutingSchema.prefault({}),
  /** Alerts about the same subject within so many seconds become one message; 0: each on its own. */
  groupSeconds: z.int().min(0).max(3600).default(60),
  quietHours: quietHoursSchema.nullable().default(null),
})
export type NewSink = z.infer<typeof sinkBody>

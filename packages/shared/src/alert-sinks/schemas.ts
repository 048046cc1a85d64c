import { z } from 'zod'
import { severities } from '../anomalies/finding.ts'
import { line } from '../keys/fields/line.ts'
import { idSchema } from '../platform/id.ts'

export const sinkKinds = ['webhook', 'slack', 'email', 'pagerduty'] as const
export type SinkKind = (typeof sinkKinds)[number]

export const sinkStates = ['active', 'paused', 'disabled'] as const
export type SinkState = (typeof sinkStates)[number]

export const deliveryStates = ['waiting', 'delivered', 'failed'] as const
export type DeliveryState = (typeof deliveryStates)[number]

const name = line(100).meta({ description: 'What people call it; no two sinks have the same', example: 'on call' })
const url = z
  .url({ protocol: /^https?$/ })
  .max(2000)
  .refine((text) => !hasLogin(text), 'must not hold a name or a password')
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
export const quietHoursSchema = z
  .strictObject({
    from: clock,
    to: clock,
    timeZone: z.string().max(100).refine(isTimeZone, 'must be an IANA time zone'),
  })
  .refine(({ from, to }) => from !== to, 'must end at another time than it begins')
export type QuietHours = z.infer<typeof quietHoursSchema>

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined
  } catch {
    return false
  }
}

const groupSeconds = z.int().min(0).max(3600).meta({
  description:
    'Alerts about the same subject within so many seconds become one message; 0: each on its own. What is critical waits for nobody.',
})

export const createSinkSchema = z
  .strictObject({
    name,
    target: sinkTargetSchema,
    routing: sinkRoutingSchema.prefault({}),
    groupSeconds: groupSeconds.default(60),
    quietHours: quietHoursSchema.nullable().default(null),
  })
  .meta({ id: 'CreateAlertSink' })
export type CreateSinkInput = z.output<typeof createSinkSchema>

export const updateSinkSchema = z
  .strictObject({
    name: name.optional(),
    target: sinkTargetSchema.optional().meta({ description: 'Of the same kind; a webhook keeps its secret' }),
    routing: sinkRoutingSchema.optional().meta({ description: 'Replaced as a whole' }),
    groupSeconds: groupSeconds.optional(),
    quietHours: quietHoursSchema.nullable().optional(),
    state: z.enum(['active', 'paused']).optional().meta({
      description:
        'While it is paused, nothing is sent, and what comes is not sent later. `active` ends also a disabling.',
    }),
  })
  .refine((change) => Object.values(change).some((value) => value !== undefined), 'must change something')
  .meta({ id: 'UpdateAlertSink' })
export type UpdateSinkInput = z.output<typeof updateSinkSchema>

export const rotateSinkSecretSchema = z
  .strictObject({
    overlapSeconds: z
      .int()
      .min(0)
      .max(604_800)
      .default(86_400)
      .meta({ description: 'For so long the secret before signs too' }),
  })
  .meta({ id: 'RotateAlertSinkSecret' })
export type RotateSinkSecretInput = z.output<typeof rotateSinkSecretSchema>

const page = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: idSchema.optional().meta({ description: '`pagination.cursor` of the page before' }),
}

/** Filters of a list, from a query string. */
export const listSinksSchema = z.strictObject({
  kind: z.enum(sinkKinds).optional(),
  state: z.enum(sinkStates).optional(),
  ...page,
})
export type ListSinksInput = z.output<typeof listSinksSchema>

export const listDeliveriesSchema = z.strictObject({ state: z.enum(deliveryStates).optional(), ...page })
export type ListDeliveriesInput = z.output<typeof listDeliveriesSchema>

function hasLogin(text: string): boolean {
  const { username, password } = new URL(text)
  return username !== '' || password !== ''
}

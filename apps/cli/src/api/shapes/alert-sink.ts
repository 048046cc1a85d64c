import { z } from 'zod'

/** What the CLI reads of alert sinks; loose, as `shapes.ts` says. */
const time = z.string().max(40)

const routingSchema = z.looseObject({
  minSeverity: z.string(),
  types: z.array(z.string()),
  rules: z.array(z.string()),
  owners: z.array(z.string()),
})
export type SinkRouting = z.infer<typeof routingSchema>

const quietHoursSchema = z.looseObject({ from: z.string(), to: z.string(), timeZone: z.string() })
export type QuietHours = z.infer<typeof quietHoursSchema>

export const sinkSchema = z.looseObject({
  id: z.uuid(),
  name: z.string(),
  kind: z.string(),
  target: z.looseObject({
    url: z.string().optional(),
    host: z.string().optional(),
    to: z.array(z.string()).optional(),
  }),
  routing: routingSchema,
  groupSeconds: z.number(),
  quietHours: quietHoursSchema.nullable(),
  state: z.string(),
  stateReason: z.string().nullish(),
  previousSecretUntil: time.nullish(),
  createdAt: time,
  updatedAt: time,
})
export type Sink = z.infer<typeof sinkSchema>

/** With a webhook's secret, where the answer has it. */
export const sinkWithSecretSchema = sinkSchema.extend({ secret: z.string().max(200).optional() })

export const sinkTestSchema = z.looseObject({
  delivered: z.boolean(),
  status: z.number().optional(),
  error: z.string().optional(),
  durationMs: z.number(),
})

export const deliverySchema = z.looseObject({
  id: z.uuid(),
  sinkId: z.uuid(),
  state: z.string(),
  attempts: z.number(),
  alerts: z.number(),
  severity: z.string().nullish(),
  nextAttemptAt: time.nullish(),
  lastStatus: z.number().nullish(),
  lastError: z.string().nullish(),
  createdAt: time,
  finishedAt: time.nullish(),
  summary: z.string(),
})
export type Delivery = z.infer<typeof deliverySchema>

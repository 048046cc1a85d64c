import { z } from 'zod'
import { keyTypes } from '../keys/kinds.ts'
import { severities } from './finding.ts'

const window = z.strictObject({ start: z.iso.datetime(), end: z.iso.datetime() })

/** An anomaly as people and programs see it: the `data` of an alert. */
export const alertDataSchema = z.strictObject({
  id: z.uuid(),
  keyId: z.uuid(),
  keyName: z.string(),
  keyType: z.enum(keyTypes),
  rule: z.string(),
  severity: z.enum(severities),
  observed: z.number(),
  threshold: z.number(),
  baseline: z.number().optional(),
  window,
  explanation: z.string(),
})

/**
 * The message on the channel, on the event stream and in webhooks (DESIGN.md section 7). `anomaly.escalated` follows
 * where an anomaly that was told of grows graver, with the same id.
 */
export const alertSchema = z.strictObject({
  type: z.enum(['anomaly.detected', 'anomaly.escalated']),
  timestamp: z.iso.datetime(),
  data: alertDataSchema,
})

export type Alert = z.infer<typeof alertSchema>

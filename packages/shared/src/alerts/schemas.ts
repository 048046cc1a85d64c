import { z } from 'zod'
import { severities } from '../anomalies/finding.ts'
import { idSchema } from '../platform/id.ts'
import { alertTypes } from './alert.ts'

const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text))

/** The number of an alert in the log. */
export const seqSchema = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER)
const since = seqSchema.optional()

/** Where a stream begins. */
export const followAlertsSchema = z.strictObject({
  since: since.meta({
    description:
      'Begin after the alert with this number; 0: with the oldest that is kept. A `Last-Event-ID` goes before it. Without either, only what comes from now on is sent.',
    example: 41,
  }),
})

/** Filters of a list, from a query string. */
export const listAlertsSchema = z.strictObject({
  keyId: idSchema.optional(),
  type: z.enum(alertTypes).optional(),
  rule: z.string().min(1).max(100).optional(),
  severity: z.enum(severities).optional(),
  since: since.meta({ description: 'Only what came after the alert with this number', example: 41 }),
  from: time.optional().meta({ description: 'Told at this time or later' }),
  to: time.optional().meta({ description: 'Told before this time' }),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z
    .string()
    .regex(/^\d{1,15}$/, 'is not one that a list gave')
    .optional()
    .meta({ description: '`pagination.cursor` of the page before' }),
})
export type ListAlertsInput = z.output<typeof listAlertsSchema>

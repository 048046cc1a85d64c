import { z } from 'zod'
import { idSchema } from '../platform/id.ts'
import { alarmRules } from './detect/alarm.ts'
import { rules } from './detect/rules/rules.ts'
import { anomalyStates, severities } from './finding.ts'

const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text))

/** Filters of a list, from a query string. */
export const listAnomaliesSchema = z.strictObject({
  state: z.enum(anomalyStates).optional(),
  rule: z.enum([...rules.map((rule) => rule.name), ...alarmRules]).optional(),
  severity: z.enum(severities).optional(),
  keyId: idSchema.optional(),
  from: time.optional().meta({ description: 'Detected at this time or later' }),
  to: time.optional().meta({ description: 'Detected before this time' }),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(100).optional().meta({ description: '`pagination.cursor` of the page before' }),
})
export type ListAnomaliesInput = z.output<typeof listAnomaliesSchema>

export const settleAnomalySchema = z
  .strictObject({
    note: z
      .string()
      .min(1)
      .max(1000)
      .optional()
      .meta({ description: 'What was found or done', example: 'known load test' }),
  })
  .meta({ id: 'SettleAnomaly' })
export type SettleAnomalyInput = z.output<typeof settleAnomalySchema>

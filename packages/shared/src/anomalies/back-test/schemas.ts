import { z } from 'zod'
import { anomalyPolicySchema } from '../../keys/fields/policy.ts'
import { idSchema } from '../../platform/id.ts'
import { rules } from '../detect/rules/rules.ts'
import { severities } from '../finding.ts'
import { thresholdsSchema } from '../thresholds/schemas.ts'

export const ruleNames = ['high_request_rate', 'high_error_rate', 'multiple_ips', 'unusual_time'] as const
export type RuleName = (typeof ruleNames)[number]

/** Bounds of one run. */
export const backTestLimits = {
  days: 31,
  keys: 1_000,
  /** Anomalies in an answer; the counts are of all. */
  anomalies: 1_000,
  /** A run that takes longer answers with what it has, ms. */
  durationMs: 20_000,
} as const

const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text))

/** What to run the detectors over, and with which thresholds. */
export const backTestSchema = z
  .strictObject({
    from: time.meta({ description: 'Start, RFC 3339', example: '2026-01-01T00:00:00Z' }),
    to: time.meta({ description: `End (not included); at most ${backTestLimits.days} days later` }),
    keyIds: z
      .array(idSchema)
      .min(1)
      .max(backTestLimits.keys)
      .optional()
      .meta({ description: `By default the ${backTestLimits.keys} keys that were used last` }),
    rules: z.array(z.enum(ruleNames)).min(1).max(ruleNames.length).optional().meta({ description: 'All by default' }),
    thresholds: anomalyPolicySchema.default({}).meta({
      description:
        'Instead of those in force; an absent one is as it is in force. A key with thresholds of its own keeps them',
    }),
  })
  .refine(({ from, to }) => from < to, { path: ['to'], message: 'must lie after `from`' })
  .refine(({ from, to }) => to.getTime() - from.getTime() <= backTestLimits.days * 86_400_000, {
    path: ['to'],
    message: `must lie within ${backTestLimits.days} days of \`from\``,
  })
  .meta({ id: 'BackTest' })
export type BackTestInput = z.output<typeof backTestSchema>

const count = z.int().min(0)
const perRule = z.object({
  high_request_rate: count,
  high_error_rate: count,
  multiple_ips: count,
  unusual_time: count,
})
export type PerRule = z.infer<typeof perRule>

export const backTestResultSchema = z
  .object({
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    thresholds: thresholdsSchema.meta({ description: 'What was tested with' }),
    keys: z.object({
      examined: count,
      withOwnThresholds: count.meta({ description: 'Of these, keys whose policy has thresholds of its own' }),
    }),
    anomalies: z
      .array(
        z.object({
          keyId: z.uuid(),
          keyName: z.string(),
          rule: z.enum(ruleNames),
          severity: z.enum(severities),
          observed: z.number(),
          threshold: z.number(),
          window: z.object({ start: z.iso.datetime(), end: z.iso.datetime() }),
          known: z.boolean().meta({ description: 'The same was found live' }),
        }),
      )
      .meta({ description: `The newest first, at most ${backTestLimits.anomalies}` }),
    perRule: perRule.meta({ description: 'How many were found, all of them' }),
    actual: z
      .object({
        perRule,
        missed: perRule.meta({ description: 'Found live, and not by this run' }),
      })
      .meta({ description: 'What was found live about these keys in this time' }),
    truncated: z.boolean().meta({ description: 'There was more than one run takes: `notes` say what' }),
    notes: z.array(z.string()).meta({ description: 'What the coarser resolution of what is stored can miss' }),
    durationMs: z.int().min(0),
  })
  .meta({ id: 'BackTestResult' })
export type BackTestResult = z.infer<typeof backTestResultSchema>

/** Tells whether a rule's name is one that can be tested; each rule of detection is. */
export function isRuleName(name: string): name is RuleName {
  return ruleNames.some((known) => known === name) && rules.some((rule) => rule.name === name)
}

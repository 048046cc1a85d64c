import { z } from 'zod'
import { type Finding, severities } from './finding.ts'

const second = z.int()

const findingSchema = z.strictObject({
  kind: z.enum(['opened', 'escalated', 'ended']),
  id: z.uuid(),
  keyId: z.uuid(),
  rule: z.string().min(1).max(60),
  severity: z.enum(severities),
  observed: z.number(),
  threshold: z.number(),
  baseline: z.number().optional(),
  window: z.strictObject({ start: second, end: second }),
  explanation: z.string().max(1000),
  endedAt: second.optional(),
})

/** Reads a finding off an entry of an anomaly stream. @throws SyntaxError or ZodError where it is none */
export function parseFinding(text: string): Finding {
  const { baseline, endedAt, ...finding } = findingSchema.parse(JSON.parse(text))
  return { ...finding, ...(baseline === undefined ? {} : { baseline }), ...(endedAt === undefined ? {} : { endedAt }) }
}

import { z } from 'zod'

/** A key's own thresholds of detection; what is absent comes from the environment. */
export const anomalyPolicySchema = z.strictObject({
  requestsPerMinute: z.int().min(1).max(1_000_000_000).optional(),
  errorRate: z.number().gt(0).lte(1).optional(),
  errorMinRequests: z.int().min(1).max(1_000_000_000).optional(),
  ipsPerHour: z.int().min(1).max(1000).optional(),
  timeMaxShare: z.number().gt(0).lte(1).optional(),
  timeMinDays: z.int().min(1).max(3650).optional(),
  timeMinHistory: z.int().min(1).max(1_000_000_000).optional(),
  timeMinRequests: z.int().min(1).max(1_000_000_000).optional(),
})

/** What a key's owner may set about how it is watched. */
export const keyPolicySchema = z.strictObject({
  anomaly: anomalyPolicySchema.optional(),
})

export type KeyPolicy = z.infer<typeof keyPolicySchema>

import { z } from 'zod'
import { severities } from '../../anomalies/finding.ts'
import { allowedAddressesSchema, quotaSchema, rateLimitsSchema, throttleSchema } from '../../limits/schemas.ts'
import { longestGraceSeconds } from '../kinds.ts'

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

/** The longest interval between two scheduled rotations: ten years. */
const maxIntervalSeconds = 315_360_000

/** How a key's secret is replaced. */
const rotationPolicySchema = z
  .strictObject({
    intervalSeconds: z.int().min(60).max(maxIntervalSeconds).nullable().optional().meta({
      description: 'A new secret at the latest this long after the one before; null: never by schedule',
    }),
    graceSeconds: z.int().min(0).max(longestGraceSeconds).optional().meta({
      description: 'How long a superseded secret still validates; the type of the key sets the limit',
    }),
  })
  .refine(({ intervalSeconds, graceSeconds }) => !(intervalSeconds && graceSeconds === 0), {
    path: ['graceSeconds'],
    message: 'must not be 0 where secrets are replaced by schedule: no holder could fetch the next one in time',
  })

/** What is done by itself when an anomaly is found about the key. */
export const anomalyActions = ['none', 'disable', 'rotate', 'throttle'] as const

/** What is done by itself when somebody reports that a secret of the key leaked. */
export const leakActions = ['none', 'rotate', 'revoke'] as const

/** What a key's owner may set about how it is used, watched and renewed. */
export const keyPolicySchema = z.strictObject({
  anomaly: anomalyPolicySchema.optional(),
  rotation: rotationPolicySchema.optional(),
  onAnomaly: z
    .enum(anomalyActions)
    .optional()
    .meta({ description: 'What an anomaly does to the key; none by default' }),
  minimumSeverity: z
    .enum(severities)
    .optional()
    .meta({ description: 'From which severity on it is done; high by default' }),
  onLeak: z
    .enum(leakActions)
    .optional()
    .meta({ description: 'What a proved report of a leak does to the key; rotate (forced) by default' }),
  rateLimits: rateLimitsSchema.optional(),
  quota: quotaSchema.optional(),
  allowedAddresses: allowedAddressesSchema.optional(),
  throttle: throttleSchema.optional(),
  dryRun: z.boolean().optional().meta({ description: 'true: only note and tell what would have been done' }),
})

export type KeyPolicy = z.infer<typeof keyPolicySchema>

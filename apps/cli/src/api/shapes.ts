import { z } from 'zod'

/**
 * What the CLI reads of the API's answers (DESIGN.md section 6). Loose on purpose: what a newer server adds is passed on
 * to `--json` as it came.
 */
const time = z.string().max(40)

export const keySchema = z.looseObject({
  id: z.uuid(),
  type: z.string(),
  name: z.string(),
  ownerId: z.string().nullish(),
  scopes: z.array(z.string()),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  status: z.string().optional(),
  createdAt: time.optional(),
  expiresAt: time.nullish(),
  lastUsedAt: time.nullish(),
  nextRotationAt: time.nullish(),
  publicKey: z.string().max(20_000).nullish(),
  policy: z
    .looseObject({
      rotation: z.looseObject({}).optional(),
      rateLimits: z
        .array(z.looseObject({ name: z.string(), requests: z.number(), windowSeconds: z.number() }))
        .optional(),
      quota: z.looseObject({ requests: z.number(), refill: z.string() }).optional(),
      allowedAddresses: z.array(z.string()).optional(),
    })
    .optional(),
})
export type Key = z.infer<typeof keySchema>

export const createdKeySchema = z.looseObject({ id: z.uuid(), key: z.string(), name: z.string(), type: z.string() })

const limitSchema = z.looseObject({
  name: z.string(),
  limit: z.number(),
  remaining: z.number(),
  resetSeconds: z.number(),
  windowSeconds: z.number(),
})
export type Limit = z.infer<typeof limitSchema>

export const limitsSchema = z.looseObject({
  keyId: z.uuid(),
  limits: z.array(limitSchema),
  throttledUntil: time.nullable(),
})

export const validationSchema = z.looseObject({
  valid: z.boolean(),
  code: z.string(),
  limits: z.array(limitSchema).optional(),
  keyId: z.string().nullish(),
  name: z.string().nullish(),
  type: z.string().nullish(),
})

export const statsSchema = z.looseObject({
  totals: z.looseObject({ requests: z.number(), errors: z.number(), addresses: z.number() }),
  series: z.array(z.looseObject({ start: time, requests: z.number(), errors: z.number() })),
  from: time,
  to: time,
  interval: z.string(),
})

export const anomalySchema = z.looseObject({
  id: z.uuid(),
  keyId: z.uuid(),
  keyName: z.string(),
  rule: z.string(),
  severity: z.string(),
  observed: z.number(),
  threshold: z.number(),
  window: z.looseObject({ start: time, end: time }),
  explanation: z.string(),
  state: z.string().optional(),
  mutedUntil: time.nullish(),
  detectedAt: time.optional(),
})
export type Anomaly = z.infer<typeof anomalySchema>

/** An alert of any type: what all of them have, and the rule where one found an anomaly. */
export const alertSchema = z.looseObject({
  type: z.string(),
  timestamp: time,
  data: z.looseObject({
    id: z.uuid(),
    /** Of an alert about a key; one about a credential on another system has `system` and its name. */
    keyId: z.uuid().optional(),
    keyName: z.string().optional(),
    system: z.string().optional(),
    credentialName: z.string().optional(),
    /** Of an alert about an address. */
    address: z.string().optional(),
    severity: z.string(),
    explanation: z.string(),
    rule: z.string().optional(),
  }),
})
export type Alert = z.infer<typeof alertSchema>

export const auditRowSchema = z.looseObject({
  seq: z.number(),
  at: time,
  action: z.string(),
  keyId: z.string().nullish(),
  actorKeyId: z.string().nullish(),
  reason: z.string().nullish(),
})

export const auditVerdictSchema = z.looseObject({
  valid: z.boolean(),
  rows: z.number(),
  firstBroken: z.unknown().optional(),
  reason: z.string().optional(),
  head: z.looseObject({ day: z.string(), seq: z.number(), hash: z.string() }).nullish(),
  adopted: z.looseObject({ lastSeq: z.number(), at: z.string() }).optional(),
  anchored: z.boolean().optional(),
})

export const acceptedSchema = z.looseObject({ accepted: z.number() })

export const anyObjectSchema = z.looseObject({})

/** A page of a list. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.looseObject({
    data: z.array(item),
    pagination: z.looseObject({ cursor: z.string().nullish(), hasMore: z.boolean() }),
  })

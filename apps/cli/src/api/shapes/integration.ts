import { z } from 'zod'

/** What the CLI reads of credentials on other systems; loose, as `shapes.ts` says. */
const time = z.string().max(40)
const policySchema = z.looseObject({
  intervalSeconds: z.number().nullish(),
  graceSeconds: z.number().nullish(),
  handOver: z.looseObject({ type: z.string(), name: z.string().optional(), url: z.string().optional() }).nullish(),
})
export type CredentialPolicy = z.infer<typeof policySchema>

export const credentialSchema = z.looseObject({
  id: z.uuid(),
  owner: z.string(),
  name: z.string(),
  remoteName: z.string(),
  remoteId: z.string().nullish(),
  hint: z.string().nullish(),
  scopes: z.array(z.string()),
  version: z.number(),
  state: z.string(),
  server: z.string(),
  connectionId: z.string().nullish(),
  policy: policySchema,
  nextRotationAt: time.nullish(),
  expiresAt: time.nullish(),
  lastVerifiedAt: time.nullish(),
  lastOutcome: z.string().nullish(),
  createdAt: time,
  renewedAt: time,
  endedAt: time.nullish(),
})
export type Credential = z.infer<typeof credentialSchema>

export const createdCredentialSchema = credentialSchema.extend({ key: z.string() })
export const deletedCredentialSchema = credentialSchema.extend({ outcome: z.string() })

const remoteSchema = z.looseObject({ remoteId: z.string(), name: z.string(), scopes: z.array(z.string()) })

export const reconciliationSchema = z.looseObject({
  owner: z.string(),
  data: z.array(credentialSchema),
  gone: z.array(credentialSchema),
  unknown: z.array(remoteSchema),
  adopted: z.array(credentialSchema),
  removed: z.array(remoteSchema),
})
export type Reconciliation = z.infer<typeof reconciliationSchema>

export const verificationSchema = z.looseObject({
  outcome: z.string(),
  detail: z.string(),
  tracked: credentialSchema.nullish(),
  name: z.string().nullish(),
  owner: z.string().nullish(),
  scopes: z.array(z.string()).nullish(),
  expiresAt: time.nullish(),
})

export const connectionSchema = z.looseObject({
  id: z.uuid(),
  system: z.string(),
  server: z.string(),
  name: z.string(),
  account: z.string(),
  error: z.string().nullish(),
  lastUsedAt: time.nullish(),
})
export type Connection = z.infer<typeof connectionSchema>

export const credentialRotationSchema = z.looseObject({
  id: z.uuid(),
  system: z.string(),
  credentialId: z.uuid(),
  credentialName: z.string(),
  owner: z.string(),
  jobId: z.string(),
  kind: z.string(),
  state: z.string(),
  reason: z.string().nullish(),
  fromVersion: z.number(),
  toVersion: z.number(),
  oldRemoteName: z.string(),
  newRemoteName: z.string(),
  handOver: z.looseObject({ type: z.string() }),
  createdThereAt: time.nullish(),
  handedOverAt: time.nullish(),
  verifiedAt: time.nullish(),
  graceEndsAt: time.nullish(),
  oldDeletedAt: time.nullish(),
  claimedAt: time.nullish(),
  claimable: z.boolean(),
  error: z.string().nullish(),
  createdAt: time,
})
export type CredentialRotation = z.infer<typeof credentialRotationSchema>

export const credentialDeliverySchema = z.looseObject({
  key: z.string(),
  credentialId: z.string(),
  version: z.number(),
})

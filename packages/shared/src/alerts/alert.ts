import { z } from 'zod'
import { severities } from '../anomalies/finding.ts'
import { keyTypes } from '../keys/kinds.ts'

const time = z.iso.datetime()

/** What every alert says: what it is about, which key, how grave, and why in one sentence. */
const about = {
  /** Of the anomaly, the rotation, the key or the action; with `type` and `severity` it tells a message that comes twice. */
  id: z.uuid(),
  keyId: z.uuid(),
  keyName: z.string(),
  keyType: z.enum(keyTypes),
  severity: z.enum(severities),
  explanation: z.string(),
}

/** An anomaly as people and programs see it: the `data` of an alert. */
export const anomalyDataSchema = z.strictObject({
  ...about,
  rule: z.string(),
  observed: z.number(),
  threshold: z.number(),
  baseline: z.number().optional(),
  window: z.strictObject({ start: time, end: time }),
})

const rotationDataSchema = z.strictObject({
  ...about,
  rotationId: z.uuid(),
  kind: z.string(),
  fromVersion: z.int().nullable(),
  toVersion: z.int().nullable(),
  graceEndsAt: time.nullable(),
})

const expiryDataSchema = z.strictObject({ ...about, expiresAt: time })

const actionDataSchema = z.strictObject({
  ...about,
  anomalyId: z.uuid(),
  action: z.enum(['disable', 'rotate']),
  dryRun: z.boolean(),
  rotationId: z.uuid().nullable(),
})

const credentialDataSchema = z.strictObject({
  id: z.uuid(),
  system: z.string(),
  credentialId: z.uuid(),
  credentialName: z.string(),
  owner: z.string(),
  severity: z.enum(severities),
  explanation: z.string(),
  rotationId: z.uuid().nullable(),
})

const alert = <Type extends string, Data extends z.ZodType>(type: Type, data: Data) =>
  z.strictObject({ type: z.literal(type), timestamp: time, data })

/**
 * The message on the channel, on the event stream and in webhooks (DESIGN.md section 7). `anomaly.escalated` follows
 * where an anomaly that was told of grows graver, with the same id; `…unclaimed` comes at half and at nine tenths of a
 * grace. What begins with `credential.` is about credentials on other systems, and names no key.
 */
export const alertSchema = z.discriminatedUnion('type', [
  alert('anomaly.detected', anomalyDataSchema),
  alert('anomaly.escalated', anomalyDataSchema),
  alert('rotation.completed', rotationDataSchema),
  alert('rotation.unclaimed', rotationDataSchema),
  alert('rotation.failed', rotationDataSchema),
  alert('key.expiring', expiryDataSchema),
  alert('policy.acted', actionDataSchema),
  alert('credential.rotated', credentialDataSchema),
  alert('credential.unclaimed', credentialDataSchema),
  alert('credential.rotation-failed', credentialDataSchema),
  alert('credential.expired', credentialDataSchema),
  alert('credential.expiry-failed', credentialDataSchema),
])

export type Alert = z.infer<typeof alertSchema>
export type AnomalyAlert = Extract<Alert, { type: 'anomaly.detected' | 'anomaly.escalated' }>
export type RotationAlert = Extract<Alert, { type: 'rotation.completed' | 'rotation.unclaimed' | 'rotation.failed' }>
export type CredentialAlert = Extract<Alert, { type: `credential.${string}` }>

/** Of whom an alert tells: a key of Momentry's, or a credential elsewhere. */
export function subjectOf({ data }: Alert): string {
  return 'keyId' in data ? data.keyId : data.credentialId
}

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
  action: z.enum(['disable', 'rotate', 'throttle']),
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

const leakDataSchema = z.strictObject({
  ...about,
  /** Who found it: `github`. */
  source: z.string(),
  /** Where it was found. */
  url: z.string().nullable(),
  action: z.enum(['none', 'rotate', 'revoke']),
  rotationId: z.uuid().nullable(),
})

/** About an address that guesses; it is named as the lockout counts it, IPv6 by its /64. */
const addressDataSchema = z.strictObject({
  id: z.uuid(),
  address: z.string(),
  severity: z.enum(severities),
  explanation: z.string(),
  /** Failed attempts, or different secrets, within the window. */
  observed: z.int(),
  threshold: z.int(),
  /** When the window, and a lock with it, ends. */
  until: time,
})

const backupDataSchema = z.strictObject({ id: z.uuid(), severity: z.enum(severities), explanation: z.string() })

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
  alert('key.leaked', leakDataSchema),
  alert('address.locked', addressDataSchema),
  alert('credential_stuffing', addressDataSchema),
  alert('backup.failed', backupDataSchema),
  alert('credential.rotated', credentialDataSchema),
  alert('credential.unclaimed', credentialDataSchema),
  alert('credential.rotation-failed', credentialDataSchema),
  alert('credential.expired', credentialDataSchema),
  alert('credential.expiry-failed', credentialDataSchema),
])

export type Alert = z.infer<typeof alertSchema>
export const alertTypes = alertSchema.options.map(({ shape }) => shape.type.value)
export type AnomalyAlert = Extract<Alert, { type: 'anomaly.detected' | 'anomaly.escalated' }>
export type RotationAlert = Extract<Alert, { type: 'rotation.completed' | 'rotation.unclaimed' | 'rotation.failed' }>
export type AddressAlert = Extract<Alert, { type: 'address.locked' | 'credential_stuffing' }>
export type CredentialAlert = Extract<Alert, { type: `credential.${string}` }>

/** Of whom an alert tells: a key of Momentry's, a credential elsewhere, an address, or Momentry itself. */
export function subjectOf({ data }: Alert): string {
  if ('keyId' in data) return data.keyId
  if ('credentialId' in data) return data.credentialId
  return 'address' in data ? data.address : 'momentry'
}

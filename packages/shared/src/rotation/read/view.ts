import { z } from 'zod'
import { type KeyType, keyTypes } from '../../keys/kinds.ts'
import { claimants, rotationKinds, rotationStates } from '../states.ts'
import type { apiKeyRotations } from '../table.ts'

const time = z.iso.datetime()

/** A rotation as the API, the CLI and the console show it. Never holds a secret. */
export const rotationSchema = z
  .object({
    id: z.uuid(),
    keyId: z.uuid(),
    keyName: z.string(),
    keyType: z.enum(keyTypes),
    jobId: z.uuid().meta({ description: 'The job that does the work: GET /v1/jobs/{id}/results tells of its steps' }),
    kind: z.enum(rotationKinds),
    state: z.enum(rotationStates),
    reason: z.string().nullable(),
    requestedBy: z.uuid().nullable().meta({ description: 'The key that asked; null where Momentry did' }),
    anomalyId: z.uuid().nullable().meta({ description: 'The anomaly on which a policy acted' }),
    fromVersion: z.int().nullable(),
    toVersion: z.int().nullable(),
    graceEndsAt: time.nullable().meta({ description: 'When the old secret stops validating' }),
    claimedAt: time.nullable(),
    claimedBy: z.enum(claimants).nullable(),
    firstUsedAt: time.nullable().meta({ description: 'When the successor was first used' }),
    claimable: z.boolean().meta({ description: 'Whether the successor still waits to be fetched' }),
    error: z.string().nullable(),
    createdAt: time,
    startedAt: time.nullable(),
    finishedAt: time.nullable(),
    updatedAt: time,
  })
  .meta({ id: 'Rotation' })
export type RotationView = z.infer<typeof rotationSchema>

export interface RotationRow {
  rotation: typeof apiKeyRotations.$inferSelect
  keyName: string
  keyType: KeyType
  /** Until when the successor waits to be fetched; null where it does not. */
  escrowEndsAt: Date | null
}

/** Shows a row as of `now`, in milliseconds since 1970. */
export function viewRotation({ rotation, keyName, keyType, escrowEndsAt }: RotationRow, now: number): RotationView {
  return {
    id: rotation.id,
    keyId: rotation.keyId,
    keyName,
    keyType,
    jobId: rotation.jobId,
    kind: rotation.kind,
    state: rotation.state,
    reason: rotation.reason,
    requestedBy: rotation.requestedBy,
    anomalyId: rotation.anomalyId,
    fromVersion: rotation.fromVersion,
    toVersion: rotation.toVersion,
    graceEndsAt: rotation.graceEndsAt?.toISOString() ?? null,
    claimedAt: rotation.claimedAt?.toISOString() ?? null,
    claimedBy: rotation.claimedBy,
    firstUsedAt: rotation.firstUsedAt?.toISOString() ?? null,
    claimable: escrowEndsAt !== null && escrowEndsAt.getTime() > now,
    error: rotation.error,
    createdAt: rotation.createdAt.toISOString(),
    startedAt: rotation.startedAt?.toISOString() ?? null,
    finishedAt: rotation.finishedAt?.toISOString() ?? null,
    updatedAt: rotation.updatedAt.toISOString(),
  }
}

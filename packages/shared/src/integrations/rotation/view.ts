import { z } from 'zod'
import { rotationKinds } from '../../rotation/states.ts'
import type { CredentialRow } from '../credential-table.ts'
import { handOverSchema } from '../policy.ts'
import { integrationRotationStates } from '../states.ts'
import type { integrationRotations } from '../table.ts'

const time = z.iso.datetime().nullable()

export type RotationRow = typeof integrationRotations.$inferSelect

/** A rotation of a credential elsewhere. Never holds a value. */
export const integrationRotationSchema = z
  .object({
    id: z.uuid(),
    system: z.string(),
    credentialId: z.uuid(),
    credentialName: z.string(),
    owner: z.string(),
    jobId: z.uuid().meta({ description: 'The job that does the work: GET /v1/jobs/{id}/results tells of its parts' }),
    kind: z.enum(rotationKinds),
    state: z.enum(integrationRotationStates).meta({
      description: '`draining`: the new one is in use, the old one waits for the end of its grace',
    }),
    reason: z.string().nullable(),
    requestedBy: z.uuid().nullable().meta({ description: 'The key that asked; null where Momentry did' }),
    graceSeconds: z.int().nullable().meta({ description: 'What was asked for; null: what the policy says' }),
    handOver: handOverSchema,
    fromVersion: z.int(),
    toVersion: z.int(),
    oldRemoteName: z.string(),
    newRemoteName: z.string(),
    createdThereAt: time,
    handedOverAt: time,
    verifiedAt: time,
    graceEndsAt: time.meta({ description: 'When the old one is deleted there' }),
    oldDeletedAt: time,
    claimedAt: time,
    claimable: z.boolean().meta({ description: 'Whether the new value still waits to be fetched' }),
    error: z.string().nullable(),
    createdAt: z.iso.datetime(),
    startedAt: time,
    finishedAt: time,
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'IntegrationRotation' })
export type RotationView = z.infer<typeof integrationRotationSchema>

/** @param now ms */
export function viewRotation(
  row: RotationRow,
  of: { credential: Pick<CredentialRow, 'name' | 'owner'>; escrowEndsAt: Date | null },
  now: number,
): RotationView {
  const text = (at: Date | null) => at?.toISOString() ?? null
  return {
    id: row.id,
    system: row.system,
    credentialId: row.credentialId,
    credentialName: of.credential.name,
    owner: of.credential.owner,
    jobId: row.jobId,
    kind: row.kind,
    state: row.state,
    reason: row.reason,
    requestedBy: row.requestedBy,
    graceSeconds: row.graceSeconds,
    handOver: row.handOver,
    fromVersion: row.fromVersion,
    toVersion: row.fromVersion + 1,
    oldRemoteName: row.oldRemoteName,
    newRemoteName: row.newRemoteName,
    createdThereAt: text(row.createdThereAt),
    handedOverAt: text(row.handedOverAt),
    verifiedAt: text(row.verifiedAt),
    graceEndsAt: text(row.graceEndsAt),
    oldDeletedAt: text(row.oldDeletedAt),
    claimedAt: text(row.claimedAt),
    claimable: isClaimable(row) && of.escrowEndsAt !== null && of.escrowEndsAt.getTime() > now,
    error: row.error,
    createdAt: row.createdAt.toISOString(),
    startedAt: text(row.startedAt),
    finishedAt: text(row.finishedAt),
    updatedAt: row.updatedAt.toISOString(),
  }
}

/** A successor that is made, and not given up. */
export function isClaimable({ state, createdThereAt }: Pick<RotationRow, 'state' | 'createdThereAt'>): boolean {
  return createdThereAt !== null && state !== 'cancelled'
}

import { z } from 'zod'
import { keyPolicySchema } from './fields/policy.ts'
import { keyTypes } from './kinds.ts'
import { type KeyStatus, keyStatus, keyStatuses } from './status.ts'
import type { apiKeys } from './table.ts'

export type KeyRow = typeof apiKeys.$inferSelect

const time = z.iso.datetime()

/** A key as the API, the CLI and the console show it. Never holds a secret or a digest. */
export const keyViewSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    type: z.enum(keyTypes),
    ownerId: z.string().nullable(),
    scopes: z.array(z.string()),
    metadata: z.record(z.string(), z.unknown()),
    policy: keyPolicySchema,
    enabled: z.boolean(),
    status: z.enum(keyStatuses),
    secretVersion: z.int(),
    publicKey: z.string().nullable().meta({ description: 'To which successors are encrypted, where there is one' }),
    nextRotationAt: time.nullable().meta({ description: 'When the next scheduled rotation is due' }),
    expiresAt: time.nullable(),
    throttledUntil: time.nullable().meta({ description: 'Until when an anomaly slows it down; null where none does' }),
    revokedAt: time.nullable(),
    revokeReason: z.string().nullable(),
    lastUsedAt: time.nullable(),
    createdBy: z.uuid().nullable().meta({ description: 'The key that made it; null where Momentry did' }),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Key' })
export type KeyView = z.infer<typeof keyViewSchema>

/** Shows a row as of `now`, in milliseconds since 1970. */
export function viewKey(row: KeyRow, now: number): KeyView {
  return {
    id: row.id,
    name: row.name,
    type: row.type,
    ownerId: row.ownerId,
    scopes: row.scopes,
    metadata: row.metadata,
    policy: row.policy,
    enabled: row.enabled,
    status: statusOf(row, now),
    secretVersion: row.secretVersion,
    publicKey: row.publicKey,
    nextRotationAt: row.nextRotationAt?.toISOString() ?? null,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    throttledUntil: row.throttledUntil && row.throttledUntil.getTime() > now ? row.throttledUntil.toISOString() : null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
    revokeReason: row.revokeReason,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  }
}

/** A row's status at `now`, in milliseconds since 1970. */
export function statusOf(row: Pick<KeyRow, 'enabled' | 'expiresAt' | 'revokedAt'>, now: number): KeyStatus {
  const { enabled, expiresAt, revokedAt } = row
  return keyStatus({ enabled, expiresAt: expiresAt?.getTime(), revokedAt: revokedAt?.getTime() }, now)
}

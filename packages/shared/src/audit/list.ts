import { and, desc, eq, lt } from 'drizzle-orm'
import { z } from 'zod'
import { idSchema } from '../platform/id.ts'
import type { Queryable } from '../platform/postgres/client.ts'
import { apiKeyAuditLog } from './table.ts'

export const listAuditSchema = z.strictObject({
  keyId: idSchema.optional(),
  action: z
    .string()
    .regex(/^[a-z]+(\.[a-z_-]+)?$/)
    .max(100)
    .optional()
    .meta({ description: 'What was done', example: 'key.revoked' }),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.coerce.number().int().min(1).optional().meta({ description: '`pagination.cursor` of the page before' }),
})
export type ListAuditInput = z.output<typeof listAuditSchema>

const changed = z.record(z.string(), z.unknown()).nullable()

/** What was done, by whom, from where, why, and what it changed. */
export const auditViewSchema = z
  .object({
    seq: z.int(),
    at: z.iso.datetime(),
    action: z.string(),
    keyId: z.uuid().nullable(),
    actorKeyId: z.uuid().nullable().meta({ description: 'The key that asked; null where Momentry acted by itself' }),
    address: z.string().nullable(),
    requestId: z.string(),
    reason: z.string().nullable(),
    before: changed,
    after: changed,
    hash: z.string().meta({ description: 'SHA-256 in hex; covers this row and, by the one before, all earlier ones' }),
  })
  .meta({ id: 'AuditRow' })
export type AuditView = z.infer<typeof auditViewSchema>

export interface AuditPage {
  data: AuditView[]
  pagination: { cursor: string | null; hasMore: boolean }
}

/** Lists what was done, the newest first. */
export async function listAudit(db: Queryable, input: ListAuditInput): Promise<AuditPage> {
  const { keyId, action, cursor, limit } = input
  const rows = await db
    .select()
    .from(apiKeyAuditLog)
    .where(
      and(
        cursor === undefined ? undefined : lt(apiKeyAuditLog.seq, cursor),
        keyId === undefined ? undefined : eq(apiKeyAuditLog.keyId, keyId),
        action === undefined ? undefined : eq(apiKeyAuditLog.action, action),
      ),
    )
    .orderBy(desc(apiKeyAuditLog.seq))
    .limit(limit + 1)
  const page = rows.slice(0, limit)
  const hasMore = rows.length > limit
  return {
    data: page.map(({ previousHash, hash, at, ...row }) => ({
      ...row,
      at: at.toISOString(),
      hash: hash.toString('hex'),
    })),
    pagination: { cursor: hasMore ? String(page.at(-1)?.seq) : null, hasMore },
  }
}

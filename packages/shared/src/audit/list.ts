import { z } from 'zod'
import { idSchema } from '../platform/id.ts'
import type { Queryable } from '../platform/postgres/client.ts'
import { and, desc, eq, gte, isNull, lt } from '../platform/postgres/query.ts'
import { dayAfter, startOf } from './day.ts'
import { apiKeyAuditHeads, apiKeyAuditLog } from './table.ts'

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
  const { limit } = input
  const rows: AuditRow[] = []
  for await (const span of spansBefore(db, input.cursor)) {
    rows.push(...(await readSpan(db, span, { ...input, limit: limit + 1 - rows.length })))
    if (rows.length > limit) break
  }
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

type AuditRow = typeof apiKeyAuditLog.$inferSelect

/** Days that one statement reads at the most: a statement takes locks on each partition that it may find rows in. */
const maxDaysAtOnce = 64

/** Days of the log that lie together. */
interface Span {
  first: string
  last: string
}

/** Gives the days before a row, the newest first: one, two, four, …, since most pages lie in the first ones. */
async function* spansBefore(db: Queryable, cursor: number | undefined): AsyncGenerator<Span> {
  const { day, firstSeq, prunedAt } = apiKeyAuditHeads
  let before: string | undefined
  for (let count = 1; ; count = Math.min(count * 2, maxDaysAtOnce)) {
    const heads = await db
      .select({ day })
      .from(apiKeyAuditHeads)
      .where(
        and(
          isNull(prunedAt),
          cursor === undefined ? undefined : lt(firstSeq, cursor),
          before === undefined ? undefined : lt(day, before),
        ),
      )
      .orderBy(desc(day))
      .limit(count)
    const [last, first] = [heads[0], heads.at(-1)]
    if (last && first) yield { first: first.day, last: last.day }
    if (!first || heads.length < count) return
    before = first.day
  }
}

function readSpan(db: Queryable, { first, last }: Span, input: ListAuditInput): Promise<AuditRow[]> {
  const { keyId, action, cursor, limit } = input
  const { seq, at } = apiKeyAuditLog
  return db
    .select()
    .from(apiKeyAuditLog)
    .where(
      and(
        gte(at, new Date(startOf(first))),
        lt(at, new Date(startOf(dayAfter(last)))),
        cursor === undefined ? undefined : lt(seq, cursor),
        keyId === undefined ? undefined : eq(apiKeyAuditLog.keyId, keyId),
        action === undefined ? undefined : eq(apiKeyAuditLog.action, action),
      ),
    )
    .orderBy(desc(seq))
    .limit(limit)
}

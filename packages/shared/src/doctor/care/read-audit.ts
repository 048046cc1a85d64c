import type pg from 'pg'
import { type AuditVerification, verifyAudit } from '../../audit/verify.ts'
import type { Postgres } from '../../platform/postgres/client.ts'
import { auditPurpose, createSigner } from '../../platform/sign.ts'

export type AuditReading = Pick<AuditVerification, 'valid' | 'rows' | 'firstBroken' | 'reason'> & {
  /** The day from which on it was looked at; undefined: from its beginning. */
  from: string | undefined
}

/** Verifies the audit log: its newest day, or all of it. */
export async function readAudit(
  { db, pool }: Postgres,
  masterKeys: readonly [string, ...string[]],
  { deep }: { deep: boolean },
): Promise<AuditReading> {
  const from = deep ? undefined : await readNewestDay(pool)
  const { valid, rows, firstBroken, reason } = await verifyAudit(db, {
    signer: createSigner(masterKeys, auditPurpose),
    from,
  })
  return {
    valid,
    rows,
    from,
    ...(firstBroken !== undefined && { firstBroken }),
    ...(reason !== undefined && { reason }),
  }
}

async function readNewestDay(pool: pg.Pool): Promise<string | undefined> {
  const { rows } = await pool.query<{ day: string | null }>('SELECT max(day)::text AS day FROM api_key_audit_heads')
  return rows[0]?.day ?? undefined
}

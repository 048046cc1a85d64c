import type { Queryable } from '../../platform/postgres/client.ts'
import { sql } from '../../platform/postgres/query.ts'

const credentialTables = ['gitea_tokens', 'n8n_api_keys'] as const

/**
 * Removes credentials on other systems that ended more than `keptDays` ago, with their rotations. What is under way, and
 * what still waits in escrow, stays.
 * @param now ms
 * @returns how many rows
 */
export async function pruneCredentials(db: Queryable, keptDays: number, now: number): Promise<number> {
  const oldest = new Date(now - keptDays * 86_400_000).toISOString()
  let removed = 0
  for (const table of credentialTables)
    await db.transaction(async (tx) => {
      const rotations = await tx.execute(sql`
        delete from integration_rotations r using ${sql.identifier(table)} c
        where r.credential_id = c.id and c.ended_at < ${oldest} and r.finished_at < ${oldest}
          and not exists (select from integration_escrow e where e.rotation_id = r.id)`)
      const credentials = await tx.execute(sql`
        delete from ${sql.identifier(table)} c where c.ended_at < ${oldest}
          and not exists (select from integration_rotations r where r.credential_id = c.id)`)
      removed += (rotations.rowCount ?? 0) + (credentials.rowCount ?? 0)
    })
  return removed
}

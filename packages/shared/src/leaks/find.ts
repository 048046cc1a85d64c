import { apiKeySecrets } from '../keys/table.ts'
import type { Queryable } from '../platform/postgres/client.ts'
import { inArray } from '../platform/postgres/query.ts'

/** A secret of ours that is in other hands. */
export interface LeakedSecret {
  keyId: string
  version: number
  digest: Buffer
}

/** Finds which digests are of secrets that we issued, however dead, by one query. @returns by digest in hex */
export async function findLeaked(db: Queryable, digests: readonly Buffer[]): Promise<Map<string, LeakedSecret>> {
  if (digests.length === 0) return new Map()
  const { keyId, version, digest } = apiKeySecrets
  const rows = await db
    .select({ keyId, version, digest })
    .from(apiKeySecrets)
    .where(inArray(digest, [...digests]))
  return new Map(rows.map((row) => [row.digest.toString('hex'), row]))
}

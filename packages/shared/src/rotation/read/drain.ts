import { z } from 'zod'
import type { Queryable } from '../../platform/postgres/client.ts'
import { sql } from '../../platform/postgres/query.ts'

/** Addresses that are shown of each secret, the latest first. */
const shownAddresses = 20

const count = z.int().min(0)
const time = z.iso.datetime()

const addressSchema = z.object({
  address: z.string().nullable().meta({ description: 'null where the validating service did not tell' }),
  requests: count,
  refused: count,
  lastUsedAt: time,
})

const partSchema = z.object({
  version: z.int(),
  requests: count.meta({ description: 'Validations of this version since the rotation' }),
  refused: count.meta({ description: 'Of these, after it was dead' }),
  lastUsedAt: time.nullable(),
  lastAddress: z.string().nullable(),
  addresses: z.array(addressSchema).meta({ description: `The ${shownAddresses} that used it latest` }),
})

/** The drain view: who still uses the old secret, and who uses the new one. */
export const drainSchema = z.object({ old: partSchema, new: partSchema }).meta({ id: 'Drain' })
export type Drain = z.infer<typeof drainSchema>

interface Row extends Record<string, unknown> {
  version: number
  address: string | null
  requests: string
  refused: string
  last_used_at: Date
  all_requests: string
  all_refused: string
}

/** Reads who used which secret since a rotation. What was validated within the last second or two is on its way. */
export async function readDrain(
  db: Queryable,
  of: { rotationId: string; fromVersion: number; toVersion: number },
): Promise<Drain> {
  const { rows } = await db.execute<Row>(sql`
    select version, address, requests, refused, last_used_at, all_requests, all_refused
    from (
      select version, nullif(host(address), '::') as address, requests, refused, last_used_at,
        sum(requests) over (partition by version) as all_requests,
        sum(refused) over (partition by version) as all_refused,
        row_number() over (partition by version order by last_used_at desc, address) as place
      from api_key_rotation_usage
      where rotation_id = ${of.rotationId} and version in (${of.fromVersion}, ${of.toVersion})
    ) as ranked
    where place <= ${shownAddresses} order by version, place`)
  const part = (version: number) => describePart(version, rows)
  return { old: part(of.fromVersion), new: part(of.toVersion) }
}

function describePart(version: number, all: readonly Row[]): Drain['old'] {
  const rows = all.filter((row) => row.version === version)
  const latest = rows[0]
  return {
    version,
    requests: Number(latest?.all_requests ?? 0),
    refused: Number(latest?.all_refused ?? 0),
    lastUsedAt: latest ? new Date(latest.last_used_at).toISOString() : null,
    lastAddress: latest?.address ?? null,
    addresses: rows.map((row) => ({
      address: row.address,
      requests: Number(row.requests),
      refused: Number(row.refused),
      lastUsedAt: new Date(row.last_used_at).toISOString(),
    })),
  }
}

import type pg from 'pg'
import { z } from 'zod'
import { getKey } from '../../keys/get.ts'
import type { KeyView } from '../../keys/view.ts'
import type { Context } from '../../platform/context.ts'

export const versionStates = ['current', 'grace', 'ended'] as const

const time = z.iso.datetime()

/** One version of a key's secret. Never the secret, nor its digest. */
export const versionSchema = z
  .object({
    version: z.int().min(1),
    state: z.enum(versionStates).meta({ description: 'grace: superseded, and still validates; ended: does not' }),
    hint: z.string().meta({ description: 'Four characters of the secret, to tell it from others' }),
    createdAt: time,
    expiresAt: time.nullable().meta({ description: 'When it stops, or stopped, to validate; null: not by itself' }),
    lastUsedAt: time.nullable().meta({ description: 'null: not used, or too long ago to be told apart by version' }),
  })
  .meta({ id: 'KeyVersion' })
export type KeyVersion = z.infer<typeof versionSchema>

/** Versions of one answer at the most: the newest. */
const maxVersions = 200

const row = z.object({
  version: z.int(),
  hint: z.string(),
  created_at: z.date(),
  grace_ends_at: z.date().nullable(),
  last_used_at: z.date().nullable(),
})

/** Lists the versions of a key's secret, the newest first. @throws MomentryError `KEY_NOT_FOUND` */
export async function listVersions(context: Context, pool: pg.Pool, keyId: string): Promise<KeyVersion[]> {
  const key = await getKey(context, keyId)
  const { rows } = await pool.query(
    `SELECT version, hint, created_at, grace_ends_at,
       (SELECT max(used.last_used_at) FROM api_key_rotations AS rotation
        JOIN api_key_rotation_usage AS used ON used.rotation_id = rotation.id
        WHERE rotation.key_id = secret.key_id AND used.version = secret.version) AS last_used_at
     FROM api_key_secrets AS secret WHERE key_id = $1 ORDER BY version DESC LIMIT $2`,
    [keyId, maxVersions],
  )
  const versions = z.array(row).parse(rows)
  return versions.map((version) => view(version, key, { isOnly: versions.length === 1, now: context.now() }))
}

function view(row_: z.infer<typeof row>, key: KeyView, { isOnly, now }: { isOnly: boolean; now: number }): KeyVersion {
  const ends = [row_.grace_ends_at?.toISOString(), key.expiresAt, key.revokedAt].filter((end) => end != null).sort()
  const end = ends[0] ?? null
  const isOver = end !== null && Date.parse(end) <= now
  return {
    version: row_.version,
    state: isOver ? 'ended' : row_.grace_ends_at ? 'grace' : 'current',
    hint: row_.hint,
    createdAt: row_.created_at.toISOString(),
    expiresAt: end,
    lastUsedAt: row_.last_used_at?.toISOString() ?? (isOnly ? key.lastUsedAt : null),
  }
}

import { makeSecret } from '@momentry/shared/keys/secret.ts'
import { createId } from '@momentry/shared/platform/id.ts'
import pg from 'pg'

export interface BenchKey {
  id: string
  secret: string
}

const perStatement = 10_000

/** Writes service keys straight into a database, as many at a time as a statement takes well, and gives them. */
export async function insertKeys(
  databaseUrl: string,
  count: number,
  { type = 'service', scopes = ['invoices:read'] }: { type?: 'service' | 'system'; scopes?: string[] } = {},
): Promise<BenchKey[]> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const keys: BenchKey[] = []
  try {
    while (keys.length < count) {
      const made = Array.from({ length: Math.min(perStatement, count - keys.length) }, () => ({
        id: createId(),
        ...makeSecret(type),
      }))
      const ids = made.map(({ id }) => id)
      await client.query(
        `INSERT INTO api_keys (id, type, name, scopes, policy, created_at, updated_at)
         SELECT id, $2, 'bench ' || n, $3, '{}', now(), now() FROM unnest($1::uuid[]) WITH ORDINALITY AS t(id, n)`,
        [ids, type, scopes],
      )
      await client.query(
        `INSERT INTO api_key_secrets (key_id, version, digest, hint, created_at)
         SELECT id, 1, digest, hint, now() FROM unnest($1::uuid[], $2::bytea[], $3::text[]) AS t(id, digest, hint)`,
        [ids, made.map(({ digest }) => digest), made.map(({ hint }) => hint)],
      )
      for (const { id, secret } of made) keys.push({ id, secret })
    }
    await client.query('ANALYZE api_keys, api_key_secrets')
  } finally {
    await client.end()
  }
  return keys
}

import { makeSecret } from '@momentry/shared/keys/secret.ts'
import pg from 'pg'

const perStatement = 50_000

/**
 * Keys as an installation has them: three types, a hundred owners, names of a few common words and a random one, every 20th
 * revoked, every 50th disabled, every 25th about to expire or expired, half of them used. Those of $3 have these digests,
 * and others digests of secrets that nobody knows.
 */
const insert = `
WITH made AS MATERIALIZED (
  SELECT uuidv7() AS id, n,
         coalesce(($3::bytea[])[n - $1 + 1], sha256(uuid_send(gen_random_uuid()))) AS digest,
         coalesce(($4::text[])[n - $1 + 1], 'none') AS hint
  FROM generate_series($1::int, $2::int) AS n
), keys AS (
  INSERT INTO api_keys (id, type, name, owner_id, scopes, metadata, policy, enabled, expires_at, revoked_at, last_used_at, created_at, updated_at)
  SELECT id, (ARRAY['service', 'user', 'integration'])[1 + n % 3],
         (ARRAY['payments', 'invoices', 'search', 'reports', 'mail', 'sync', 'export', 'login', 'stock', 'quotes'])[1 + n % 10]
           || ' of ' || (ARRAY['Berlin', 'Lisbon', 'Oslo', 'Vienna', 'Dublin', 'Prague', 'Turin'])[1 + n % 7] || ' ' || left(md5(n::text), 8),
         'team-' || n % 100, ARRAY['invoices:read', 'invoices:write'], '{"region": "eu"}', '{}',
         n % 50 <> 7 OR n <= $5,
         CASE WHEN n % 25 = 3 AND n > $5 THEN now() + (n % 60 - 20) * interval '1 day' END,
         CASE WHEN n % 20 = 11 AND n > $5 THEN now() - interval '1 day' END,
         CASE WHEN n % 2 = 0 THEN now() - n % 10000 * interval '1 minute' END,
         now(), now()
  FROM made
)
INSERT INTO api_key_secrets (key_id, version, digest, hint, created_at)
SELECT id, 1, digest, hint, now() FROM made`

/**
 * Fills an empty database with keys, a million of them within a minute, and leaves it as autovacuum would in time.
 * @param known of so many, the first of each batch, the secrets are made here and given back; those are all valid
 */
export async function insertManyKeys(
  databaseUrl: string,
  { total, known }: { total: number; known: number },
): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const secrets: string[] = []
  try {
    // Foreign keys are looked at, and indexes built, when all is there: both take longer row by row.
    await client.query("SET maintenance_work_mem = '256MB'")
    const { rows: foreign } = await client.query<{ name: string; definition: string }>(`
      SELECT conname AS name, pg_get_constraintdef(oid) AS definition FROM pg_constraint
      WHERE conrelid = 'api_key_secrets'::regclass AND contype = 'f'`)
    for (const { name } of foreign) await client.query(`ALTER TABLE api_key_secrets DROP CONSTRAINT ${name}`)
    const { rows: indexes } = await client.query<{ name: string; definition: string }>(`
      SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition FROM pg_index
      WHERE indrelid IN ('api_keys'::regclass, 'api_key_secrets'::regclass) AND NOT indisunique`)
    for (const { name } of indexes) await client.query(`DROP INDEX ${name}`)
    const batches = Math.ceil(total / perStatement)
    for (let batch = 0; batch < batches; batch += 1) {
      const first = batch * perStatement + 1
      const last = Math.min(total, first + perStatement - 1)
      const made = Array.from({ length: Math.ceil(known / batches) }, () => makeSecret('service'))
      secrets.push(...made.map(({ secret }) => secret))
      const digests = made.map(({ digest }) => digest)
      const hints = made.map(({ hint }) => hint)
      await client.query(insert, [first, last, digests, hints, first + made.length - 1])
    }
    for (const { definition } of indexes) await client.query(definition)
    for (const { name, definition } of foreign)
      await client.query(`ALTER TABLE api_key_secrets ADD CONSTRAINT ${name} ${definition}`)
    await client.query('VACUUM ANALYZE api_keys, api_key_secrets')
  } finally {
    await client.end()
  }
  return secrets
}

import DataLoader from 'dataloader'
import type { Pool, QueryConfig } from 'pg'
import { MomentryError } from '../../../errors.ts'
import { prepareAddresses, prepareLimits } from '../../../limits/limits.ts'
import { isPostgresUnavailable } from '../../../platform/postgres/client.ts'
import type { KeyPolicy } from '../../fields/policy.ts'
import { type KeyType, keyTypes } from '../../kinds.ts'
import { writeFacts } from '../answer.ts'
import { createGate } from './gate.ts'
import type { SecretRecord } from './record.ts'
import { createScopesSharer, type ShareScopes } from './share-scopes.ts'

/** Times in milliseconds since 1970. */
interface Row {
  key_id: string
  digest: Buffer
  version: number
  superseded_at: number | null
  grace_ends_at: number | null
  claimable: boolean
  awaits_first_use: boolean
  rotation_id: string | null
  rotated_at: number | null
  type: KeyType
  name: string
  owner_id: string | null
  /** JSON. */
  scopes: string
  metadata: Record<string, unknown>
  policy: KeyPolicy
  throttled_until: number | null
  enabled: boolean
  secret_version: number
  expires_at: number | null
  revoked_at: number | null
}

/** A service waits behind this query, so it gives up on a Postgres that hangs far earlier than others do. */
const queryTimeoutMs = 3_000

/** As a number, of which no object has to be made. */
const ms = (time: string) => `trunc(extract(epoch FROM ${time}) * 1000)::float8`

const text = `
SELECT s.key_id, s.digest, s.version, ${ms('s.superseded_at')} AS superseded_at, ${ms('s.grace_ends_at')} AS grace_ends_at,
       s.claimable, s.awaits_first_use,
       current.rotation_id, CASE WHEN current.rotation_id IS NOT NULL THEN ${ms('current.created_at')} END AS rotated_at,
       k.type, k.name, k.owner_id, array_to_json(k.scopes)::text AS scopes, k.metadata, k.policy, k.enabled, k.secret_version,
       ${ms('k.expires_at')} AS expires_at, ${ms('k.revoked_at')} AS revoked_at,
       CASE WHEN k.throttled_until > now() THEN ${ms('k.throttled_until')} END AS throttled_until
FROM api_key_secrets s
  JOIN api_keys k ON k.id = s.key_id
  LEFT JOIN api_key_secrets current ON current.key_id = k.id AND current.version = k.secret_version
WHERE s.digest = ANY($1::bytea[])`

/** Digests of one query at the most: more would make the first of them wait for the last. */
const digestsPerQuery = 100
/** What comes while so many are under way shares the next: many small queries take more of everything than few large ones. */
const queriesUnderWay = 2

/**
 * Gives the look-up of a secret by its digest: one indexed query, prepared once per connection by its name. What is looked
 * up in one turn of the event loop shares a query, which takes hardly longer than one for a single secret.
 * @throws MomentryError `DATABASE_UNAVAILABLE`, which says nothing about the secret
 */
export function createSecretFinder(pool: Pool): (digest: Buffer) => Promise<SecretRecord | undefined> {
  const share = createScopesSharer()
  const gate = createGate(queriesUnderWay)
  const find = (digests: readonly Buffer[]) => findSecrets(pool, digests, share).finally(gate.leave)
  const loader = new DataLoader<Buffer, SecretRecord | undefined>(find, {
    cache: false,
    maxBatchSize: digestsPerQuery,
    batchScheduleFn: gate.enter,
  })
  return (digest) => loader.load(digest)
}

/** @returns a record for each digest, in their order; undefined for one that is nobody's */
async function findSecrets(
  pool: Pool,
  digests: readonly Buffer[],
  share: ShareScopes,
): Promise<(SecretRecord | undefined)[]> {
  const query: QueryConfig & { query_timeout: number } = {
    name: 'momentry-find-secrets',
    text,
    values: [digests],
    query_timeout: queryTimeoutMs,
  }
  try {
    const { rows } = await pool.query<Row>(query)
    const found = new Map(rows.map((row) => [row.digest.toString('latin1'), toRecord(row, share)]))
    return digests.map((digest) => found.get(digest.toString('latin1')))
  } catch (error) {
    if (!isPostgresUnavailable(error)) throw error
    throw new MomentryError('DATABASE_UNAVAILABLE', 'the key cannot be looked up just now', {
      retryAfterSeconds: 1,
      cause: error,
    })
  }
}

function toRecord(row: Row, share: ShareScopes): SecretRecord {
  const record = {
    keyId: row.key_id,
    digest: row.digest.toString('latin1'),
    version: row.version,
    currentVersion: row.secret_version,
    supersededAt: row.superseded_at ?? undefined,
    graceEndsAt: row.grace_ends_at ?? undefined,
    claimable: row.claimable,
    awaitsFirstUse: row.awaits_first_use,
    rotation:
      row.rotation_id === null || row.rotated_at === null ? undefined : { id: row.rotation_id, at: row.rotated_at },
    type: keyTypes.find((type) => type === row.type) ?? row.type,
    scopes: share(row.scopes),
    isAllowedFrom: prepareAddresses(row.policy.allowedAddresses),
    limits: prepareLimits(row.policy, row.throttled_until ?? undefined),
    enabled: row.enabled,
    expiresAt: row.expires_at ?? undefined,
    revokedAt: row.revoked_at ?? undefined,
  }
  const { name, owner_id: ownerId, metadata } = row
  return { ...record, facts: writeFacts(record, { name, ownerId, metadata }) }
}

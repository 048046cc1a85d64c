import type pg from 'pg'
import type { SumColumns } from './columns.ts'

interface Flush {
  flushId: string
  partition: number
  sums: SumColumns
}

/** A row belonged to the rest when its statement began, and to a month that was made meanwhile when it came to be written. */
const movedPartition = '23514'
/** Months that one turn of upkeep makes (`months/make.ts`), each of which may come between. */
const maxMoves = 3

/** Writes a flush's sums in one transaction with its id; one whose id is there already changes nothing. */
export async function writeSums(pool: pg.Pool, flush: Flush): Promise<void> {
  for (let moves = 0; ; moves += 1)
    try {
      return await writeOnce(pool, flush)
    } catch (error) {
      const isMoved = error instanceof Error && 'code' in error && error.code === movedPartition
      if (!isMoved || moves >= maxMoves) throw error
    }
}

async function writeOnce(pool: pg.Pool, flush: Flush): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    const first = await client.query(
      'INSERT INTO api_key_usage_flushes (id, partition) VALUES ($1, $2) ON CONFLICT DO NOTHING',
      [flush.flushId, flush.partition],
    )
    if (first.rowCount === 1) {
      await addMinutes(client, flush.sums.minutes)
      await addAddresses(client, flush.sums.addresses)
      await addSecrets(client, flush.sums.secrets)
      await touchKeys(client, flush.sums.minutes)
    }
    await client.query('COMMIT')
    client.release()
  } catch (error) {
    // The connection may hold half a transaction: it is closed, and with it the transaction is rolled back.
    client.release(true)
    throw error
  }
}

/** Rows of one key and minute come from many batches, and are added up first: a statement may touch each row only once. */
async function addMinutes(client: pg.PoolClient, columns: SumColumns['minutes']): Promise<void> {
  await client.query(
    `INSERT INTO api_key_usage AS row (key_id, minute, requests, errors, latency_ms, latency_samples)
     SELECT key_id, to_timestamp(minute / 1000.0), sum(requests), sum(errors), round(sum(latency_ms)), sum(latency_samples)
     FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::float8[], $6::bigint[])
       AS added (key_id, minute, requests, errors, latency_ms, latency_samples)
     GROUP BY key_id, minute ORDER BY key_id, minute
     ON CONFLICT (key_id, minute) DO UPDATE SET
       requests = row.requests + excluded.requests,
       errors = row.errors + excluded.errors,
       latency_ms = row.latency_ms + excluded.latency_ms,
       latency_samples = row.latency_samples + excluded.latency_samples`,
    columns.slice(0, 6).map(arrayOf),
  )
}

async function addAddresses(client: pg.PoolClient, columns: SumColumns['addresses']): Promise<void> {
  await client.query(
    `INSERT INTO api_key_usage_addresses AS row (key_id, hour, address, requests, errors, first_seen_at, last_seen_at)
     SELECT key_id, to_timestamp(hour / 1000.0), address, sum(requests), sum(errors),
       to_timestamp(min(first_seen) / 1000.0), to_timestamp(max(last_seen) / 1000.0)
     FROM unnest($1::uuid[], $2::bigint[], $3::inet[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[])
       AS added (key_id, hour, address, requests, errors, first_seen, last_seen)
     GROUP BY key_id, hour, address ORDER BY key_id, hour, address
     ON CONFLICT (key_id, hour, address) DO UPDATE SET
       requests = row.requests + excluded.requests,
       errors = row.errors + excluded.errors,
       first_seen_at = least(row.first_seen_at, excluded.first_seen_at),
       last_seen_at = greatest(row.last_seen_at, excluded.last_seen_at)`,
    columns.map(arrayOf),
  )
}

/** Who still uses which version of a secret. Rotations are of a higher floor; their usage is a sum like the others. */
async function addSecrets(client: pg.PoolClient, columns: SumColumns['secrets']): Promise<void> {
  if (columns[0] === '') return
  await client.query(
    `INSERT INTO api_key_rotation_usage AS row (rotation_id, version, address, requests, refused, last_used_at)
     SELECT rotation_id, version, address, sum(requests), sum(refused), to_timestamp(max(last_used) / 1000.0)
     FROM unnest($1::uuid[], $2::int[], $3::inet[], $4::bigint[], $5::bigint[], $6::bigint[])
       AS added (rotation_id, version, address, requests, refused, last_used)
     GROUP BY rotation_id, version, address ORDER BY rotation_id, version, address
     ON CONFLICT (rotation_id, version, address) DO UPDATE SET
       requests = row.requests + excluded.requests,
       refused = row.refused + excluded.refused,
       last_used_at = greatest(row.last_used_at, excluded.last_used_at)`,
    columns.map(arrayOf),
  )
}

/**
 * When each key was last used, to the minute: in batches here, so that no request waits for it, and not with each flush,
 * since a time that stands in an index costs as much as the sums themselves.
 */
async function touchKeys(client: pg.PoolClient, columns: SumColumns['minutes']): Promise<void> {
  await client.query(
    `UPDATE api_keys SET last_used_at = used.at
     FROM (
       SELECT key_id, to_timestamp(max(newest) / 1000.0) AS at
       FROM unnest($1::uuid[], $2::bigint[]) AS added (key_id, newest) GROUP BY key_id
     ) AS used
     WHERE api_keys.id = used.key_id AND (api_keys.last_used_at IS NULL OR api_keys.last_used_at < used.at - interval '1 minute')`,
    [arrayOf(columns[0]), arrayOf(columns[6])],
  )
}

/** As Postgres writes and reads an array. */
function arrayOf(column = ''): string {
  return `{${column}}`
}

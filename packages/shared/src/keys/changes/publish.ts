import type { KeyChange, PublishChanges } from '../../platform/context.ts'
import type { Queryable } from '../../platform/postgres/client.ts'
import { eq, inArray, sql } from '../../platform/postgres/query.ts'
import type { Logger } from '../../platform/process/log.ts'
import type { RedisClient } from '../../platform/redis/client.ts'
import type { Names } from '../../platform/redis/names.ts'
import { apiKeyChanges } from '../table.ts'

export interface ChangePublisherDeps {
  db: Queryable
  redis: RedisClient
  names: Names
  log: Logger
}

/** Rows of the outbox that one sweep takes at the most. */
const sweepLimit = 1000

/**
 * Gives the function that tells every process of committed changes of keys: it publishes `{keyId}` on the change channel
 * and removes the rows. It never throws: what could not be published stays in the outbox.
 */
export function createChangePublisher(deps: ChangePublisherDeps): PublishChanges {
  return async (changes) => {
    try {
      await publishRows(deps, changes)
    } catch (error) {
      deps.log.warn({ err: error }, 'a change of a key could not be told; it will be told again')
    }
  }
}

/**
 * Publishes what is left in the outbox by processes that died, or that had no Redis, between commit and publishing.
 * @param olderThanMs leaves younger rows to those who wrote them
 * @returns how many were published
 */
export async function sweepChanges(deps: ChangePublisherDeps, olderThanMs: number): Promise<number> {
  const rows = await deps.db
    .select({ id: apiKeyChanges.id, keyId: apiKeyChanges.keyId })
    .from(apiKeyChanges)
    .where(sql`${apiKeyChanges.changedAt} < now() - make_interval(secs => ${olderThanMs / 1000})`)
    .orderBy(apiKeyChanges.id)
    .limit(sweepLimit)
  await publishRows(deps, rows)
  return rows.length
}

/**
 * Publishes the changes of one key that whoever made them has not told of yet.
 * @returns how many there were
 * @throws where Redis or Postgres is away
 */
export async function publishChangesOf(deps: ChangePublisherDeps, keyId: string): Promise<number> {
  const rows = await deps.db
    .select({ id: apiKeyChanges.id, keyId: apiKeyChanges.keyId })
    .from(apiKeyChanges)
    .where(eq(apiKeyChanges.keyId, keyId))
  await publishRows(deps, rows)
  return rows.length
}

async function publishRows(deps: ChangePublisherDeps, rows: readonly KeyChange[]): Promise<void> {
  if (rows.length === 0) return
  for (const keyId of new Set(rows.map((row) => row.keyId)))
    await deps.redis.publish(deps.names.changeChannel, JSON.stringify({ keyId }))
  const ids = rows.map((row) => row.id)
  await deps.db.delete(apiKeyChanges).where(inArray(apiKeyChanges.id, ids))
}

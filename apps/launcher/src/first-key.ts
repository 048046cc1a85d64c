import { join } from 'node:path'
import { writePrivateFile } from '@momentry/embedded/host/secret-file.ts'
import { createKey } from '@momentry/shared/keys/create.ts'
import { apiKeys } from '@momentry/shared/keys/table.ts'
import { systemClock } from '@momentry/shared/platform/clock.ts'
import { type Context, systemActor, withTransaction } from '@momentry/shared/platform/context.ts'
import { createId } from '@momentry/shared/platform/id.ts'
import { createPostgres } from '@momentry/shared/platform/postgres/client.ts'
import { eq, sql } from '@momentry/shared/platform/postgres/query.ts'
import { createLogger } from '@momentry/shared/platform/process/log.ts'
import type { Signer } from '@momentry/shared/platform/sign.ts'

/** Two launchers on one database make one first key, under this lock; audit/append.ts and platform/postgres/migrate.ts have others. */
const lockId = 7_160_393

/**
 * Makes the first system key where a database has none, and keeps it in the data directory's `credentials.json`. The file
 * is written before the commit, so that no interruption leaves a key whose secret nobody knows.
 * @returns the secret, or undefined where there was a system key already
 */
export async function makeFirstKey(databaseUrl: string, dataDir: string, signer: Signer): Promise<string | undefined> {
  const log = createLogger({ name: 'launcher', level: 'silent' })
  const postgres = createPostgres({ url: databaseUrl, poolSize: 1, applicationName: 'momentry-launcher', log })
  // No process caches a key that was never used, so nobody needs to be told of it.
  const context: Context = {
    db: postgres.db,
    actor: systemActor,
    requestId: createId(),
    now: systemClock,
    publishChanges: async () => {},
    signer,
  }
  try {
    return await withTransaction(context, async (tx) => {
      await tx.db.execute(sql`SELECT pg_advisory_xact_lock(${lockId})`)
      const [existing] = await tx.db.select({ id: apiKeys.id }).from(apiKeys).where(eq(apiKeys.type, 'system')).limit(1)
      if (existing) return undefined
      const { key, secret } = await createKey(tx, { type: 'system', name: 'first system key' })
      const credentials = JSON.stringify({ keyId: key.id, key: secret }, null, 2)
      await writePrivateFile(join(dataDir, 'credentials.json'), `${credentials}\n`)
      return secret
    })
  } finally {
    await postgres.close()
  }
}

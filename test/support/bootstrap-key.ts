import { createKey } from '@momentry/shared/keys/create.ts'
import type { KeyType } from '@momentry/shared/keys/kinds.ts'
import { systemActor } from '@momentry/shared/platform/context.ts'
import { createPostgres } from '@momentry/shared/platform/postgres/client.ts'
import { createLogger } from '@momentry/shared/platform/process/log.ts'
import { createTestSigner } from './signer.ts'

export interface BootstrapKey {
  keyId: string
  /** The secret. */
  key: string
}

/**
 * Makes a key straight in the database, as set-up does for the first one.
 * @param options a system key that holds everything, unless told otherwise
 */
export async function createBootstrapKey(
  databaseUrl: string,
  options: { type?: KeyType; name?: string; scopes?: string[] } = {},
): Promise<BootstrapKey> {
  const log = createLogger({ name: 'bootstrap', level: 'silent' })
  const postgres = createPostgres({ url: databaseUrl, poolSize: 1, applicationName: 'momentry-test', log })
  try {
    const { key, secret } = await createKey(
      {
        db: postgres.db,
        actor: systemActor,
        requestId: 'bootstrap',
        now: Date.now,
        publishChanges: async () => undefined,
        signer: createTestSigner(),
      },
      {
        type: options.type ?? 'system',
        name: options.name ?? 'bootstrap',
        ...(options.scopes && { scopes: options.scopes }),
      },
    )
    return { keyId: key.id, key: secret }
  } finally {
    await postgres.close()
  }
}

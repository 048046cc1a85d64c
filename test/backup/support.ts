import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatabaseDeps } from '@momentry/shared/backup/deps.ts'
import { createDirectoryStorage } from '@momentry/shared/backup/storage/directory.ts'
import { createKey } from '@momentry/shared/keys/create.ts'
import { hashSecret } from '@momentry/shared/keys/secret.ts'
import { createSecretFinder } from '@momentry/shared/keys/validation/record/find.ts'
import type { Context } from '@momentry/shared/platform/context.ts'
import { createPostgres, type Postgres } from '@momentry/shared/platform/postgres/client.ts'
import { createLogger } from '@momentry/shared/platform/process/log.ts'
import { inject } from 'vitest'
import { createTestContext } from '../rotation/context.ts'
import { createTestStores } from '../support/stores.ts'

export interface TestDatabase {
  url: string
  postgres: Postgres
  context: Context
  /** Makes keys and gives their secrets. */
  makeKeys(count: number): Promise<string[]>
  /** Which of these secrets the database knows. */
  known(secrets: readonly string[]): Promise<number>
  rows(sql: string): Promise<Record<string, unknown>[]>
}

export interface BackupBench {
  folder: string
  deps(database: TestDatabase): DatabaseDeps
  openDatabase(): Promise<TestDatabase>
  close(): Promise<void>
}

/** A folder for backups, and databases to make them of. */
export async function createBackupBench(): Promise<BackupBench> {
  const folder = await mkdtemp(join(tmpdir(), 'momentry-backup-'))
  const log = createLogger({ name: 'test', level: 'silent' })
  const closers: (() => Promise<unknown>)[] = []
  return {
    folder,
    deps: ({ url }) => ({
      databaseUrl: url,
      storage: createDirectoryStorage(folder),
      masterKeys: [inject('masterKey')],
      now: Date.now,
    }),
    async openDatabase() {
      const stores = await createTestStores()
      const postgres = createPostgres({ url: stores.databaseUrl, poolSize: 4, applicationName: 'test', log })
      closers.push(async () => {
        await postgres.close()
        await stores.close()
      })
      const context = createTestContext(postgres, Date.now)
      const find = createSecretFinder(postgres.pool)
      return {
        url: stores.databaseUrl,
        postgres,
        context,
        async makeKeys(count) {
          const secrets: string[] = []
          for (let n = 0; n < count; n += 1) {
            const input = {
              type: 'service',
              name: `key\t${n}\n\\`,
              scopes: ['a:read'],
              metadata: { n, ü: null },
            } as const
            secrets.push((await createKey(context, { ...input, scopes: [...input.scopes] })).secret)
          }
          return secrets
        },
        async known(secrets) {
          const found = await Promise.all(secrets.map((secret) => find(hashSecret(secret))))
          return found.filter((record) => record !== undefined).length
        },
        rows: async (sql) => (await postgres.pool.query(sql)).rows,
      }
    },
    async close() {
      for (const close of closers) await close()
      await rm(folder, { recursive: true })
    },
  }
}

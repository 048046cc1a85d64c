import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'
import { databaseUrl, runSql } from './servers/database.ts'
import { noteSecret } from './written/keep.ts'

export interface TestStores {
  databaseUrl: string
  redisUrl: string
  /** Of all names in Redis; no other test file has it. */
  prefix: string
  masterKey: string
  /** What a process of Momentry needs to run on these stores. */
  env: Record<string, string>
  close(): Promise<void>
}

/** Gives a test file a database of its own, with all migrations applied, and a part of Redis of its own. */
export async function createTestStores(): Promise<TestStores> {
  const adminUrl = inject('adminUrl')
  const redisUrl = inject('redisUrl')
  const id = randomBytes(6).toString('hex')
  const database = `test_${id}`
  const prefix = `test-${id}`
  const masterKey = inject('masterKey')
  noteSecret(masterKey)
  // By files, which are not synced here: page by page through the log takes three times as long.
  await runSql(adminUrl, `CREATE DATABASE ${database} TEMPLATE ${inject('templateName')} STRATEGY FILE_COPY`)
  const url = databaseUrl(adminUrl, database)
  return {
    databaseUrl: url,
    redisUrl,
    prefix,
    masterKey,
    env: {
      DATABASE_URL: url,
      REDIS_URL: redisUrl,
      MOMENTRY_REDIS_PREFIX: prefix,
      MOMENTRY_MASTER_KEY: masterKey,
      PORT: '0',
      LOG_LEVEL: 'info',
    },
    close: () => runSql(adminUrl, `DROP DATABASE IF EXISTS ${database} WITH (FORCE)`),
  }
}

import { migrateDatabase } from '@momentry/shared/platform/postgres/migrate.ts'
import { findServers } from './servers.ts'
import type { TestServer } from './test-server.ts'

/** Starts a Redis of one test file's own, with an append-only file, to be stopped and killed at will. */
export async function startPrivateRedis(): Promise<TestServer> {
  return (await findServers()).startRedis()
}

/** Starts a Postgres of one test file's own, with all migrations applied, to be stopped and killed at will. */
export async function startPrivatePostgres(): Promise<TestServer> {
  const server = await (await findServers()).startPostgres()
  await migrateDatabase(server.url)
  return server
}

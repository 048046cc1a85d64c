import { Redis } from 'ioredis'
import { afterAll, expect, test } from 'vitest'
import { runSql } from './support/servers/database.ts'
import { startPrivatePostgres, startPrivateRedis } from './support/servers/private-servers.ts'
import { createTestStores } from './support/stores.ts'

const closers: (() => Promise<void>)[] = []
afterAll(() => Promise.all(closers.map((close) => close())))

test('each test file has a migrated database of its own', async () => {
  const [one, other] = await Promise.all([createTestStores(), createTestStores()])
  closers.push(one.close, other.close)
  await runSql(one.databaseUrl, 'ALTER TABLE api_keys RENAME TO moved')
  await runSql(other.databaseUrl, 'SELECT id FROM api_keys')
  await expect(runSql(one.databaseUrl, 'SELECT id FROM api_keys')).rejects.toThrow('does not exist')
})

test('a private Redis keeps its address and its data over a stop, and refuses while it is stopped', async () => {
  const server = await startPrivateRedis()
  closers.push(server.close)
  const client = new Redis(server.url, { lazyConnect: true, retryStrategy: () => null, enableOfflineQueue: false })
  client.on('error', () => {})
  await client.connect()
  await client.set('here', 'still')
  await server.stop()
  await expect(client.connect()).rejects.toThrow()
  await server.start()
  await client.connect()
  expect(await client.get('here')).toBe('still')
  client.disconnect()
})

test('a private Postgres comes back after a crash with what was committed', async () => {
  const server = await startPrivatePostgres()
  closers.push(server.close)
  await runSql(server.url, 'CREATE TABLE here (still int)')
  await server.kill()
  await expect(runSql(server.url, 'SELECT still FROM here')).rejects.toThrow('ECONNREFUSED')
  await server.start()
  await runSql(server.url, 'SELECT still FROM here')
})

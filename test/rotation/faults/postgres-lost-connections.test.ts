import { createPostgres, isPostgresUnavailable, type Postgres } from '@momentry/shared/platform/postgres/client.ts'
import { sql } from '@momentry/shared/platform/postgres/query.ts'
import { createLogger } from '@momentry/shared/platform/process/log.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestStores, type TestStores } from '../../support/stores.ts'

const size = 4

let stores: TestStores
let cut: Postgres
let admin: Postgres
beforeAll(async () => {
  stores = await createTestStores()
  const log = createLogger({ name: 'test', level: 'silent' })
  const open = (applicationName: string) =>
    createPostgres({ url: stores.databaseUrl, poolSize: size, applicationName, log })
  cut = open('cut')
  admin = open('admin')
})
afterAll(async () => {
  await Promise.all([cut.close(), admin.close()])
  await stores.close()
})

const cutAll = () =>
  admin.pool.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'cut'`)

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  )

/** As many transactions at once as the pool has connections; gives those that failed. */
async function transactAll(): Promise<unknown[]> {
  const transact = () => failureOf(cut.db.transaction((tx) => tx.execute(sql`select 1`)))
  const failures = await Promise.all(Array.from({ length: size }, transact))
  return failures.filter((failure) => failure !== undefined)
}

describe('connections that break', () => {
  it('are all replaced, at whatever statement of a transaction it was', async () => {
    const brokenAt = new Set<string>()
    while (!brokenAt.has('begin')) {
      const [failures] = await Promise.all([transactAll(), cutAll()])
      for (const failure of failures) {
        expect(isPostgresUnavailable(failure), String(failure)).toBe(true)
        brokenAt.add(/Failed query: (\w+)/.exec(String(failure))?.[1] ?? '')
      }
    }
    await expect.poll(transactAll).toEqual([])
    expect(cut.pool.idleCount).toBe(cut.pool.totalCount)
  })

  it('are told apart from a fault where no statement was under way', async () => {
    const broken = cut.db.transaction(async (tx) => {
      await cutAll()
      const ping = () => failureOf(tx.execute(sql`select 1`)).then((error) => error instanceof Error && error.cause)
      await expect.poll(async () => String(await ping())).toContain('not queryable')
      await tx.execute(sql`select 1`)
    })
    expect(isPostgresUnavailable(await failureOf(broken))).toBe(true)
    await expect.poll(transactAll).toEqual([])
  })
})

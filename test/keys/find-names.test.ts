import { namesThatHold } from '@momentry/shared/keys/find-names.ts'
import { apiKeys } from '@momentry/shared/keys/table.ts'
import { createPostgres } from '@momentry/shared/platform/postgres/client.ts'
import { createLogger } from '@momentry/shared/platform/process/log.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestStores } from '../support/stores.ts'

const stores = await createTestStores()
const { db, pool, close } = createPostgres({
  ...{ url: stores.databaseUrl, poolSize: 4, applicationName: 'test' },
  log: createLogger({ name: 'test', level: 'silent' }),
})

/** More than PostgreSQL guesses to be few of, and each with a number of its own that is in no other's. */
const keys = 12_000

beforeAll(async () => {
  await pool.query(
    `INSERT INTO api_keys (id, type, name, scopes, metadata, policy, enabled, created_at, updated_at)
     SELECT uuidv7(), 'service', 'Payments of ' || (ARRAY['Berlin', 'Oslo'])[1 + n % 2] || ' #' || (100000 + n) || '_50%', '{}', '{}', '{}',
            true, now(), now()
     FROM generate_series(1, $1::int) AS n`,
    [keys],
  )
  await pool.query('ANALYZE api_keys')
})
afterAll(async () => {
  await close()
  await stores.close()
})

async function find(text: string) {
  const query = db
    .select({ name: apiKeys.name })
    .from(apiKeys)
    .where(await namesThatHold(db, text))
    .orderBy(apiKeys.name)
  return { found: (await query).map(({ name }) => name), sql: query.toSQL().sql }
}

it.each([
  ['payments of', false],
  ['Berlin', false],
  ['#104711', false],
  ['of Berlin #104711', true],
  ['payments of Oslo #104712', true],
  // Other blanks, or another order, than in the name.
  ['berlin  #104711', true],
  ['#104711 berlin', true],
  ['payments of Berlin #104711_50%', true],
  ['payments of Berlin #104711%50_', true],
  ['payments of nowhere', true],
])('finds the names that hold %j, whether by rare words alone (%j) or not', async (text, byRareWords) => {
  const { found, sql } = await find(text)
  const { rows } = await pool.query<{ name: string }>(
    'SELECT name FROM api_keys WHERE strpos(lower(name), lower($1)) > 0 ORDER BY name',
    [text],
  )
  expect(found).toEqual(rows.map(({ name }) => name))
  expect(sql.includes('strpos')).toBe(byRareWords)
})

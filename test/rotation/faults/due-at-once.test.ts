import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient, makeKey } from '../../api/client.ts'
import { untilHolds } from '../../support/until-holds.ts'
import { eventually, type Fleet, startFleet } from './fleet.ts'

const hour = 3_600_000
/** KEYS=1000 for a longer queue. */
const keys = Number(process.env['KEYS'] ?? 150)
const policy = { rotation: { intervalSeconds: hour / 1000 } }

let f: Fleet
/** A key that was due every hour for five days while no worker ran. */
let late: { id: string; key: string }

beforeAll(async () => {
  f = await startFleet()
  late = await makeKey(f.asRoot, { policy })
  await makeDue(late.id, '5 days')
  await insertDueKeys(keys)
  await Promise.all([f.startWorker(), f.startWorker()])
  await untilHolds(async () => expect(await rotations()).toMatchObject({ completed: keys + 1 }))
  // Whatever swept before this one was due has seen all others once more.
  const sentinel = await makeKey(f.asRoot, { policy })
  await makeDue(sentinel.id, '0 s')
  await untilHolds(async () => expect(await f.versionsOf(sentinel.id)).toEqual([1, 2]))
})
afterAll(() => f.close())

/** Makes keys that are due within one minute, each with its first secret. */
async function insertDueKeys(count: number): Promise<void> {
  await f.bench.postgres.pool.query(
    `WITH made AS (
       INSERT INTO api_keys (id, type, name, scopes, policy, next_rotation_at, created_at, updated_at)
       SELECT gen_random_uuid(), 'service', 'due ' || n, '{}', $2, now() - n * interval '1 minute' / $1, now(), now()
       FROM generate_series(1, $1::int) AS n RETURNING id)
     INSERT INTO api_key_secrets (key_id, version, digest, hint, created_at)
     SELECT id, 1, sha256(id::text::bytea), 'hint', now() FROM made`,
    [count, policy],
  )
}

const makeDue = (id: string, ago: string) =>
  f.bench.postgres.pool.query('UPDATE api_keys SET next_rotation_at = now() - $2::interval WHERE id = $1', [id, ago])

async function rotations(): Promise<{ completed: number; total: number; keys: number }> {
  const { rows } = await f.bench.postgres.pool.query(
    `SELECT count(*) FILTER (WHERE state = 'completed')::int AS completed, count(*)::int AS total,
       count(DISTINCT key_id)::int AS keys FROM api_key_rotations`,
  )
  return rows[0]
}

describe('many keys that are due in the same minute', () => {
  it('have each one successor, and none is rotated twice', async () => {
    expect(await rotations()).toEqual({ completed: keys + 2, total: keys + 2, keys: keys + 2 })
    const { rows } = await f.bench.postgres.pool.query(
      `SELECT DISTINCT k.secret_version AS current,
         (SELECT array_agg(version ORDER BY version) FROM api_key_secrets WHERE key_id = k.id) AS versions
       FROM api_keys k WHERE name LIKE 'due %'`,
    )
    expect(rows).toEqual([{ current: 2, versions: [1, 2] }])
    await eventually(() => f.outbox()).toBe(0)
    expect((await f.asRoot('GET', '/v1/audit/verify')).body).toMatchObject({ valid: true })
  })

  it('come due again at times that lie ahead and differ', async () => {
    const { rows } = await f.bench.postgres.pool.query<{ at: Date; rotated: Date }>(
      `SELECT k.next_rotation_at AS at, r.finished_at AS rotated
       FROM api_keys k JOIN api_key_rotations r ON r.key_id = k.id WHERE k.name LIKE 'due %'`,
    )
    const ahead = rows.map(({ at, rotated }) => at.getTime() - rotated.getTime())
    expect(Math.min(...ahead)).toBeGreaterThanOrEqual(0.9 * hour)
    expect(Math.max(...ahead)).toBeLessThanOrEqual(hour)
    const minutes = new Map<number, number>()
    for (const { at } of rows) {
      const minute = Math.floor(at.getTime() / 60_000)
      minutes.set(minute, (minutes.get(minute) ?? 0) + 1)
    }
    // Spread over a tenth of the interval: six minutes, and not one.
    expect(Math.max(...minutes.values())).toBeLessThan(keys / 2)
  })
})

describe('a key that came due many times while no worker ran', () => {
  it('is rotated once, with a grace in which its holder can claim', async () => {
    expect(await f.rotationsOf(late.id)).toMatchObject([{ kind: 'scheduled', state: 'completed', toVersion: 2 }])
    const { body } = await createClient(f.apiUrl, late.key)('POST', '/v1/keys/self/claim')
    expect(body).toMatchObject({ keyId: late.id, secretVersion: 2 })
  })
})

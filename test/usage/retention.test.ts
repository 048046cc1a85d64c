import { pruneCredentials } from '@momentry/shared/integrations/credentials/prune.ts'
import { createId } from '@momentry/shared/platform/id.ts'
import { pruneRotations } from '@momentry/shared/rotation/upkeep/prune.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestStores, type TestStores } from '../support/stores.ts'
import { createWorkbench, type Workbench } from '../support/workbench.ts'

let stores: TestStores
let bench: Workbench
beforeAll(async () => {
  stores = await createTestStores()
  bench = await createWorkbench(stores.env)
})
afterAll(async () => {
  await bench.close()
  await stores.close()
})

const query = async (sql: string, values: unknown[] = []) => (await bench.postgres.pool.query(sql, values)).rows
const [old, recent] = ['2026-01-05T00:00:00Z', '2026-03-05T00:00:00Z']
/** Sixty days are kept. */
const now = Date.parse('2026-04-01T00:00:00Z')

it('removes who used what around rotations that are long over, and what policies did then', async () => {
  const keyId = await bench.insertKey('rotated')
  const rotate = async (state: string, finishedAt: string | null, lastUsedAt: string) => {
    const id = createId()
    await query(
      `INSERT INTO api_key_rotations (id, key_id, job_id, kind, state, finished_at, created_at, updated_at)
       VALUES ($1, $2, $3, 'manual', $4, $5, '2026-01-01', '2026-01-01')`,
      [id, keyId, createId(), state, finishedAt],
    )
    await query(
      `INSERT INTO api_key_rotation_usage (rotation_id, version, address, requests, refused, last_used_at) VALUES ($1, 1, '203.0.113.7', 1, 0, $2)`,
      [id, lastUsedAt],
    )
    return id
  }
  await rotate('failed', old, old)
  const used = await rotate('failed', old, recent)
  const late = await rotate('failed', recent, recent)
  const underWay = await rotate('queued', null, old)
  for (const at of [old, recent])
    await query(
      `INSERT INTO api_key_policy_actions (anomaly_id, key_id, action, dry_run, at) VALUES ($1, $2, 'disable', false, $3)`,
      [createId(), keyId, at],
    )

  expect(await pruneRotations(bench.postgres.db, 60, now)).toBe(2)
  const left = await query('SELECT rotation_id FROM api_key_rotation_usage')
  expect(left.map(({ rotation_id }) => rotation_id).sort()).toEqual([used, late, underWay].sort())
  expect(await query('SELECT at FROM api_key_policy_actions')).toEqual([{ at: new Date(recent) }])
  expect(await pruneRotations(bench.postgres.db, 60, now)).toBe(0)
})

it('removes credentials elsewhere that ended long ago, with their rotations, but nothing that still waits', async () => {
  const credential = async (state: string, endedAt: string | null) => {
    const id = createId()
    await query(
      `INSERT INTO gitea_tokens (id, server, owner, name, remote_name, remote_id, scopes, state, policy, created_at, renewed_at, updated_at, ended_at)
       VALUES ($1::uuid, 'http://gitea', 'me', $1::uuid::text, $1::uuid::text, $1::uuid::text, '{}', $2, '{}', '2026-01-01', '2026-01-01', '2026-01-01', $3)`,
      [id, state, endedAt],
    )
    return id
  }
  const rotation = async (credentialId: string, state: string, finishedAt: string | null) => {
    const id = createId()
    await query(
      `INSERT INTO integration_rotations (id, system, credential_id, job_id, kind, state, hand_over, from_version, old_remote_id, old_remote_name,
         new_remote_name, wakes_at, created_at, updated_at, finished_at)
       VALUES ($1, 'gitea', $2, $3, 'manual', $4, '{}', 1, 'a', 'b', 'c', '2026-01-01', '2026-01-01', '2026-01-01', $5)`,
      [id, credentialId, createId(), state, finishedAt],
    )
    return id
  }
  const [gone, active, recently, waiting] = [
    await credential('deleted', old),
    await credential('active', null),
    await credential('deleted', recent),
    await credential('deleted', old),
  ]
  await rotation(gone, 'completed', old)
  const others = [await rotation(active, 'completed', old), await rotation(waiting, 'draining', null)]

  expect(await pruneCredentials(bench.postgres.db, 60, now)).toBe(2)
  const ids = async (table: string) => (await query(`SELECT id FROM ${table}`)).map(({ id }) => id).sort()
  expect(await ids('gitea_tokens')).toEqual([active, recently, waiting].sort())
  expect(await ids('integration_rotations')).toEqual(others.sort())
})

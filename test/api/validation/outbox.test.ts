import { sweepChanges } from '@momentry/shared/keys/changes/publish.ts'
import { createLogger } from '@momentry/shared/platform/process/log.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createBootstrapKey } from '../../support/bootstrap-key.ts'
import { runSql } from '../../support/servers/database.ts'
import { createWorkbench, type Workbench } from '../../support/workbench.ts'
import { codeOf, makeKey } from '../client.ts'
import { type Harness, startHarness } from '../harness.ts'

let t: Harness
let bench: Workbench
beforeAll(async () => {
  t = await startHarness()
  bench = await createWorkbench(t.stores.env)
})
afterAll(async () => {
  await bench.close()
  await t.close()
})

const sweep = (olderThanMs: number) =>
  sweepChanges(
    {
      db: bench.postgres.db,
      redis: bench.redis,
      names: bench.names,
      log: createLogger({ name: 'test', level: 'silent' }),
    },
    olderThanMs,
  )
const waiting = async () => (await bench.postgres.pool.query('SELECT key_id FROM api_key_changes')).rows.length

describe('the outbox of changes', () => {
  it('is empty once a change is told', async () => {
    await sweep(0)
    const { id } = await makeKey(t.asRoot)
    await t.asRoot('DELETE', `/v1/keys/${id}`)
    expect(await waiting()).toBe(0)
  })

  it('is swept: a change whose process died before it told of it takes effect all the same', async () => {
    const { key, keyId } = await createBootstrapKey(t.stores.databaseUrl)
    await sweep(0)
    const validate = async () => codeOf(await t.asAnyone('POST', '/v1/keys/validate', { body: { key } }))
    expect(await validate()).toBe('VALID')
    await runSql(
      t.stores.databaseUrl,
      `UPDATE api_keys SET revoked_at = now() WHERE id = '${keyId}';
       INSERT INTO api_key_changes (key_id, changed_at) VALUES ('${keyId}', now() - interval '10 seconds')`,
    )
    expect(await validate()).toBe('VALID')
    expect(await sweep(60_000)).toBe(0)
    expect(await sweep(5_000)).toBe(1)
    expect(await waiting()).toBe(0)
    await expect.poll(validate).toBe('REVOKED')
  })
})

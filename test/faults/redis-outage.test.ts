import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createBootstrapKey } from '../support/bootstrap-key.ts'
import { createPost, type Post, startReporter, startValidator } from '../support/load.ts'
import { startProcess, type TestProcess } from '../support/processes/processes.ts'
import { startPrivateRedis } from '../support/servers/private-servers.ts'
import type { TestServer } from '../support/servers/test-server.ts'
import { createTestStores, type TestStores } from '../support/stores.ts'
import { untilHolds } from '../support/until-holds.ts'
import { createWorkbench, type Workbench } from '../support/workbench.ts'

/*
 * DESIGN.md section 4: while Redis is down validation still works, and usage is answered 503 so that the reporter keeps
 * it; afterwards all three processes work on, and every report that was answered 202 is counted once. Ten seconds, since
 * some drivers give up after six.
 */
const outageMs = 10_000
const createdKey = z.object({ id: z.string(), key: z.string() })

describe('Redis stopped for 10 s under load', () => {
  let redis: TestServer
  let stores: TestStores
  let bench: Workbench
  let processes: TestProcess[]
  let post: Post

  beforeAll(async () => {
    redis = await startPrivateRedis()
    stores = await createTestStores()
    const env = { ...stores.env, REDIS_URL: redis.url }
    bench = await createWorkbench(env)
    const operator = await createBootstrapKey(stores.databaseUrl)
    const apps = ['api', 'worker', 'alerter'] as const
    processes = await Promise.all(apps.map((app) => startProcess(app, env)))
    post = createPost(processes[0]?.url ?? '', operator.key)
  })

  afterAll(async () => {
    const codes = await Promise.all(processes.map((process) => process.stop()))
    await bench.close()
    await stores.close()
    await redis.close()
    expect(codes).toEqual([0, 0, 0])
  })

  it('validates throughout, keeps the reporter’s events, and works on in all three processes', async () => {
    const created = await post('/v1/keys', { type: 'service', name: 'through the outage' })
    const { id: keyId, key } = createdKey.parse(await created.json())
    const reporter = startReporter(post, keyId)
    const validator = startValidator(post, key, 20)
    await untilHolds(() => expect(reporter.seen.accepted).toBeGreaterThan(50))

    await redis.stop()
    const stoppedAt = Date.now()
    await untilHolds(() => {
      expect(reporter.seen.refused).toBeGreaterThan(0)
      expect(Date.now() - stoppedAt).toBeGreaterThan(outageMs)
    })
    expect(reporter.seen.retryAfter).toEqual(new Set(['1']))
    const before = reporter.seen.accepted
    await redis.start()

    await untilHolds(() => expect(reporter.seen.accepted).toBeGreaterThan(before + 200))
    await Promise.all([reporter.stop(), validator.stop()])
    expect([...validator.seen.keys()]).toEqual(['VALID'])

    // The worker: it folds, it judges, and its repeated job carries the sums to Postgres.
    await untilHolds(async () => {
      const { rows } = await bench.postgres.pool.query(
        'SELECT sum(requests)::int AS sum FROM api_key_usage WHERE key_id = $1',
        [keyId],
      )
      expect(rows[0].sum).toBe(reporter.seen.accepted)
    })
    // The alerter: what is found from now on reaches row and channel.
    await bench.append(
      'after the outage',
      Array.from({ length: 1001 }, () => ({ keyId, at: Date.now(), ip: undefined, status: 200, latencyMs: undefined })),
      300,
    )
    await untilHolds(async () => {
      expect((await bench.anomalies()).map(({ rule }) => rule)).toContain('high_request_rate')
      expect(bench.rulesTold()).toContain('high_request_rate')
    })
  })
})

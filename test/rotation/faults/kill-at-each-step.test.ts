import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startPrivateRedis } from '../../support/servers/private-servers.ts'
import type { TestServer } from '../../support/servers/test-server.ts'
import { breakRotations } from '../claims/trouble.ts'
import { alertsOf, type Case, expectDone, expectTidy, queueNew } from './cases.ts'
import { eventually, type Fleet, startFleet } from './fleet.ts'
import { allWait, killSteps } from './kill-steps.ts'
import { endWaiting, holdJobs, holdKeys } from './locks.ts'

/*
 * DESIGN.md section 4: a rotation either happened whole or not at all. The worker is killed while it is at a manual and
 * at a forced rotation at once; what the test holds in the stores keeps it at the step. A new worker has to end both: one
 * successor each, everybody told, both secrets as promised.
 */
let redis: TestServer
let f: Fleet
beforeAll(async () => {
  redis = await startPrivateRedis()
  f = await startFleet({ REDIS_URL: redis.url })
})
afterEach(() => f.stopWorkers())
afterAll(async () => {
  await f.close()
  await redis.close()
})

describe.each(Object.entries(killSteps))('a worker that is killed %s', (_, killAtStep) => {
  it('leaves a manual and a forced rotation that the next one ends, each once', async () => {
    const cases = [await queueNew(f, 'manual'), await queueNew(f, 'forced')]
    await killAtStep(f, cases)
    await f.startWorker()
    for (const each of cases) await expectWhole(each)
    await expectTidy(f)
  })
})

/** Done, and as its kind promises it: the new secret validates, and the log tells of it once. */
async function expectWhole(each: Case): Promise<void> {
  const { keyId, rotationId } = each
  await expectDone(f, each)
  expect(await f.validate(await f.fetchSecret(rotationId))).toEqual(['VALID', 'VALID'])
  const rotated = await f.asRoot('GET', `/v1/audit?keyId=${keyId}&action=key.rotated`)
  expect(rotated.body).toMatchObject({ data: [{ keyId, after: { rotationId, secretVersion: 2 } }] })
}

describe('a worker that is killed while it gives a rotation up', () => {
  it('leaves one that has failed for good, that people are told of, and that can be tried again', async () => {
    const each = await queueNew(f, 'manual')
    const { keyId, rotationId, jobId } = each
    const heal = await breakRotations(f.databaseUrl, keyId, 'no room')
    await f.bench.postgres.pool.query('UPDATE jobs SET attempts = max_attempts - 1 WHERE id = $1', [jobId])
    const releaseKey = await holdKeys(f.databaseUrl, [keyId])
    const worker = await f.startWorker()
    await allWait(f, [each])
    const releaseJob = await holdJobs(f.databaseUrl, [jobId])
    await releaseKey()
    await eventually(() => alertsOf(f, each, 'rotation.failed')).not.toEqual([])
    await allWait(f, [each])
    await f.kill(worker)
    await endWaiting(f.bench.postgres.pool)
    await releaseJob()

    await f.startWorker()
    await eventually(async () => (await f.job(jobId)).state).toBe('failed')
    expect(await f.job(jobId)).toMatchObject({ error: expect.stringContaining('no room') })
    expect(await f.read(rotationId)).toMatchObject({ state: 'failed', error: expect.stringContaining('no room') })
    await heal()
    expect(await f.asRoot('POST', `/v1/jobs/${jobId}/retry`)).toMatchObject({ status: 200 })
    await expectWhole(each)
  })
})

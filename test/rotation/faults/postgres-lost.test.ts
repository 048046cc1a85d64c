import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { TestProcess } from '../../support/processes/processes.ts'
import { startPrivatePostgres } from '../../support/servers/private-servers.ts'
import type { TestServer } from '../../support/servers/test-server.ts'
import { type Case, expectDone, expectTidy, queueNew } from './cases.ts'
import { eventually, type Fleet, startFleet } from './fleet.ts'
import { allWait } from './kill-steps.ts'
import { endWaiting, holdKeys, type Release } from './locks.ts'

/* A database that is away is no fault of a rotation: none fails for it, however many attempts it has behind it. */
let postgres: TestServer
let f: Fleet
beforeAll(async () => {
  postgres = await startPrivatePostgres()
  f = await startFleet({ DATABASE_URL: postgres.url })
})
afterEach(() => f.stopWorkers())
afterAll(async () => {
  await f.close()
  await postgres.close()
})

const queueMany = (count: number) =>
  Promise.all(Array.from({ length: count }, (_, n) => queueNew(f, n % 4 ? 'manual' : 'forced')))

/** Has all attempts but one behind them. */
const wear = (cases: Case[]) =>
  f.bench.postgres.pool.query('UPDATE jobs SET attempts = max_attempts - 1 WHERE id = ANY ($1)', [
    cases.map(({ jobId }) => jobId),
  ])

/** Starts a worker that is at the rotations' transactions, and waits there for the rows of their keys. */
async function workOn(cases: Case[]): Promise<{ worker: TestProcess; release: Release }> {
  const keyIds = cases.map(({ keyId }) => keyId)
  const release = await holdKeys(f.databaseUrl, keyIds)
  const worker = await f.startWorker()
  await allWait(f, cases)
  return { worker, release }
}

describe('rotations that run and rotations that wait', () => {
  it.each(['stop', 'kill'] as const)('are all completed after a %s of Postgres', async (end) => {
    const cases = await queueMany(12)
    await wear(cases)
    const { worker } = await workOn(cases.slice(0, 4))
    await postgres[end]()
    // Away for so long that each was tried again in vain.
    await eventually(() => worker.output().split('a job failed').length).toBeGreaterThan(10)
    await postgres.start()
    for (const each of cases) await expectDone(f, each)
    await expectTidy(f)
    expect(f.bench.alerts.filter(({ type }) => type === 'rotation.failed')).toEqual([])
  })

  it('do not fail where only their connections break', async () => {
    const cases = await queueMany(4)
    await wear(cases)
    const { release } = await workOn(cases)
    await endWaiting(f.bench.postgres.pool)
    await release()
    for (const each of cases) await expectDone(f, each)
  })
})

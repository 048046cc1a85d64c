import { expect } from 'vitest'
import { alertsOf, type Case } from './cases.ts'
import { eventually, type Fleet } from './fleet.ts'
import { endWaiting, holdAudit, holdJobs, holdKeys, holdSteps, waitingWorkers } from './locks.ts'

/** Each starts a worker, holds it at a step of two rotations at once, kills it there, and lets go of what it held. */
export const killSteps: Record<string, (f: Fleet, cases: Case[]) => Promise<void>> = {
  async 'before the transaction'(f, cases) {
    const keyIds = cases.map(({ keyId }) => keyId)
    const release = await holdKeys(f.databaseUrl, keyIds)
    const worker = await f.startWorker()
    await allWait(f, cases)
    expect(await states(f, cases)).toEqual(['running', 'running'])
    await f.kill(worker)
    await release()
  },
  async 'inside the transaction'(f, cases) {
    const { worker, release } = await untilAudit(f, cases)
    await f.kill(worker)
    await release()
  },
  async 'after commit and before publish'(f, cases) {
    const { worker, release } = await untilAudit(f, cases)
    await f.bench.redis.call('CLIENT', 'PAUSE', '60000', 'WRITE')
    await release()
    await eventually(() => states(f, cases)).toEqual(['completed', 'completed'])
    await f.kill(worker)
    const isLeft = async () => String(await f.bench.redis.call('CLIENT', 'LIST')).includes('momentry-worker')
    await eventually(isLeft).toBe(false)
    expect(told(f, cases)).toEqual([])
    await f.bench.redis.call('CLIENT', 'UNPAUSE')
  },
  async 'after publish and before the job’s end'(f, cases) {
    const { worker, release } = await untilAudit(f, cases)
    const releaseSteps = await holdSteps(f.databaseUrl)
    await release()
    await eventually(() => told(f, cases)).toEqual(cases)
    await allWait(f, cases)
    await f.kill(worker)
    await endWaiting(f.bench.postgres.pool)
    await releaseSteps()
  },
  async 'after people were told and before the job’s end'(f, cases) {
    const { worker, release } = await untilAudit(f, cases)
    const jobIds = cases.map(({ jobId }) => jobId)
    const releaseJobs = await holdJobs(f.databaseUrl, jobIds)
    await release()
    for (const each of cases) await eventually(() => alertsOf(f, each)).not.toEqual([])
    await allWait(f, cases)
    await f.kill(worker)
    await endWaiting(f.bench.postgres.pool)
    await releaseJobs()
  },
}

const states = (f: Fleet, cases: Case[]) =>
  Promise.all(cases.map(async ({ rotationId }) => (await f.read(rotationId)).state))

/** Those of which every process was told; the first time was their making. */
const told = (f: Fleet, cases: Case[]) => cases.filter(({ keyId }) => f.timesTold(keyId) > 1)

export const allWait = (f: Fleet, cases: Case[]) =>
  eventually(() => waitingWorkers(f.bench.postgres.pool)).toBe(cases.length)

/** Lets a worker come as far as the audit row, the last thing in the transaction. */
async function untilAudit(f: Fleet, cases: Case[]) {
  const release = await holdAudit(f.databaseUrl)
  const worker = await f.startWorker()
  await allWait(f, cases)
  return { worker, release }
}

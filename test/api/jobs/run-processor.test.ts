import { cancelJob, completeJob, failJob, requeueJob, startJob } from '@momentry/shared/jobs/progress.ts'
import { pruneJobs } from '@momentry/shared/jobs/prune.ts'
import { runProcessor } from '@momentry/shared/jobs/run-processor.ts'
import { jobProcessorResults } from '@momentry/shared/jobs/table.ts'
import { makeSecret } from '@momentry/shared/keys/secret.ts'
import { createId } from '@momentry/shared/platform/id.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createWorkbench } from '../../support/workbench.ts'
import { at, type JobsBench, openJobsBench, time } from './support.ts'

let opened: JobsBench
let t: JobsBench['t']
let bench: JobsBench['bench']
let db: JobsBench['db']
let make: JobsBench['make']
let results: JobsBench['results']
beforeAll(async () => {
  opened = await openJobsBench()
  ;({ t, bench, db, make, results } = opened)
})
afterAll(() => opened.close())
beforeEach(() => opened.clear())

describe('runProcessor', () => {
  let second = 0
  const deps = () => ({ db, now: () => at(second++) })
  beforeEach(() => {
    second = 10
  })

  it('notes that a step runs, and what it gave', async () => {
    const jobId = await make()
    const given = await runProcessor(deps(), { jobId, attempt: 1, processor: 'load' }, async () => {
      expect(await results(jobId)).toMatchObject([{ status: 'running', finishedAt: null, output: null }])
      return { keyId: 'k', versions: [1, 2] }
    })
    expect(given).toEqual({ keyId: 'k', versions: [1, 2] })
    expect(await results(jobId)).toEqual([
      {
        id: expect.any(String),
        jobId,
        processor: 'load',
        attempt: 1,
        status: 'completed',
        startedAt: time(10),
        finishedAt: time(11),
        output: given,
        error: null,
      },
    ])
  })

  it('notes why a step failed, in the words of what failed first and without secrets, and throws that on', async () => {
    const jobId = await make()
    const secret = makeSecret('service').secret
    const error = new Error('Failed query: …', { cause: new Error(`\0${secret}${'x'.repeat(1000)}`) })
    const place = { jobId, attempt: 1, processor: 'load' }
    await expect(runProcessor(deps(), place, () => Promise.reject(error))).rejects.toBe(error)
    const [row] = await results(jobId)
    expect(row).toMatchObject({ status: 'failed', startedAt: time(10), finishedAt: time(11), output: null })
    expect(row?.error).toBe(`mty_[redacted]${'x'.repeat(486)}`)
  })

  it('throws why a step failed also where that cannot be noted', async () => {
    const jobId = await make()
    const away = await createWorkbench(t.stores.env)
    const error = new Error('broken')
    const work = async () => {
      await away.close()
      throw error
    }
    const place = { jobId, attempt: 1, processor: 'load' }
    await expect(runProcessor({ ...deps(), db: away.postgres.db }, place, work)).rejects.toBe(error)
    expect(await results(jobId)).toMatchObject([{ status: 'running' }])
  })

  it('throws where the end of a step that worked cannot be noted', async () => {
    const jobId = await make()
    const away = await createWorkbench(t.stores.env)
    const work = async () => {
      await away.close()
      return {}
    }
    const place = { jobId, attempt: 1, processor: 'load' }
    await expect(runProcessor({ ...deps(), db: away.postgres.db }, place, work)).rejects.toThrow()
  })

  it('keeps one row per attempt and step, however often it runs', async () => {
    const jobId = await make()
    const run = (attempt: number, processor: string, work: () => Promise<Record<string, unknown>>) =>
      runProcessor(deps(), { jobId, attempt, processor }, work)
    await expect(run(1, 'load', () => Promise.reject(new Error('once')))).rejects.toThrow('once')
    const [before] = await results(jobId)
    await run(1, 'load', async () => {
      expect(await results(jobId)).toMatchObject([{ status: 'running', error: null, finishedAt: null }])
      return { n: 1 }
    })
    await expect(run(1, 'load', () => Promise.reject(new Error('again')))).rejects.toThrow('again')
    expect(await results(jobId)).toMatchObject([{ id: before?.id, status: 'failed', output: null }])
    await run(1, 'load', async () => ({ n: 2 }))
    await run(1, 'save', async () => ({ n: 3 }))
    await run(2, 'load', async () => ({ n: 4 }))
    expect((await results(jobId)).map(({ output, error }) => ({ output, error }))).toEqual([
      { output: { n: 2 }, error: null },
      { output: { n: 3 }, error: null },
      { output: { n: 4 }, error: null },
    ])
  })

  it('shows a step as failed once the next attempt begins, where its worker died', async () => {
    const [jobId, other] = [await make(), await make()]
    const never = Promise.withResolvers<Record<string, unknown>>()
    const begin = async (id: string) => {
      const attempt = (await startJob(db, id, at(1))) ?? 0
      await runProcessor(deps(), { jobId: id, attempt, processor: 'load' }, async () => ({ n: 1 }))
      const begun = Promise.withResolvers<void>()
      const work = () => {
        begun.resolve()
        return never.promise
      }
      const running = runProcessor(deps(), { jobId: id, attempt, processor: 'save' }, work)
      await begun.promise
      return running
    }
    // Wrapped, since what an async function gives is waited for.
    const started = await Promise.all([jobId, other].map(async (id) => ({ run: begin(id) })))
    await expect.poll(async () => (await results(jobId)).length + (await results(other)).length).toBe(4)
    expect(await startJob(db, jobId, at(100))).toBe(2)
    expect(await results(jobId)).toMatchObject([
      { processor: 'load', status: 'completed', error: null, output: { n: 1 } },
      {
        processor: 'save',
        status: 'failed',
        finishedAt: time(100),
        output: null,
        error: 'the worker stopped before it ended',
      },
    ])
    expect(await results(other)).toMatchObject([{ status: 'completed' }, { status: 'running', finishedAt: null }])
    // It was not dead after all: what it did counts.
    never.resolve({ n: 2 })
    await Promise.all(started.map(({ run }) => run))
    expect((await results(jobId))[1]).toMatchObject({ status: 'completed', output: { n: 2 }, error: null })
  })

  it('shows no step of a failed job as running', async () => {
    const jobId = await make()
    const attempt = (await startJob(db, jobId, at(1))) ?? 0
    const row = { id: createId(), jobId, attempt, processor: 'load', status: 'running' } as const
    await db.insert(jobProcessorResults).values({ ...row, startedAt: new Date(at(2)) })
    expect(await failJob(db, jobId, { error: 'stalled', final: true }, at(3))).toBe(true)
    expect(await results(jobId)).toMatchObject([{ status: 'failed', finishedAt: time(3) }])
  })
})

describe('pruneJobs', () => {
  it('removes what is over for long, with its steps, and nothing that is under way', async () => {
    const ways = {
      queued: async () => undefined,
      running: (id: string) => startJob(db, id, at(10)),
      completed: (id: string) => completeJob(db, id, at(10)),
      cancelled: (id: string) => cancelJob(db, id, at(10)),
      failed: async (id: string) => {
        await startJob(db, id, at(1))
        await failJob(db, id, { error: 'x', final: true }, at(10))
      },
      recent: (id: string) => completeJob(db, id, at(11)),
      requeued: async (id: string) => {
        await startJob(db, id, at(1))
        await failJob(db, id, { error: 'x', final: true }, at(2))
        await requeueJob(db, id, at(3))
      },
    }
    const ids = new Map<string, string>()
    for (const [name, go] of Object.entries(ways)) {
      const jobId = await make()
      ids.set(jobId, name)
      await go(jobId)
      const place = { jobId, attempt: 1, processor: 'step' }
      await runProcessor({ db, now: () => at(1) }, place, async () => ({}))
    }
    const left = async (column: string, table: string) => {
      const { rows } = await bench.postgres.pool.query(`SELECT ${column} AS id FROM ${table} ORDER BY 1`)
      return rows.map(({ id }) => ids.get(id))
    }
    expect(await pruneJobs(db, 60, at(70))).toBe(0)
    expect(await pruneJobs(db, 60, at(71) - 1)).toBe(3)
    expect(await left('id', 'jobs')).toEqual(['queued', 'running', 'recent', 'requeued'])
    expect(await left('job_id', 'job_processor_results')).toEqual(['queued', 'running', 'recent', 'requeued'])
    expect(await pruneJobs(db, 60, at(71) - 1)).toBe(0)
  })
})

import { createJob } from '@momentry/shared/jobs/create.ts'
import { getJob } from '@momentry/shared/jobs/get.ts'
import { cancelJob, completeJob, failJob, requeueJob, startJob } from '@momentry/shared/jobs/progress.ts'
import { pruneJobs } from '@momentry/shared/jobs/prune.ts'
import { listJobResults } from '@momentry/shared/jobs/results.ts'
import { runProcessor } from '@momentry/shared/jobs/run-processor.ts'
import { jobStates, processorStatuses } from '@momentry/shared/jobs/states.ts'
import { jobProcessorResults, jobs } from '@momentry/shared/jobs/table.ts'
import { createId } from '@momentry/shared/platform/id.ts'
import type { Queryable } from '@momentry/shared/platform/postgres/client.ts'
import { apiKeyRotations } from '@momentry/shared/rotation/table.ts'
import { eq, getTableColumns } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { runSql } from '../support/servers/database.ts'
import { createWorkbench, type Workbench } from '../support/workbench.ts'
import { codeOf, makeKey, pageOf } from './client.ts'
import { type Harness, startHarness } from './harness.ts'

let t: Harness
let bench: Workbench
let db: Queryable
beforeAll(async () => {
  t = await startHarness({ RATE_LIMIT_MAX_ATTEMPTS: '1000' })
  bench = await createWorkbench(t.stores.env)
  db = bench.postgres.db
})
afterAll(async () => {
  await bench.close()
  await t.close()
})
beforeEach(() => runSql(t.stores.databaseUrl, 'TRUNCATE jobs CASCADE'))

/** Any moment; times of the tests count in seconds from it. */
const start = Date.UTC(2026, 0, 6, 10)
const at = (second: number) => start + second * 1000
const time = (second: number) => new Date(at(second)).toISOString()

const make = (input: { queue?: string; keyId?: string; maxAttempts?: number } = {}) =>
  createJob(db, { queue: 'rotations', name: 'rotate', data: {}, maxAttempts: 3, ...input }, at(0))
const results = async (id: string) => (await listJobResults({ db }, id)).data

describe('columns and fields', () => {
  const id = '019a2b3c-0000-7000-8000-000000000001'
  const keyId = '019a2b3c-0000-7000-8000-000000000002'
  /** Each column of `jobs`, each with a value that no other has: [column, as stored, field, as shown]. */
  const jobColumns: [string, unknown, string, unknown][] = [
    ['id', id, 'id', id],
    ['queue', 'queue-1', 'queue', 'queue-1'],
    ['name', 'name-1', 'name', 'name-1'],
    ['state', 'failed', 'state', 'failed'],
    ['key_id', keyId, 'keyId', keyId],
    ['data', '{"a": [1, null, {"b": "é"}]}', 'data', { a: [1, null, { b: 'é' }] }],
    ['attempts', 4, 'attempts', 4],
    ['max_attempts', 7, 'maxAttempts', 7],
    ['error', 'error-1', 'error', 'error-1'],
    ['created_at', '2026-01-01T01:00:00.001+01', 'createdAt', '2026-01-01T00:00:00.001Z'],
    ['started_at', '2026-01-02T00:00:00.02Z', 'startedAt', '2026-01-02T00:00:00.020Z'],
    ['finished_at', '2026-01-03T00:00:00Z', 'finishedAt', '2026-01-03T00:00:00.000Z'],
    ['updated_at', '2026-01-04T00:00:00.4Z', 'updatedAt', '2026-01-04T00:00:00.400Z'],
  ]
  const resultId = '019a2b3c-0000-7000-8000-000000000003'
  const resultColumns: [string, unknown, string, unknown][] = [
    ['id', resultId, 'id', resultId],
    ['job_id', id, 'jobId', id],
    ['processor', 'processor-1', 'processor', 'processor-1'],
    ['attempt', 2, 'attempt', 2],
    ['status', 'completed', 'status', 'completed'],
    ['started_at', '2026-02-01T00:00:00.1Z', 'startedAt', '2026-02-01T00:00:00.100Z'],
    ['finished_at', '2026-02-02T00:00:00Z', 'finishedAt', '2026-02-02T00:00:00.000Z'],
    ['output', '{"keyId": "k", "deep": {"n": 1.5}}', 'output', { keyId: 'k', deep: { n: 1.5 } }],
    ['error', 'error-2', 'error', 'error-2'],
  ]
  const nulls = { job: ['key_id', 'error', 'started_at', 'finished_at'], result: ['finished_at', 'output', 'error'] }

  const insert = (table: string, columns: [string, unknown, string, unknown][], empty: string[] = []) =>
    bench.postgres.pool.query(
      `INSERT INTO ${table} (${columns.map(([name]) => name).join()}) VALUES (${columns.map((_, n) => `$${n + 1}`).join()})`,
      columns.map(([name, value]) => (empty.includes(name) ? null : value)),
    )
  const shown = (columns: [string, unknown, string, unknown][], empty: string[] = []) =>
    Object.fromEntries(columns.map(([name, , field, value]) => [field, empty.includes(name) ? null : value]))

  it('are all here', async () => {
    const names = async (table: string) => {
      const { rows } = await bench.postgres.pool.query(
        'SELECT column_name AS name, is_nullable AS nullable FROM information_schema.columns WHERE table_name = $1',
        [table],
      )
      return rows.map((row) => `${row.name} ${row.nullable}`).sort()
    }
    const expected = (columns: [string, unknown, string, unknown][], empty: string[]) =>
      columns.map(([name]) => `${name} ${empty.includes(name) ? 'YES' : 'NO'}`).sort()
    expect(await names('jobs')).toEqual(expected(jobColumns, nulls.job))
    expect(await names('job_processor_results')).toEqual(expected(resultColumns, nulls.result))
    expect(jobColumns.map(([, , field]) => field)).toEqual(Object.keys(getTableColumns(jobs)))
    expect(resultColumns.map(([, , field]) => field)).toEqual(Object.keys(getTableColumns(jobProcessorResults)))
  })

  it('agree one by one, in a list, alone and among results', async () => {
    await insert('jobs', jobColumns)
    await insert('job_processor_results', resultColumns)
    const job = shown(jobColumns)
    const pagination = { cursor: null, hasMore: false }
    expect((await t.asRoot('GET', `/v1/jobs/${id}`)).body).toEqual(job)
    expect((await t.asRoot('GET', '/v1/jobs')).body).toEqual({ data: [job], pagination })
    const answer = await t.asRoot('GET', `/v1/jobs/${id}/results`)
    expect(answer.body).toEqual({ data: [shown(resultColumns)], pagination })
  })

  it('agree where they are null', async () => {
    await insert('jobs', jobColumns, nulls.job)
    await insert('job_processor_results', resultColumns, nulls.result)
    const job = shown(jobColumns, nulls.job)
    expect((await t.asRoot('GET', `/v1/jobs/${id}`)).body).toEqual(job)
    expect((await t.asRoot('GET', '/v1/jobs')).body).toMatchObject({ data: [job] })
    const answer = await t.asRoot('GET', `/v1/jobs/${id}/results`)
    expect(answer.body).toMatchObject({ data: [shown(resultColumns, nulls.result)] })
  })

  it('agree in every state and status', async () => {
    await insert('jobs', jobColumns)
    await insert('job_processor_results', resultColumns)
    for (const state of jobStates) {
      await bench.postgres.pool.query('UPDATE jobs SET state = $1', [state])
      expect((await t.asRoot('GET', `/v1/jobs/${id}`)).body).toMatchObject({ state })
    }
    for (const status of processorStatuses) {
      await bench.postgres.pool.query('UPDATE job_processor_results SET status = $1', [status])
      expect((await t.asRoot('GET', `/v1/jobs/${id}/results`)).body).toMatchObject({ data: [{ status }] })
    }
  })
})

describe('GET /v1/jobs', () => {
  it('filters by queue, state and key, also all at once', async () => {
    const keyId = createId()
    const plain = await make()
    const upkeep = await make({ queue: 'upkeep' })
    const keyed = await make({ keyId })
    const done = await make({ keyId })
    await startJob(db, done, at(1))
    await completeJob(db, done, at(2))
    const ids = async (query: string) => pageOf(await t.asRoot('GET', `/v1/jobs?${query}`)).ids
    expect(await ids('')).toEqual([done, keyed, upkeep, plain])
    expect(await ids('queue=upkeep')).toEqual([upkeep])
    expect(await ids('state=completed')).toEqual([done])
    expect(await ids(`keyId=${keyId.toUpperCase()}`)).toEqual([done, keyed])
    expect(await ids(`queue=rotations&state=queued&keyId=${keyId}`)).toEqual([keyed])
    expect(await ids(`queue=upkeep&keyId=${keyId}`)).toEqual([])
  })

  it('pages through all of them, each once', async () => {
    const made: string[] = []
    for (let n = 0; n < 5; n += 1) made.push(await make())
    const first = pageOf(await t.asRoot('GET', '/v1/jobs?limit=2'))
    const second = pageOf(await t.asRoot('GET', `/v1/jobs?limit=2&cursor=${first.cursor}`))
    const third = pageOf(await t.asRoot('GET', `/v1/jobs?limit=2&cursor=${second.cursor}`))
    expect([...first.ids, ...second.ids, ...third.ids]).toEqual(made.reverse())
    expect([first.hasMore, second.hasMore, third.hasMore]).toEqual([true, true, false])
    expect(third.cursor).toBeNull()
    expect(pageOf(await t.asRoot('GET', '/v1/jobs?limit=5'))).toMatchObject({ cursor: null, hasMore: false })
  })

  it.each([
    ['limit=0', '/limit'],
    ['limit=201', '/limit'],
    ['state=done', '/state'],
    ['queue=%00', '/queue'],
    ['queue=', '/queue'],
    ['keyId=x', '/keyId'],
    ['cursor=x', '/cursor'],
  ])('refuses %s', async (query, pointer) => {
    expect(await t.asRoot('GET', `/v1/jobs?${query}`)).toMatchObject({
      status: 400,
      body: { code: 'VALIDATION_FAILED', errors: [{ pointer }] },
    })
  })

  it('refuses a filter that it does not know', async () => {
    expect((await t.asRoot('GET', '/v1/jobs?name=rotate')).status).toBe(400)
  })
})

describe('GET /v1/jobs/{id} and its results', () => {
  it.each(['', '/results'])('says that there is no such job: {id}%s', async (rest) => {
    const missing = await t.asRoot('GET', `/v1/jobs/${createId()}${rest}`)
    expect(missing).toMatchObject({ status: 404, body: { code: 'JOB_NOT_FOUND' } })
    const wrong = await t.asRoot('GET', `/v1/jobs/rotate${rest}`)
    expect(wrong).toMatchObject({ status: 400, body: { errors: [{ pointer: '/id' }] } })
  })

  it('gives the steps attempt by attempt, in the order in which they began, and of this job alone', async () => {
    const [id, other] = [await make(), await make()]
    const row = (jobId: string, attempt: number, processor: string, second: number) =>
      ({ id: createId(), jobId, attempt, processor, status: 'completed', startedAt: new Date(at(second)) }) as const
    await db
      .insert(jobProcessorResults)
      .values([row(id, 2, 'a', 5), row(id, 1, 'b', 3), row(other, 1, 'c', 4), row(id, 1, 'a', 1), row(id, 2, 'b', 6)])
    const steps = (await results(id)).map(({ attempt, processor }) => `${attempt}${processor}`)
    expect(steps).toEqual(['1a', '1b', '2a', '2b'])
  })

  it('gives 1,000 steps at the most, and says where there are more', async () => {
    const id = await make()
    const add = (from: number, to: number) =>
      bench.postgres.pool.query(
        `INSERT INTO job_processor_results (id, job_id, processor, attempt, status, started_at)
         SELECT gen_random_uuid(), $1, 'step', n, 'completed', now() FROM generate_series($2::int, $3::int) n`,
        [id, from, to],
      )
    await add(1, 1000)
    expect(pageOf(await t.asRoot('GET', `/v1/jobs/${id}/results`))).toMatchObject({ cursor: null, hasMore: false })
    await add(1001, 1001)
    const page = pageOf(await t.asRoot('GET', `/v1/jobs/${id}/results`))
    expect(page).toMatchObject({ cursor: null, hasMore: true })
    expect(page.ids).toHaveLength(1000)
  })
})

describe('who may', () => {
  const routes: [method: string, path: string, scope: string][] = [
    ['GET', '/v1/jobs', 'jobs:read'],
    ['GET', '/v1/jobs/{id}', 'jobs:read'],
    ['GET', '/v1/jobs/{id}/results', 'jobs:read'],
    ['POST', '/v1/jobs/{id}/retry', 'jobs:write'],
  ]

  it.each(routes)('%s %s: only who holds the scope', async (method, path, scope) => {
    const where = path.replace('{id}', await make())
    expect(await t.asAnyone(method, where)).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } })
    const stranger = await t.as('keys:*', 'audit:read', 'rotations:*')
    expect(await stranger(method, where)).toMatchObject({
      status: 403,
      body: { code: 'FORBIDDEN', detail: expect.stringContaining(scope) },
    })
    const holder = await t.as(scope)
    // What may be tried again is another question.
    expect((await holder(method, where)).status).toBe(method === 'GET' ? 200 : 409)
  })

  it('tells a key without the scope nothing of which jobs there are', async () => {
    const stranger = await t.as('jobs:write')
    const [there, missing] = [await make(), createId()]
    const codes = [there, missing].map(async (id) => codeOf(await stranger('GET', `/v1/jobs/${id}`)))
    expect(await Promise.all(codes)).toEqual(['FORBIDDEN', 'FORBIDDEN'])
  })
})

describe('POST /v1/jobs/{id}/retry', () => {
  type Rotation = typeof apiKeyRotations.$inferInsert
  const insertRotation = async (keyId: string, jobId: string, state: Rotation['state']) => {
    const id = createId()
    const time = new Date(at(0))
    await db
      .insert(apiKeyRotations)
      .values({ id, keyId, jobId, kind: 'manual', state, error: 'broken', createdAt: time, updatedAt: time })
    return id
  }
  /** A rotation that was given up, and its job. */
  const insertFailed = async (keyInput: object = {}) => {
    const { id: keyId } = await makeKey(t.asRoot, keyInput)
    const jobId = await make({ keyId })
    await startJob(db, jobId, at(1))
    await failJob(db, jobId, { error: 'broken', final: true }, at(2))
    return { keyId, jobId, rotationId: await insertRotation(keyId, jobId, 'failed') }
  }
  const stateOf = async (rotationId: string) => {
    const [row] = await db.select().from(apiKeyRotations).where(eq(apiKeyRotations.id, rotationId))
    return row?.state
  }

  it('queues a failed job and its rotation again, and notes who asked', async () => {
    const { keyId, jobId, rotationId } = await insertFailed()
    const answer = await t.asRoot('POST', `/v1/jobs/${jobId}/retry`)
    expect(answer).toMatchObject({
      status: 200,
      body: { id: jobId, state: 'queued', attempts: 0, error: 'broken', finishedAt: null },
    })
    expect((await t.asRoot('GET', `/v1/jobs/${jobId}`)).body).toEqual(answer.body)
    expect(await stateOf(rotationId)).toBe('queued')
    const audit = await t.asRoot('GET', `/v1/audit?keyId=${keyId}&limit=1`)
    expect(audit.body).toMatchObject({ data: [{ action: 'rotation.retried', actorKeyId: t.root.keyId }] })
  })

  it('does so once, where it is asked twice at once', async () => {
    const { jobId } = await insertFailed()
    const answers = await Promise.all([1, 2].map(() => t.asRoot('POST', `/v1/jobs/${jobId}/retry`)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  })

  it.each(['queued', 'running', 'completed', 'cancelled'] as const)(
    'refuses one that is %s, and changes nothing',
    async (state) => {
      const { jobId, rotationId } = await insertFailed()
      await db.update(jobs).set({ state }).where(eq(jobs.id, jobId))
      const before = await getJob({ db }, jobId)
      const answer = await t.asRoot('POST', `/v1/jobs/${jobId}/retry`)
      expect(answer).toMatchObject({ status: 409, body: { code: 'CONFLICT', detail: expect.stringContaining(state) } })
      expect(await getJob({ db }, jobId)).toEqual(before)
      expect(await stateOf(rotationId)).toBe('failed')
    },
  )

  it('refuses one that is no rotation, one that is not there, and what is no id', async () => {
    const upkeep = await make({ queue: 'upkeep' })
    await startJob(db, upkeep, at(1))
    await failJob(db, upkeep, { error: 'x', final: true }, at(2))
    const retry = (id: string) => t.asRoot('POST', `/v1/jobs/${id}/retry`)
    expect(await retry(upkeep)).toMatchObject({ status: 409, body: { code: 'CONFLICT' } })
    expect(await retry(createId())).toMatchObject({ status: 404, body: { code: 'JOB_NOT_FOUND' } })
    expect(await retry('x')).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED' } })
  })

  it('refuses it while another rotation of the key is under way', async () => {
    const { keyId, jobId } = await insertFailed()
    await insertRotation(keyId, await make({ keyId }), 'queued')
    expect(await t.asRoot('POST', `/v1/jobs/${jobId}/retry`)).toMatchObject({
      status: 409,
      body: { code: 'ROTATION_IN_PROGRESS' },
    })
    expect(await getJob({ db }, jobId)).toMatchObject({ state: 'failed', attempts: 1 })
  })

  it('refuses who may read jobs alone, and for a system key who holds less than it', async () => {
    const plain = await insertFailed()
    const system = await insertFailed({ type: 'system' })
    const [reader, writer] = [await t.as('jobs:read'), await t.as('jobs:write')]
    expect(codeOf(await reader('POST', `/v1/jobs/${plain.jobId}/retry`))).toBe('FORBIDDEN')
    expect(codeOf(await writer('POST', `/v1/jobs/${system.jobId}/retry`))).toBe('SCOPE_NOT_HELD')
    expect((await writer('POST', `/v1/jobs/${plain.jobId}/retry`)).status).toBe(200)
  })
})

describe('the life of a job', () => {
  it('begins queued, with what it was given', async () => {
    const keyId = createId()
    const data = { rotationId: createId() }
    const id = await createJob(db, { queue: 'rotations', name: 'rotate', keyId, data, maxAttempts: 5 }, at(0))
    expect(await getJob({ db }, id)).toEqual({
      id,
      queue: 'rotations',
      name: 'rotate',
      state: 'queued',
      keyId,
      data,
      attempts: 0,
      maxAttempts: 5,
      error: null,
      createdAt: time(0),
      startedAt: null,
      finishedAt: null,
      updatedAt: time(0),
    })
    expect(await getJob({ db }, await make())).toMatchObject({ keyId: null })
  })

  it('fails, waits, is tried again and is completed; it keeps when it first began', async () => {
    const id = await make()
    expect(await startJob(db, id, at(1))).toBe(1)
    expect(await getJob({ db }, id)).toMatchObject({
      state: 'running',
      attempts: 1,
      startedAt: time(1),
      updatedAt: time(1),
    })
    expect(await failJob(db, id, { error: 'no route', final: false }, at(2))).toBe(true)
    expect(await getJob({ db }, id)).toMatchObject({ state: 'queued', error: 'no route', finishedAt: null })
    expect(await startJob(db, id, at(3))).toBe(2)
    expect(await getJob({ db }, id)).toMatchObject({ state: 'running', error: 'no route', startedAt: time(1) })
    expect(await completeJob(db, id, at(4))).toBe(true)
    expect(await getJob({ db }, id)).toMatchObject({
      state: 'completed',
      attempts: 2,
      error: null,
      startedAt: time(1),
      finishedAt: time(4),
      updatedAt: time(4),
    })
  })

  it('fails for good, and may be queued again, with all attempts before it', async () => {
    const id = await make()
    const attempt = await startJob(db, id, at(1))
    const run = { jobId: id, attempt: attempt ?? 0, processor: 'step' }
    await runProcessor({ db, now: () => at(1), describe: String }, run, async () => ({}))
    expect(await failJob(db, id, { error: 'broken', final: true }, at(2))).toBe(true)
    expect(await getJob({ db }, id)).toMatchObject({ state: 'failed', error: 'broken', finishedAt: time(2) })
    expect(await startJob(db, id, at(3))).toBeUndefined()
    expect(await results(id)).toHaveLength(1)
    expect(await requeueJob(db, id, at(4))).toBe(true)
    expect(await getJob({ db }, id)).toMatchObject({
      state: 'queued',
      attempts: 0,
      error: 'broken',
      startedAt: time(1),
      finishedAt: null,
      updatedAt: time(4),
    })
    expect(await results(id)).toEqual([])
    expect(await startJob(db, id, at(5))).toBe(1)
    expect(await completeJob(db, id, at(6))).toBe(true)
    expect(await getJob({ db }, id)).toMatchObject({ state: 'completed', attempts: 1, error: null })
  })

  type Step = (id: string, second: number) => Promise<unknown>
  const steps = {
    start: (id, second) => startJob(db, id, at(second)),
    complete: (id, second) => completeJob(db, id, at(second)),
    retry: (id, second) => failJob(db, id, { error: 'x', final: false }, at(second)),
    fail: (id, second) => failJob(db, id, { error: 'y', final: true }, at(second)),
    cancel: (id, second) => cancelJob(db, id, at(second)),
    requeue: (id, second) => requeueJob(db, id, at(second)),
  } satisfies Record<string, Step>

  /** How a job comes into each state, and what can be done with it there. All else changes nothing. */
  const states: [string, (keyof typeof steps)[], (keyof typeof steps)[]][] = [
    ['queued', [], ['start', 'complete', 'cancel']],
    ['running', ['start'], ['start', 'complete', 'retry', 'fail', 'cancel']],
    ['completed', ['start', 'complete'], []],
    ['failed', ['start', 'fail'], ['requeue']],
    ['cancelled', ['cancel'], []],
  ]

  it.each(states)('lets a job that is %s do only what it may', async (state, way, possible) => {
    for (const [name, step] of Object.entries(steps)) {
      const id = await make()
      for (const [second, past] of way.entries()) await steps[past](id, second)
      const before = await getJob({ db }, id)
      expect(before.state).toBe(state)
      const outcome = await step(id, 100)
      if (possible.some((one) => one === name)) expect.soft(outcome, name).toBeTruthy()
      else {
        expect.soft(outcome, name).toBeFalsy()
        expect.soft(await getJob({ db }, id), name).toEqual(before)
      }
    }
  })

  it.each([
    ['complete', ['start']],
    ['retry', ['start']],
    ['fail', ['start']],
    ['cancel', []],
    ['requeue', ['start', 'fail']],
  ] satisfies [keyof typeof steps, (keyof typeof steps)[]][])('%s: twice at once happens once', async (name, way) => {
    const id = await make()
    for (const [second, past] of way.entries()) await steps[past](id, second)
    const outcomes = await Promise.all([steps[name](id, 100), steps[name](id, 100)])
    expect(outcomes.sort()).toEqual([false, true])
    const after = await getJob({ db }, id)
    expect(await steps[name](id, 200)).toBe(false)
    expect(await getJob({ db }, id)).toEqual(after)
  })

  it('has nothing to do for a job whose row is gone', async () => {
    for (const [name, step] of Object.entries(steps)) expect.soft(await step(createId(), 1), name).toBeFalsy()
  })

  it('listens to the latest attempt alone where it is told which one failed', async () => {
    const id = await make()
    await startJob(db, id, at(1))
    await startJob(db, id, at(2))
    expect(await failJob(db, id, { error: 'late', final: true, attempt: 1 }, at(3))).toBe(false)
    expect(await getJob({ db }, id)).toMatchObject({ state: 'running', error: null })
    expect(await failJob(db, id, { error: 'now', final: true, attempt: 2 }, at(3))).toBe(true)
  })

  it('keeps 500 characters of an error, whatever is in it', async () => {
    const id = await make()
    await startJob(db, id, at(1))
    await failJob(db, id, { error: `a\0b${'x'.repeat(497)}😀`, final: true }, at(2))
    expect((await getJob({ db }, id)).error).toBe(`ab${'x'.repeat(497)}\ufffd`)
  })
})

describe('runProcessor', () => {
  let second = 0
  const deps = () => ({ db, now: () => at(second++), describe: (error: unknown) => `described: ${error}` })
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

  it('notes why a step failed, as it is described, and throws that on', async () => {
    const jobId = await make()
    const error = new Error(`\0${'x'.repeat(1000)}`)
    const place = { jobId, attempt: 1, processor: 'load' }
    await expect(runProcessor(deps(), place, () => Promise.reject(error))).rejects.toBe(error)
    const [row] = await results(jobId)
    expect(row).toMatchObject({ status: 'failed', startedAt: time(10), finishedAt: time(11), output: null })
    expect(row?.error).toBe(`described: Error: ${'x'.repeat(482)}`)
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
      await runProcessor({ db, now: () => at(1), describe: String }, place, async () => ({}))
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

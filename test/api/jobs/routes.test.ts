import { completeJob, startJob } from '@momentry/shared/jobs/progress.ts'
import { jobProcessorResults } from '@momentry/shared/jobs/table.ts'
import { createId } from '@momentry/shared/platform/id.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { codeOf, pageOf } from '../client.ts'
import { at, type JobsBench, openJobsBench } from './support.ts'

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

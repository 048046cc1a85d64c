import { failJob, startJob } from '@momentry/shared/jobs/progress.ts'
import { getJob } from '@momentry/shared/jobs/read/get.ts'
import { jobs } from '@momentry/shared/jobs/table.ts'
import { createId } from '@momentry/shared/platform/id.ts'
import { eq } from '@momentry/shared/platform/postgres/query.ts'
import { apiKeyRotations } from '@momentry/shared/rotation/table.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { codeOf, makeKey } from '../client.ts'
import { at, type JobsBench, openJobsBench } from './support.ts'

let opened: JobsBench
let t: JobsBench['t']
let db: JobsBench['db']
let make: JobsBench['make']
beforeAll(async () => {
  opened = await openJobsBench()
  ;({ t, db, make } = opened)
})
afterAll(() => opened.close())
beforeEach(() => opened.clear())

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

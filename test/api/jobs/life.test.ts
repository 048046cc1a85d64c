import { createJob } from '@momentry/shared/jobs/create.ts'
import { cancelJob, completeJob, failJob, requeueJob, startJob } from '@momentry/shared/jobs/progress.ts'
import { getJob } from '@momentry/shared/jobs/read/get.ts'
import { runProcessor } from '@momentry/shared/jobs/run-processor.ts'
import { createId } from '@momentry/shared/platform/id.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { at, type JobsBench, openJobsBench, time } from './support.ts'

let opened: JobsBench
let db: JobsBench['db']
let make: JobsBench['make']
let results: JobsBench['results']
beforeAll(async () => {
  opened = await openJobsBench()
  ;({ db, make, results } = opened)
})
afterAll(() => opened.close())
beforeEach(() => opened.clear())

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
    await runProcessor({ db, now: () => at(1) }, run, async () => ({}))
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

import { jobStates, processorStatuses } from '@momentry/shared/jobs/states.ts'
import { jobProcessorResults, jobs } from '@momentry/shared/jobs/table.ts'
import { getTableColumns } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type JobsBench, openJobsBench } from './support.ts'

let opened: JobsBench
let t: JobsBench['t']
let bench: JobsBench['bench']
beforeAll(async () => {
  opened = await openJobsBench()
  ;({ t, bench } = opened)
})
afterAll(() => opened.close())
beforeEach(() => opened.clear())

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

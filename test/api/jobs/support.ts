import { createJob } from '@momentry/shared/jobs/create.ts'
import { listJobResults } from '@momentry/shared/jobs/read/results.ts'
import type { JobResultView } from '@momentry/shared/jobs/read/view.ts'
import type { Queryable } from '@momentry/shared/platform/postgres/client.ts'
import { runSql } from '../../support/servers/database.ts'
import { createWorkbench, type Workbench } from '../../support/workbench.ts'
import { type Harness, startHarness } from '../harness.ts'

/** Any moment; times of the tests count in seconds from it. */
const start = Date.UTC(2026, 0, 6, 10)
export const at = (second: number) => start + second * 1000
export const time = (second: number) => new Date(at(second)).toISOString()

/** An api and its stores, for tests of jobs. */
export interface JobsBench {
  t: Harness
  bench: Workbench
  db: Queryable
  /** Makes a job that waits. */
  make(input?: { queue?: string; keyId?: string; maxAttempts?: number }): Promise<string>
  /** The steps of a job. */
  results(id: string): Promise<JobResultView[]>
  /** Removes all jobs. */
  clear(): Promise<void>
  close(): Promise<void>
}

export async function openJobsBench(): Promise<JobsBench> {
  const t = await startHarness({ RATE_LIMIT_MAX_ATTEMPTS: '1000' })
  const bench = await createWorkbench(t.stores.env)
  const { db } = bench.postgres
  return {
    t,
    bench,
    db,
    make: (input = {}) =>
      createJob(db, { queue: 'rotations', name: 'rotate', data: {}, maxAttempts: 3, ...input }, at(0)),
    results: async (id) => (await listJobResults({ db }, id)).data,
    clear: () => runSql(t.stores.databaseUrl, 'TRUNCATE jobs CASCADE'),
    async close() {
      await bench.close()
      await t.close()
    },
  }
}

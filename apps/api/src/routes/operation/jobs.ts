import { z } from '@hono/zod-openapi'
import { retryIntegrationJob } from '@momentry/shared/integrations/rotation/retry.ts'
import { getJob } from '@momentry/shared/jobs/read/get.ts'
import { listJobs } from '@momentry/shared/jobs/read/list.ts'
import { listJobResults } from '@momentry/shared/jobs/read/results.ts'
import { listJobsSchema } from '@momentry/shared/jobs/read/schemas.ts'
import { type JobResultView, type JobView, jobResultSchema, jobSchema } from '@momentry/shared/jobs/read/view.ts'
import type { Context } from '@momentry/shared/platform/context.ts'
import { idSchema } from '@momentry/shared/platform/id.ts'
import { createAnnouncer } from '@momentry/shared/rotation/queue.ts'
import { retryJob } from '@momentry/shared/rotation/retry.ts'
import { contextOf } from '../../http/context.ts'
import { declareRoute } from '../../http/declare-route.ts'
import { json, pageSchema } from '../../http/page.ts'
import { createRouter, type Router } from '../../http/router.ts'
import type { Services } from '../../wiring/services.ts'
import { exampleKey } from '../examples.ts'

const exampleJob: JobView = {
  id: '019a2b3c-0000-7000-8000-00000000000b',
  queue: 'rotations',
  name: 'rotate',
  state: 'completed',
  keyId: exampleKey.id,
  data: { rotationId: '019a2b3c-0000-7000-8000-00000000000c' },
  attempts: 1,
  maxAttempts: 5,
  error: null,
  createdAt: '2026-01-06T10:00:00.000Z',
  startedAt: '2026-01-06T10:00:00.040Z',
  finishedAt: '2026-01-06T10:00:00.082Z',
  updatedAt: '2026-01-06T10:00:00.082Z',
}

const exampleResult: JobResultView = {
  id: '019a2b3c-0000-7000-8000-00000000000d',
  jobId: exampleJob.id,
  processor: 'publish',
  attempt: 1,
  status: 'completed',
  startedAt: '2026-01-06T10:00:00.061Z',
  finishedAt: '2026-01-06T10:00:00.070Z',
  output: { published: 1 },
  error: null,
}

const listRoute = declareRoute(
  { scope: 'jobs:read' },
  {
    method: 'get',
    path: '/v1/jobs',
    tags: ['jobs'],
    operationId: 'listJobs',
    summary: 'List jobs, the newest first',
    description: 'Jobs that are over are removed after a while.',
    request: { query: listJobsSchema },
    responses: {
      200: {
        description: 'A page of jobs',
        content: json(pageSchema(jobSchema), { data: [exampleJob], pagination: { cursor: null, hasMore: false } }),
      },
    },
  },
)

const params = z.strictObject({ id: idSchema.meta({ description: "The job's id" }) })

const getRoute = declareRoute(
  { scope: 'jobs:read', problems: ['JOB_NOT_FOUND'] },
  {
    method: 'get',
    path: '/v1/jobs/{id}',
    tags: ['jobs'],
    operationId: 'getJob',
    summary: 'Read one job',
    request: { params },
    responses: { 200: { description: 'The job', content: json(jobSchema, exampleJob) } },
  },
)

const resultsRoute = declareRoute(
  { scope: 'jobs:read', problems: ['JOB_NOT_FOUND'] },
  {
    method: 'get',
    path: '/v1/jobs/{id}/results',
    tags: ['jobs'],
    operationId: 'listJobResults',
    summary: "List a job's steps, attempt by attempt",
    description:
      'In the order in which they began. It gives 1,000 at the most, and `hasMore` tells whether that were all; there are no further pages.',
    request: { params },
    responses: {
      200: {
        description: 'The steps',
        content: json(pageSchema(jobResultSchema), {
          data: [exampleResult],
          pagination: { cursor: null, hasMore: false },
        }),
      },
    },
  },
)

const retryRoute = declareRoute(
  { scope: 'jobs:write', problems: ['JOB_NOT_FOUND', 'CONFLICT', 'ROTATION_IN_PROGRESS', 'SCOPE_NOT_HELD'] },
  {
    method: 'post',
    path: '/v1/jobs/{id}/retry',
    tags: ['jobs'],
    operationId: 'retryJob',
    summary: 'Queue a failed job again',
    description:
      'One of the queues `rotations` and `integration-rotations`: other work comes round by itself. Attempts are counted anew, and the steps of the earlier ones are removed; `error` stays until the job is completed.',
    request: { params },
    responses: {
      200: {
        description: 'The job, which waits again',
        content: json(jobSchema, {
          ...exampleJob,
          state: 'queued',
          attempts: 0,
          error: 'the database did not answer',
          finishedAt: null,
        }),
      },
    },
  },
)

/** Jobs: what the job worker does, what became of each step, and another try for one that failed. */
export function createJobsRoutes(services: Services): Router {
  const router = createRouter()
  const announce = createAnnouncer(services)
  const retry = async (context: Context, id: string) =>
    (await retryIntegrationJob(context, { announce }, id)) ?? (await retryJob(context, { announce }, id))
  router.openapi(listRoute, async (c) => c.json(await listJobs(services.postgres, c.req.valid('query')), 200))
  router.openapi(getRoute, async (c) => c.json(await getJob(services.postgres, c.req.valid('param').id), 200))
  router.openapi(resultsRoute, async (c) =>
    c.json(await listJobResults(services.postgres, c.req.valid('param').id), 200),
  )
  router.openapi(retryRoute, async (c) => c.json(await retry(contextOf(c, services), c.req.valid('param').id), 200))
  return router
}

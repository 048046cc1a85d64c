import { z } from '@hono/zod-openapi'
import { requestBackupWork } from '@momentry/shared/backup/jobs/request.ts'
import type { BackupWork } from '@momentry/shared/backup/jobs/work.ts'
import { showBackup } from '@momentry/shared/backup/list.ts'
import { MomentryError } from '@momentry/shared/errors.ts'
import { idempotencyKeySchema } from '@momentry/shared/idempotency/run.ts'
import { reasonSchema } from '@momentry/shared/keys/schemas.ts'
import type { Context } from 'hono'
import { contextOf } from '../../http/context.ts'
import { declareRoute } from '../../http/declare-route.ts'
import { doOnce } from '../../http/do-once.ts'
import type { ApiEnv } from '../../http/env.ts'
import { json } from '../../http/page.ts'
import { createRouter, type Router } from '../../http/router.ts'
import type { Services } from '../../wiring/services.ts'
import { exampleQueued } from './examples.ts'
import { numberParam } from './look.ts'

const queuedSchema = z
  .object({
    jobId: z.uuid().meta({ description: '`GET /v1/jobs/{id}/results` tells what came of it' }),
    status: z.literal('queued'),
  })
  .meta({ id: 'QueuedBackupWork' })

const queued = {
  202: {
    description: 'A worker will do it; `Location` is its job',
    headers: z.object({ location: z.string() }),
    content: json(queuedSchema, exampleQueued),
  },
}
const params = z.object({ number: numberParam })
const tags = ['backups']
const problems = ['BACKUP_NOT_FOUND', 'BACKUP_DAMAGED', 'STORAGE_UNAVAILABLE'] as const

const createRoute = declareRoute(
  { scope: 'backups:write', problems: ['IDEMPOTENCY_KEY_REUSED'] },
  {
    ...{ method: 'post' as const, path: '/v1/backups' as const, tags },
    operationId: 'createBackup',
    summary: 'Make a backup',
    request: {
      headers: z.object({ 'idempotency-key': idempotencyKeySchema.optional() }),
      body: {
        required: true,
        content: json(z.strictObject({ reason: reasonSchema.optional() }).meta({ id: 'CreateBackup' }), {
          reason: 'before the upgrade',
        }),
      },
    },
    responses: queued,
  },
)

const verifyRoute = declareRoute(
  { scope: 'backups:write', problems },
  {
    ...{ method: 'post' as const, path: '/v1/backups/{number}/verify' as const, tags },
    operationId: 'verifyBackup',
    summary: 'Read all of a backup, and check it to the last bit',
    request: { params },
    responses: queued,
  },
)

const restoreRoute = declareRoute(
  { scope: 'backups:write', problems: [...problems, 'SCOPE_NOT_HELD', 'SCHEMA_TOO_NEW'] },
  {
    ...{ method: 'post' as const, path: '/v1/backups/{number}/restore' as const, tags },
    operationId: 'restoreBackup',
    summary: 'Put everything back to what a backup holds',
    description:
      'All that came after it is lost, keys and their revocation included. It takes a key that holds `*`. The job that did it is a new one in the list of jobs, since that is put back as well.',
    request: {
      params,
      body: {
        required: true,
        content: json(
          z
            .strictObject({ replace: z.literal(true), confirm: z.int().meta({ description: 'The number once more' }) })
            .meta({ id: 'RestoreBackup' }),
          { replace: true, confirm: 12 },
        ),
      },
    },
    responses: queued,
  },
)

const keep = z.int().min(0).max(3650)
const pruneRoute = declareRoute(
  { scope: 'backups:write' },
  {
    ...{ method: 'post' as const, path: '/v1/backups/prune' as const, tags },
    operationId: 'pruneBackups',
    summary: 'Remove backups that are not kept',
    description: 'Of each of the last `daily` days and `weekly` weeks the newest stays; the newest of all always does.',
    request: {
      body: {
        required: true,
        content: json(
          z
            .strictObject({ daily: keep.optional(), weekly: keep.optional(), dryRun: z.boolean().optional() })
            .meta({ id: 'PruneBackups', description: 'What is absent is as configured' }),
          { daily: 7, weekly: 4, dryRun: true },
        ),
      },
    },
    responses: queued,
  },
)

const diffRoute = declareRoute(
  { scope: 'backups:write', problems: [...problems, 'CONFLICT'] },
  {
    ...{ method: 'post' as const, path: '/v1/backups/{number}/diff/{after}' as const, tags },
    operationId: 'diffBackups',
    summary: 'Tell what changed from one backup to another',
    request: { params: z.object({ number: numberParam, after: numberParam }) },
    responses: queued,
  },
)

/** What is done to backups: all of it by the worker, as jobs. */
export function createBackupWorkRoutes(services: Services): Router {
  const { backups: deps, announce, config } = services
  const router = createRouter()
  const accepted = (c: Context<ApiEnv>, jobId: string) =>
    c.json({ jobId, status: 'queued' as const }, 202, { location: `/v1/jobs/${jobId}` })
  const queue = async (c: Context<ApiEnv>, work: BackupWork) => {
    const jobId = await requestBackupWork(contextOf(c, services), { announce }, work)
    return accepted(c, jobId)
  }
  router.openapi(createRoute, async (c) => {
    const input = c.req.valid('json')
    const idempotencyKey = c.req.valid('header')['idempotency-key']
    const answer = await doOnce(c, services, { idempotencyKey, input }, async (tx) => {
      const jobId = await requestBackupWork(tx, { announce }, { do: 'create', reason: input.reason ?? null })
      return { status: 202, body: JSON.stringify({ jobId, status: 'queued' }) }
    })
    return accepted(c, queuedSchema.parse(JSON.parse(answer.body)).jobId)
  })
  router.openapi(pruneRoute, (c) => {
    const { daily, weekly, dryRun } = c.req.valid('json')
    const { keep: usual } = config.backup
    return queue(c, {
      do: 'prune',
      daily: daily ?? usual.daily,
      weekly: weekly ?? usual.weekly,
      dryRun: dryRun ?? false,
    })
  })
  router.openapi(verifyRoute, async (c) => {
    const { number } = await showBackup(deps, c.req.valid('param').number)
    return queue(c, { do: 'verify', number })
  })
  router.openapi(restoreRoute, async (c) => {
    const { number } = await showBackup(deps, c.req.valid('param').number)
    if (c.req.valid('json').confirm !== number)
      throw new MomentryError('VALIDATION_FAILED', 'the request is not confirmed', {
        issues: [{ pointer: '/confirm', detail: `must be ${number}` }],
      })
    return queue(c, { do: 'restore', number })
  })
  router.openapi(diffRoute, async (c) => {
    const { number: before, after } = c.req.valid('param')
    for (const number of [before, after]) await showBackup(deps, number)
    return queue(c, { do: 'diff', before, after })
  })
  return router
}

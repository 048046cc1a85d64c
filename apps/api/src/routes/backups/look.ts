import { z } from '@hono/zod-openapi'
import { backupInfoSchema } from '@momentry/shared/backup/info.ts'
import { listBackups, showBackup } from '@momentry/shared/backup/list.ts'
import { declareRoute } from '../../http/declare-route.ts'
import { json } from '../../http/page.ts'
import { createRouter, type Router } from '../../http/router.ts'
import type { Services } from '../../wiring/services.ts'
import { exampleBackup } from './examples.ts'

export const numberParam = z.coerce.number().int().min(1).max(999_999_999).meta({ description: "The backup's number" })

const listSchema = z
  .object({
    data: z.array(backupInfoSchema),
    pagination: z.object({ cursor: z.string().nullable(), hasMore: z.boolean() }),
    storage: z.string().meta({ description: 'Where they lie' }),
    unfinished: z.array(z.int()).meta({ description: 'Numbers of backups under way, or left by somebody who died' }),
    damaged: z.array(z.object({ number: z.int(), reason: z.string() })),
  })
  .meta({ id: 'BackupList' })

const listRoute = declareRoute(
  { scope: 'backups:write', problems: ['STORAGE_UNAVAILABLE'] },
  {
    method: 'get',
    path: '/v1/backups',
    tags: ['backups'],
    operationId: 'listBackups',
    summary: 'List backups, the newest first',
    description: 'All of them: retention keeps them few. What was never finished is never among `data`.',
    responses: {
      200: {
        description: 'The backups',
        content: json(listSchema, {
          data: [exampleBackup],
          pagination: { cursor: null, hasMore: false },
          storage: 's3://backups/momentry/',
          unfinished: [],
          damaged: [],
        }),
      },
    },
  },
)

const getRoute = declareRoute(
  { scope: 'backups:write', problems: ['BACKUP_NOT_FOUND', 'BACKUP_DAMAGED', 'STORAGE_UNAVAILABLE'] },
  {
    method: 'get',
    path: '/v1/backups/{number}',
    tags: ['backups'],
    operationId: 'getBackup',
    summary: 'Read what a backup holds',
    request: { params: z.object({ number: numberParam }) },
    responses: { 200: { description: 'The backup', content: json(backupInfoSchema, exampleBackup) } },
  },
)

/** Backups that are there. */
export function createBackupLookRoutes({ backups: deps }: Services): Router {
  const router = createRouter()
  router.openapi(listRoute, async (c) => {
    const { backups, unfinished, damaged } = await listBackups(deps)
    const pagination = { cursor: null, hasMore: false }
    return c.json({ data: backups, pagination, storage: deps.storage.describe(), unfinished, damaged }, 200)
  })
  router.openapi(getRoute, async (c) => c.json(await showBackup(deps, c.req.valid('param').number), 200))
  return router
}

import { AsyncLocalStorage } from 'node:async_hooks'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { createBullBoard } from '@bull-board/api'
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import type { BeforeHook } from '@bull-board/api/typings/app'
import { HonoAdapter } from '@bull-board/hono'
import { serveStatic } from '@hono/node-server/serve-static'
import { queueNames } from '@momentry/shared/doctor/work/queue-names.ts'
import { MomentryError } from '@momentry/shared/errors.ts'
import { openQueues } from '@momentry/shared/platform/process/open-queues.ts'
import { type CreateRedis, whenReady } from '@momentry/shared/platform/redis/client.ts'
import type { Names } from '@momentry/shared/platform/redis/names.ts'
import { Hono } from 'hono'
import { z } from 'zod'
import { showAnswer, showData } from './show-job.ts'

/** Something that is about to be done to a queue. */
export interface QueueChange {
  method: string
  /** As bull-board names it, such as `/api/queues/:queueName/pause`. */
  route: string
  queue: string | undefined
  jobId: string | undefined
}

export interface BoardRules {
  mayWrite: boolean
  /** Called before a change; where it throws, nothing is changed. */
  beforeChange(change: QueueChange): Promise<void>
}

/** bull-board on all queues, for those who may only look and for those who may do more. */
export interface QueueBoards {
  /** @throws MomentryError `REDIS_UNAVAILABLE` */
  answer(request: Request, rules: BoardRules): Promise<Response>
  close(): Promise<void>
}

const changedSchema = z.looseObject({
  queueName: z.string().max(100).optional(),
  jobId: z.string().max(200).optional(),
})

const boardPath = '/console/queues'

/**
 * What no queue of ours is for: jobs are made from rows, carry their ids, and are made again from them; schedules are
 * written again by the workers every few seconds.
 */
const refusedRoutes: ReadonlySet<string> = new Set([
  '/api/queues/:queueName/add',
  '/api/queues/:queueName/empty',
  '/api/queues/:queueName/obliterate',
  '/api/queues/:queueName/:jobId/update-data',
  '/api/queues/:queueName/job-schedulers/:schedulerId',
  '/api/queues/:queueName/job-schedulers/:schedulerId/remove',
])

/** BullMQ waits for a Redis that is away, and who looks must not. */
const patienceMs = 5_000

/** Opens the boards; this module and all that it needs are loaded by the first who looks. */
export function openQueueBoards({ createRedis, names }: { createRedis: CreateRedis; names: Names }): QueueBoards {
  const { queues, connection, close } = openQueues({ createRedis, prefix: names.queuePrefix, queueNames })
  const uiBasePath = dirname(
    createRequire(import.meta.resolve('@bull-board/api')).resolve('@bull-board/ui/package.json'),
  )

  const rulesOf = new AsyncLocalStorage<BoardRules>()
  const before: BeforeHook = async ({ method, route, request }) => {
    if (method === 'get') return undefined
    const rules = rulesOf.getStore()
    if (!rules?.mayWrite) return { allow: false, status: 403, message: 'the key needs the scope jobs:write' }
    if (refusedRoutes.has(route)) return { allow: false, status: 403, message: 'not for the queues of Momentry' }
    const { queueName: queue, jobId } = changedSchema.parse(request.params)
    await rules.beforeChange({ method, route, queue, jobId })
    return { allow: true }
  }

  const board = (readOnlyMode: boolean) => {
    const serverAdapter = new HonoAdapter(serveStatic)
    serverAdapter.setBasePath(boardPath)
    createBullBoard({
      queues: queues.map((queue) => {
        const adapter = new BullMQAdapter(queue, { readOnlyMode })
        adapter.setFormatter('data', showData)
        return adapter
      }),
      serverAdapter,
      options: {
        uiBasePath,
        uiConfig: {
          boardTitle: 'Momentry queues',
          miscLinks: [{ text: 'Console', url: '/console/' }],
          hideDocsLink: true,
          // Both ask Redis what an operator's user of it may be forbidden (CLIENT LIST, INFO).
          showWorkers: false,
          hideRedisDetails: true,
        },
        handlerHooks: { before, after: async (_, { body, ...rest }) => ({ ...rest, body: showAnswer(body) }) },
      },
    })
    return new Hono().route(boardPath, serverAdapter.registerPlugin())
  }
  const toLook = board(true)
  const toWrite = board(false)

  return {
    async answer(request, rules) {
      await whenReady(connection)
      const unavailable = new MomentryError('REDIS_UNAVAILABLE', 'the queues cannot be read just now', {
        retryAfterSeconds: 1,
      })
      if (connection.status !== 'ready') throw unavailable
      const late = Promise.withResolvers<never>()
      const timer = setTimeout(() => late.reject(unavailable), patienceMs)
      const { fetch } = rules.mayWrite ? toWrite : toLook
      const answering = rulesOf.run(rules, async () => fetch(request))
      return Promise.race([answering, late.promise]).finally(() => clearTimeout(timer))
    },
    close,
  }
}

import { z } from '@hono/zod-openapi'
import { createSilence } from '@momentry/shared/alerts/silences/create.ts'
import { endSilence } from '@momentry/shared/alerts/silences/end.ts'
import { listSilences } from '@momentry/shared/alerts/silences/list.ts'
import {
  createSilenceSchema,
  listSilencesSchema,
  type SilenceView,
  silenceSchema,
} from '@momentry/shared/alerts/silences/schemas.ts'
import { idempotencyKeySchema } from '@momentry/shared/idempotency/run.ts'
import { idSchema } from '@momentry/shared/platform/id.ts'
import { contextOf } from '../../http/context.ts'
import { declareRoute } from '../../http/declare-route.ts'
import { doOnce } from '../../http/do-once.ts'
import { json, pageSchema } from '../../http/page.ts'
import { createRouter, type Router } from '../../http/router.ts'
import type { Services } from '../../wiring/services.ts'
import { exampleKey } from '../examples.ts'

const tags = ['alerts']
const path = '/v1/alert-silences'

const exampleSilence: SilenceView = {
  id: '019a2b3c-7777-7000-8000-000000000007',
  state: 'active',
  keyId: exampleKey.id,
  rule: 'high_request_rate',
  owner: null,
  type: null,
  anomalyId: null,
  reason: 'load test until noon',
  startsAt: '2026-01-05T09:30:00.000Z',
  endsAt: '2026-01-05T12:00:00.000Z',
  createdAt: '2026-01-05T09:30:00.000Z',
  createdBy: '019a2b3c-0000-7000-8000-000000000001',
}

const createRoute = declareRoute(
  { scope: 'alerts:write', problems: ['KEY_NOT_FOUND', 'CONFLICT', 'IDEMPOTENCY_KEY_REUSED'] },
  {
    method: 'post',
    path,
    tags,
    operationId: 'createAlertSilence',
    summary: 'Keep alerts from sinks for a time',
    description:
      'While it holds, alerts that match all that it names are logged and reach the channel and the event stream, but no alert sink. What comes then is not sent afterwards.',
    request: {
      headers: z.object({ 'idempotency-key': idempotencyKeySchema.optional() }),
      body: {
        required: true,
        content: json(createSilenceSchema, {
          keyId: exampleKey.id,
          rule: 'high_request_rate',
          reason: 'load test until noon',
          forSeconds: 9000,
        }),
      },
    },
    responses: {
      201: {
        description: 'The silence',
        content: json(silenceSchema, exampleSilence),
        headers: z.object({ 'idempotency-replayed': z.literal('true').optional() }),
      },
    },
  },
)

const listRoute = declareRoute(
  { scope: 'alerts:read' },
  {
    method: 'get',
    path,
    tags,
    operationId: 'listAlertSilences',
    summary: 'List silences, the newest first',
    request: { query: listSilencesSchema },
    responses: {
      200: {
        description: 'A page of silences',
        content: json(pageSchema(silenceSchema), {
          data: [exampleSilence],
          pagination: { cursor: null, hasMore: false },
        }),
      },
    },
  },
)

const endRoute = declareRoute(
  { scope: 'alerts:write', problems: ['SILENCE_NOT_FOUND'] },
  {
    method: 'delete',
    path: `${path}/{id}`,
    tags,
    operationId: 'endAlertSilence',
    summary: 'End a silence now',
    description: 'One that has ended stays as it is; it is listed for as long as alerts are kept.',
    request: { params: z.strictObject({ id: idSchema.meta({ description: "The silence's id" }) }) },
    responses: { 204: { description: 'It has ended' } },
  },
)

/** Silences: times in which alerts reach no sink. */
export function createAlertSilenceRoutes(services: Services): Router {
  const router = createRouter()
  router.openapi(createRoute, async (c) => {
    const input = c.req.valid('json')
    const idempotencyKey = c.req.valid('header')['idempotency-key']
    const answer = await doOnce(c, services, { idempotencyKey, input }, async (tx) => ({
      status: 201,
      body: JSON.stringify(await createSilence(tx, input)),
    }))
    return c.json(silenceSchema.parse(JSON.parse(answer.body)), 201, {
      ...(answer.replayed && { 'idempotency-replayed': 'true' }),
    })
  })
  router.openapi(listRoute, async (c) => c.json(await listSilences(contextOf(c, services), c.req.valid('query')), 200))
  router.openapi(endRoute, async (c) => {
    await endSilence(contextOf(c, services), c.req.valid('param').id)
    return c.body(null, 204)
  })
  return router
}

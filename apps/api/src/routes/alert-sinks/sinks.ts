import { z } from '@hono/zod-openapi'
import { createSink } from '@momentry/shared/alert-sinks/create.ts'
import { findSink, listSinks } from '@momentry/shared/alert-sinks/find.ts'
import { removeSink } from '@momentry/shared/alert-sinks/remove.ts'
import { createSinkSchema, listSinksSchema, updateSinkSchema } from '@momentry/shared/alert-sinks/schemas.ts'
import { updateSink } from '@momentry/shared/alert-sinks/update.ts'
import { createdSinkSchema, sinkSchema, viewSink } from '@momentry/shared/alert-sinks/view.ts'
import { idempotencyKeySchema } from '@momentry/shared/idempotency/run.ts'
import { idSchema } from '@momentry/shared/platform/id.ts'
import { contextOf } from '../../http/context.ts'
import { declareRoute } from '../../http/declare-route.ts'
import { doOnce } from '../../http/do-once.ts'
import { json, pageSchema } from '../../http/page.ts'
import { createRouter, type Router } from '../../http/router.ts'
import type { Services } from '../../wiring/services.ts'
import { exampleSink, exampleSinkSecret } from './examples.ts'

const tags = ['alerts']
const path = '/v1/alert-sinks'
const createdHeaders = z.object({ location: z.string(), 'idempotency-replayed': z.literal('true').optional() })
const params = z.strictObject({ id: idSchema.meta({ description: "The sink's id" }) })
const one = (description: string) => ({ description, content: json(sinkSchema, exampleSink) })

const createRoute = declareRoute(
  { scope: 'alerts:write', problems: ['CONFLICT', 'IDEMPOTENCY_KEY_REUSED'] },
  {
    method: 'post',
    path,
    tags,
    operationId: 'createAlertSink',
    summary: 'Have alerts sent to a webhook, to Slack, by e-mail or to PagerDuty',
    description:
      'A webhook gets a secret, which its messages are signed with (Standard Webhooks) and which this answer alone shows. What is secret of other targets, such as the URL of Slack, is sealed under the master key and never shown again.',
    request: {
      headers: z.object({ 'idempotency-key': idempotencyKeySchema.optional() }),
      body: {
        required: true,
        content: json(createSinkSchema, {
          name: 'on call',
          target: { kind: 'webhook', url: 'https://hooks.example.com/momentry' },
          routing: { minSeverity: 'high' },
          groupSeconds: 60,
          quietHours: { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin' },
        }),
      },
    },
    responses: {
      201: {
        description: 'The sink',
        content: json(createdSinkSchema, { ...exampleSink, secret: exampleSinkSecret }),
        headers: createdHeaders,
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
    operationId: 'listAlertSinks',
    summary: 'List alert sinks, the newest first',
    request: { query: listSinksSchema },
    responses: {
      200: {
        description: 'A page of sinks',
        content: json(pageSchema(sinkSchema), {
          data: [exampleSink],
          pagination: { cursor: null, hasMore: false },
        }),
      },
    },
  },
)

const getRoute = declareRoute(
  { scope: 'alerts:read', problems: ['SINK_NOT_FOUND'] },
  {
    method: 'get',
    path: `${path}/{id}`,
    tags,
    operationId: 'getAlertSink',
    summary: 'Read an alert sink',
    request: { params },
    responses: { 200: one('The sink') },
  },
)

const updateRoute = declareRoute(
  { scope: 'alerts:write', problems: ['SINK_NOT_FOUND', 'CONFLICT'] },
  {
    method: 'patch',
    path: `${path}/{id}`,
    tags,
    operationId: 'updateAlertSink',
    summary: 'Change an alert sink, pause it, or let it go on',
    description: 'What was disabled, since its receiver said that it is gone, goes on with `state: "active"`.',
    request: { params, body: { required: true, content: json(updateSinkSchema, { state: 'paused' }) } },
    responses: { 200: one('The sink as it is now') },
  },
)

const removeRoute = declareRoute(
  { scope: 'alerts:write', problems: ['SINK_NOT_FOUND'] },
  {
    method: 'delete',
    path: `${path}/{id}`,
    tags,
    operationId: 'removeAlertSink',
    summary: 'Remove an alert sink, with its deliveries',
    request: { params },
    responses: { 204: { description: 'Removed; what waited is not sent' } },
  },
)

/** Alert sinks: whom alerts are sent to. */
export function createSinkRoutes(services: Services): Router {
  const router = createRouter()
  router.openapi(createRoute, async (c) => {
    const input = c.req.valid('json')
    const idempotencyKey = c.req.valid('header')['idempotency-key']
    const answer = await doOnce(c, services, { idempotencyKey, input }, async (tx) => ({
      status: 201,
      body: JSON.stringify(await createSink(tx, services, input)),
    }))
    const created = createdSinkSchema.parse(JSON.parse(answer.body))
    return c.json(created, 201, {
      location: `${path}/${created.id}`,
      ...(answer.replayed && { 'idempotency-replayed': 'true' }),
    })
  })
  router.openapi(listRoute, async (c) => c.json(await listSinks(contextOf(c, services), c.req.valid('query')), 200))
  router.openapi(getRoute, async (c) =>
    c.json(viewSink(await findSink(services.postgres.db, c.req.valid('param').id), services.now()), 200),
  )
  router.openapi(updateRoute, async (c) =>
    c.json(await updateSink(contextOf(c, services), services, c.req.valid('param').id, c.req.valid('json')), 200),
  )
  router.openapi(removeRoute, async (c) => {
    await removeSink(contextOf(c, services), c.req.valid('param').id)
    return c.body(null, 204)
  })
  return router
}

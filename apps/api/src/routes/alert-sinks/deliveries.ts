import { z } from '@hono/zod-openapi'
import { listDeliveries } from '@momentry/shared/alert-sinks/delivery/list.ts'
import { redeliver } from '@momentry/shared/alert-sinks/delivery/redeliver.ts'
import { deliverySchema } from '@momentry/shared/alert-sinks/delivery/view.ts'
import { rotateSinkSecret } from '@momentry/shared/alert-sinks/rotate-secret.ts'
import { listDeliveriesSchema, rotateSinkSecretSchema } from '@momentry/shared/alert-sinks/schemas.ts'
import { sendTest, testOutcomeSchema } from '@momentry/shared/alert-sinks/send-test.ts'
import { createdSinkSchema } from '@momentry/shared/alert-sinks/view.ts'
import { idSchema } from '@momentry/shared/platform/id.ts'
import { contextOf } from '../../http/context.ts'
import { declareRoute } from '../../http/declare-route.ts'
import { json, pageSchema } from '../../http/page.ts'
import { createRouter, type Router } from '../../http/router.ts'
import type { Services } from '../../wiring/services.ts'
import { exampleDelivery, exampleSink, exampleSinkSecret } from './examples.ts'

const tags = ['alerts']
const path = '/v1/alert-sinks/{id}'
const params = z.strictObject({ id: idSchema.meta({ description: "The sink's id" }) })

const testRoute = declareRoute(
  { scope: 'alerts:write', problems: ['SINK_NOT_FOUND'] },
  {
    method: 'post',
    path: `${path}/test`,
    tags,
    operationId: 'testAlertSink',
    summary: 'Send a test to an alert sink now',
    description: 'Whatever its state and its quiet hours. The answer tells how it went; that it failed is no error.',
    request: { params },
    responses: {
      200: {
        description: 'How it went',
        content: json(testOutcomeSchema, { delivered: true, status: 204, durationMs: 132 }),
      },
    },
  },
)

const rotateSecretRoute = declareRoute(
  { scope: 'alerts:write', problems: ['SINK_NOT_FOUND', 'CONFLICT'] },
  {
    method: 'post',
    path: `${path}/rotate-secret`,
    tags,
    operationId: 'rotateAlertSinkSecret',
    summary: 'Give a webhook a new secret',
    description:
      'This answer alone shows it. Messages are signed with both until the overlap ends, so that the receiver can change over meanwhile.',
    request: { params, body: { required: true, content: json(rotateSinkSecretSchema, { overlapSeconds: 86_400 }) } },
    responses: {
      200: {
        description: 'The sink, with its new secret',
        content: json(createdSinkSchema, {
          ...exampleSink,
          previousSecretUntil: '2026-01-06T09:30:00.000Z',
          secret: exampleSinkSecret,
        }),
      },
    },
  },
)

const listRoute = declareRoute(
  { scope: 'alerts:read', problems: ['SINK_NOT_FOUND'] },
  {
    method: 'get',
    path: `${path}/deliveries`,
    tags,
    operationId: 'listAlertDeliveries',
    summary: 'List the messages to an alert sink, the newest first',
    description: 'What is over is kept for 30 days.',
    request: { params, query: listDeliveriesSchema },
    responses: {
      200: {
        description: 'A page of messages',
        content: json(pageSchema(deliverySchema), {
          data: [exampleDelivery],
          pagination: { cursor: null, hasMore: false },
        }),
      },
    },
  },
)

const redeliverRoute = declareRoute(
  { scope: 'alerts:write', problems: ['DELIVERY_NOT_FOUND', 'CONFLICT'] },
  {
    method: 'post',
    path: '/v1/alert-deliveries/{id}/redeliver',
    tags,
    operationId: 'redeliverAlert',
    summary: 'Send a message to an alert sink again',
    description: 'At once, with all of its attempts anew, and by the same id: a receiver that had it can tell.',
    request: { params: z.strictObject({ id: idSchema.meta({ description: "The delivery's id" }) }) },
    responses: {
      200: {
        description: 'The message, which waits now',
        content: json(deliverySchema, { ...exampleDelivery, attempts: 0 }),
      },
    },
  },
)

/** What is sent to alert sinks: tests, messages, and what they are signed with. */
export function createDeliveryRoutes(services: Services): Router {
  const router = createRouter()
  router.openapi(testRoute, async (c) =>
    c.json(await sendTest(contextOf(c, services), services, c.req.valid('param').id), 200),
  )
  router.openapi(rotateSecretRoute, async (c) =>
    c.json(await rotateSinkSecret(contextOf(c, services), services, c.req.valid('param').id, c.req.valid('json')), 200),
  )
  router.openapi(listRoute, async (c) =>
    c.json(await listDeliveries(contextOf(c, services), c.req.valid('param').id, c.req.valid('query')), 200),
  )
  router.openapi(redeliverRoute, async (c) =>
    c.json(await redeliver(contextOf(c, services), c.req.valid('param').id), 200),
  )
  return router
}

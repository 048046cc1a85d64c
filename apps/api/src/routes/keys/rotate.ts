import { z } from '@hono/zod-openapi'
import { idempotencyKeySchema } from '@momentry/shared/idempotency/run.ts'
import { requestRotation } from '@momentry/shared/rotation/request.ts'
import { rotateKeySchema } from '@momentry/shared/rotation/schemas.ts'
import { declareRoute } from '../../http/declare-route.ts'
import { doOnce } from '../../http/do-once.ts'
import { json } from '../../http/page.ts'
import type { Router } from '../../http/router.ts'
import type { Services } from '../../wiring/services.ts'
import { exampleRotation } from '../examples.ts'
import { keyParams } from './get.ts'

const queuedSchema = z.object({ rotationId: z.uuid(), status: z.literal('queued') }).meta({ id: 'RotationQueued' })

const route = declareRoute(
  {
    scope: 'rotations:write',
    problems: [
      'KEY_NOT_FOUND',
      'KEY_REVOKED',
      'KEY_EXPIRED',
      'ROTATION_IN_PROGRESS',
      'SCOPE_NOT_HELD',
      'IDEMPOTENCY_KEY_REUSED',
    ],
  },
  {
    method: 'post',
    path: '/v1/keys/{id}/rotate',
    tags: ['rotations'],
    operationId: 'rotateKey',
    summary: "Queue a rotation of a key's secret",
    description:
      'The key gets a new secret; the old one still validates for a grace, and its holder can claim the new one with it. ' +
      'A request like one that is under way gives that one. A second one before the grace is over is refused, unless it ' +
      'is `forced`: then every older secret stops at once, and only an operator can fetch the new one.',
    request: {
      params: keyParams,
      headers: z.object({ 'idempotency-key': idempotencyKeySchema.optional() }),
      body: { content: json(rotateKeySchema, { reason: 'yearly renewal', graceSeconds: 7200 }) },
    },
    responses: {
      202: {
        description: 'Queued',
        headers: z.object({ location: z.string(), 'idempotency-replayed': z.literal('true').optional() }),
        content: json(queuedSchema, { rotationId: exampleRotation.id, status: 'queued' }),
      },
    },
  },
)

export function addRotateKey(router: Router, services: Services): void {
  router.openapi(route, async (c) => {
    const { forced = false, reason, graceSeconds } = c.req.valid('json')
    const { id } = c.req.valid('param')
    const idempotencyKey = c.req.valid('header')['idempotency-key']
    const request = { kind: forced ? 'forced' : 'manual', reason, graceSeconds } as const
    const answer = await doOnce(c, services, { idempotencyKey, input: c.req.valid('json') }, async (tx) => {
      const { rotationId } = await requestRotation(tx, services, id, request)
      return { status: 202, body: JSON.stringify({ rotationId, status: 'queued' }) }
    })
    const queued = queuedSchema.parse(JSON.parse(answer.body))
    return c.json(queued, 202, {
      location: `/v1/rotations/${queued.rotationId}`,
      ...(answer.replayed && { 'idempotency-replayed': 'true' }),
    })
  })
}

import { z } from '@hono/zod-openapi'
import { idSchema } from '@momentry/shared/platform/id.ts'
import { cancelRotation } from '@momentry/shared/rotation/cancel.ts'
import { fetchSuccessor } from '@momentry/shared/rotation/escrow/fetch.ts'
import { deliverySchema } from '@momentry/shared/rotation/escrow/open.ts'
import { getRotation, rotationDetailSchema } from '@momentry/shared/rotation/read/get.ts'
import { listRotations } from '@momentry/shared/rotation/read/list.ts'
import { rotationSchema } from '@momentry/shared/rotation/read/view.ts'
import { changeGraceSchema, listRotationsSchema } from '@momentry/shared/rotation/schemas.ts'
import { setGrace } from '@momentry/shared/rotation/set-grace.ts'
import { contextOf } from '../http/context.ts'
import { declareRoute } from '../http/declare-route.ts'
import { json, pageSchema } from '../http/page.ts'
import { createRouter, type Router } from '../http/router.ts'
import type { Services } from '../wiring/services.ts'
import { exampleDrain, exampleKey, exampleRotation, exampleSecret } from './examples.ts'

const params = z.strictObject({ id: idSchema.meta({ description: "The rotation's id" }) })

const listRoute = declareRoute(
  { scope: 'rotations:read' },
  {
    method: 'get',
    path: '/v1/rotations',
    tags: ['rotations'],
    operationId: 'listRotations',
    summary: 'List rotations, the newest first',
    request: { query: listRotationsSchema },
    responses: {
      200: {
        description: 'A page of rotations',
        content: json(pageSchema(rotationSchema), {
          data: [exampleRotation],
          pagination: { cursor: null, hasMore: false },
        }),
      },
    },
  },
)

const getRoute = declareRoute(
  { scope: 'rotations:read', problems: ['ROTATION_NOT_FOUND'] },
  {
    method: 'get',
    path: '/v1/rotations/{id}',
    tags: ['rotations'],
    operationId: 'getRotation',
    summary: 'Read a rotation, and who still uses the old secret',
    description: '`usage` counts validations by version since the rotation; it is a second or two behind.',
    request: { params },
    responses: {
      200: {
        description: 'The rotation',
        content: json(rotationDetailSchema, { ...exampleRotation, usage: exampleDrain }),
      },
    },
  },
)

const graceRoute = declareRoute(
  {
    scope: 'rotations:write',
    problems: ['ROTATION_NOT_FOUND', 'GRACE_OVER', 'CONFLICT', 'KEY_REVOKED', 'SCOPE_NOT_HELD'],
  },
  {
    method: 'patch',
    path: '/v1/rotations/{id}',
    tags: ['rotations'],
    operationId: 'changeGrace',
    summary: 'End the grace of the old secret early, or lengthen it',
    description:
      "`graceSeconds` counts from the rotation; the limit is the type's own grace, and the key's expiry. To lengthen it takes all scopes of the key.",
    request: { params, body: { required: true, content: json(changeGraceSchema, { graceSeconds: 0 }) } },
    responses: { 200: { description: 'The rotation as it is now', content: json(rotationSchema, exampleRotation) } },
  },
)

const cancelRoute = declareRoute(
  { scope: 'rotations:write', problems: ['ROTATION_NOT_FOUND', 'CONFLICT', 'SCOPE_NOT_HELD'] },
  {
    method: 'post',
    path: '/v1/rotations/{id}/cancel',
    tags: ['rotations'],
    operationId: 'cancelRotation',
    summary: 'Cancel a rotation that is queued',
    description: 'One that is cancelled already stays as it is.',
    request: { params },
    responses: {
      200: {
        description: 'The rotation',
        content: json(rotationSchema, { ...exampleRotation, state: 'cancelled', error: 'cancelled by an operator' }),
      },
    },
  },
)

const secretRoute = declareRoute(
  { scope: 'rotations:write', problems: ['ROTATION_NOT_FOUND', 'NOT_CLAIMABLE', 'KEY_REVOKED', 'SCOPE_NOT_HELD'] },
  {
    method: 'post',
    path: '/v1/rotations/{id}/secret',
    tags: ['rotations'],
    operationId: 'fetchSuccessor',
    summary: 'Fetch the new secret, as an operator',
    description:
      'Takes all scopes that the key holds, and is in the audit log. Possible until the new secret is first used, or its time in escrow is over.',
    request: { params },
    responses: {
      200: {
        description: 'The new secret',
        content: json(deliverySchema, { key: exampleSecret, keyId: exampleKey.id, secretVersion: 2 }),
      },
    },
  },
)

/** Rotations: their state, who still uses the old secret, and what an operator can do about them. */
export function createRotationsRoutes(services: Services): Router {
  const router = createRouter()
  router.openapi(listRoute, async (c) => c.json(await listRotations(contextOf(c, services), c.req.valid('query')), 200))
  router.openapi(getRoute, async (c) => c.json(await getRotation(contextOf(c, services), c.req.valid('param').id), 200))
  router.openapi(graceRoute, async (c) =>
    c.json(await setGrace(contextOf(c, services), c.req.valid('param').id, c.req.valid('json')), 200),
  )
  router.openapi(cancelRoute, async (c) =>
    c.json(await cancelRotation(contextOf(c, services), c.req.valid('param').id), 200),
  )
  router.openapi(secretRoute, async (c) =>
    c.json(await fetchSuccessor(contextOf(c, services), services, c.req.valid('param').id), 200),
  )
  return router
}

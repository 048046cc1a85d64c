import { z } from '@hono/zod-openapi'
import { cancelRotation } from '@momentry/shared/integrations/rotation/cancel.ts'
import { claimCredential, credentialDeliverySchema } from '@momentry/shared/integrations/rotation/escrow.ts'
import {
  getRotation,
  listIntegrationRotationsSchema,
  listRotations,
} from '@momentry/shared/integrations/rotation/find.ts'
import { changeCredentialGraceSchema, setGrace } from '@momentry/shared/integrations/rotation/grace.ts'
import { integrationRotationSchema } from '@momentry/shared/integrations/rotation/view.ts'
import { idSchema } from '@momentry/shared/platform/id.ts'
import { contextOf } from '../../http/context.ts'
import { declareRoute } from '../../http/declare-route.ts'
import { json, pageSchema } from '../../http/page.ts'
import { createRouter, type Router } from '../../http/router.ts'
import type { Services } from '../../wiring/services.ts'
import { exampleCredential, exampleCredentialRotation, exampleValue } from './examples.ts'

const scope = 'integrations:write'
const tags = ['integrations']
const path = '/v1/integrations/rotations'
const params = z.strictObject({ id: idSchema.meta({ description: "The rotation's id" }) })
const one = (description: string) => ({
  description,
  content: json(integrationRotationSchema, exampleCredentialRotation),
})

const listRoute = declareRoute(
  { scope },
  {
    method: 'get',
    path,
    tags,
    operationId: 'listCredentialRotations',
    summary: 'List rotations of credentials on other systems, the newest first',
    request: { query: listIntegrationRotationsSchema },
    responses: {
      200: {
        description: 'A page of rotations',
        content: json(pageSchema(integrationRotationSchema), {
          data: [exampleCredentialRotation],
          pagination: { cursor: null, hasMore: false },
        }),
      },
    },
  },
)

const getRoute = declareRoute(
  { scope, problems: ['ROTATION_NOT_FOUND'] },
  {
    method: 'get',
    path: `${path}/{id}`,
    tags,
    operationId: 'getCredentialRotation',
    summary: 'Read a rotation, and how far its four parts are',
    description:
      '`createdThereAt`, `handedOverAt`, `verifiedAt` and `oldDeletedAt` say when each part was done. GET /v1/jobs/{id}/results has each attempt.',
    request: { params },
    responses: { 200: one('The rotation') },
  },
)

const graceRoute = declareRoute(
  { scope, problems: ['ROTATION_NOT_FOUND', 'GRACE_OVER', 'CONFLICT'] },
  {
    method: 'patch',
    path: `${path}/{id}`,
    tags,
    operationId: 'changeCredentialGrace',
    summary: 'End the grace of the old credential early, or lengthen it',
    description: '`graceSeconds` counts from the switch; 24 h at the most. 0 deletes the old one now.',
    request: { params, body: { required: true, content: json(changeCredentialGraceSchema, { graceSeconds: 0 }) } },
    responses: { 200: one('The rotation as it is now') },
  },
)

const cancelRoute = declareRoute(
  { scope, problems: ['ROTATION_NOT_FOUND', 'CONFLICT'] },
  {
    method: 'post',
    path: `${path}/{id}/cancel`,
    tags,
    operationId: 'cancelCredentialRotation',
    summary: 'Give up a rotation that has not switched yet',
    description: 'What it made there is deleted there, within seconds. One that is cancelled already stays as it is.',
    request: { params },
    responses: { 202: one('The rotation') },
  },
)

const secretRoute = declareRoute(
  { scope, problems: ['ROTATION_NOT_FOUND', 'NOT_CLAIMABLE'] },
  {
    method: 'post',
    path: `${path}/{id}/secret`,
    tags,
    operationId: 'fetchCredential',
    summary: "Fetch the new credential's value",
    description:
      'Is in the audit log. Possible, also again and again, until the grace is over; of a forced rotation for a day. What a hook or a webhook took is not kept.',
    request: { params },
    responses: {
      200: {
        description: 'The value',
        content: json(credentialDeliverySchema, { key: exampleValue, credentialId: exampleCredential.id, version: 2 }),
      },
    },
  },
)

/** Rotations of credentials on other systems. */
export function createCredentialRotationRoutes(services: Services): Router {
  const router = createRouter()
  router.openapi(listRoute, async (c) => c.json(await listRotations(contextOf(c, services), c.req.valid('query')), 200))
  router.openapi(getRoute, async (c) => c.json(await getRotation(contextOf(c, services), c.req.valid('param').id), 200))
  router.openapi(graceRoute, async (c) =>
    c.json(await setGrace(contextOf(c, services), services, c.req.valid('param').id, c.req.valid('json')), 200),
  )
  router.openapi(cancelRoute, async (c) =>
    c.json(await cancelRotation(contextOf(c, services), c.req.valid('param').id), 202),
  )
  router.openapi(secretRoute, async (c) =>
    c.json(await claimCredential(contextOf(c, services), services, c.req.valid('param').id), 200),
  )
  return router
}

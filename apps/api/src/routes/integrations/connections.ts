import { z } from '@hono/zod-openapi'
import { idempotencyKeySchema } from '@momentry/shared/idempotency/run.ts'
import { checkConnection } from '@momentry/shared/integrations/connections/check.ts'
import { createConnection } from '@momentry/shared/integrations/connections/create.ts'
import { findConnection, listConnections } from '@momentry/shared/integrations/connections/find.ts'
import { removeConnection } from '@momentry/shared/integrations/connections/remove.ts'
import {
  createConnectionSchema,
  listConnectionsSchema,
  updateConnectionSchema,
} from '@momentry/shared/integrations/connections/schemas.ts'
import { updateConnection } from '@momentry/shared/integrations/connections/update.ts'
import {
  type ConnectionView,
  connectionSchema,
  viewConnection,
} from '@momentry/shared/integrations/connections/view.ts'
import { idSchema } from '@momentry/shared/platform/id.ts'
import { contextOf } from '../../http/context.ts'
import { declareRoute } from '../../http/declare-route.ts'
import { doOnceElsewhere } from '../../http/do-once.ts'
import { json, pageSchema } from '../../http/page.ts'
import { createRouter, type Router } from '../../http/router.ts'
import type { Services } from '../../wiring/services.ts'
import { exampleConnection } from './examples.ts'
import { remoteProblems } from './problems.ts'

const scope = 'integrations:write'
const tags = ['integrations']
const path = '/v1/integrations/connections'
const createdHeaders = z.object({ location: z.string(), 'idempotency-replayed': z.literal('true').optional() })
const params = z.strictObject({ id: idSchema.meta({ description: "The connection's id" }) })
const one = (description: string) => ({ description, content: json(connectionSchema, exampleConnection) })

const createRoute = declareRoute(
  { scope, problems: ['NOT_FOUND', 'CONFLICT', 'IDEMPOTENCY_KEY_REUSED', ...remoteProblems] },
  {
    method: 'post',
    path,
    tags,
    operationId: 'createConnection',
    summary: 'Store an account on another system',
    description:
      'So that Momentry can rotate and expire there without a person. It signs in first; what it signs in with is sealed under the master key, and never shown again.',
    request: {
      headers: z.object({ 'idempotency-key': idempotencyKeySchema.optional() }),
      body: {
        required: true,
        content: json(createConnectionSchema, {
          system: 'gitea',
          name: 'ci account',
          credentials: { username: 'ci-bot', password: '…' },
        }),
      },
    },
    responses: { 201: { ...one('The connection'), headers: createdHeaders } },
  },
)

const listRoute = declareRoute(
  { scope },
  {
    method: 'get',
    path,
    tags,
    operationId: 'listConnections',
    summary: 'List connections, the newest first',
    request: { query: listConnectionsSchema },
    responses: {
      200: {
        description: 'A page of connections',
        content: json(pageSchema(connectionSchema), {
          data: [exampleConnection],
          pagination: { cursor: null, hasMore: false },
        }),
      },
    },
  },
)

const getRoute = declareRoute(
  { scope, problems: ['CONNECTION_NOT_FOUND'] },
  {
    method: 'get',
    path: `${path}/{id}`,
    tags,
    operationId: 'getConnection',
    summary: 'Read a connection',
    request: { params },
    responses: { 200: one('The connection') },
  },
)

const updateRoute = declareRoute(
  { scope, problems: ['CONNECTION_NOT_FOUND', 'CONFLICT', ...remoteProblems] },
  {
    method: 'patch',
    path: `${path}/{id}`,
    tags,
    operationId: 'updateConnection',
    summary: 'Rename a connection, or give it a new password',
    description: 'New credentials are tried first, and must be those of the same account.',
    request: { params, body: { required: true, content: json(updateConnectionSchema, { name: 'ci account 2' }) } },
    responses: { 200: one('The connection as it is now') },
  },
)

const checkRoute = declareRoute(
  { scope, problems: ['CONNECTION_NOT_FOUND', 'CONFLICT', ...remoteProblems] },
  {
    method: 'post',
    path: `${path}/{id}/check`,
    tags,
    operationId: 'checkConnection',
    summary: 'Sign in anew with a connection',
    request: { params },
    responses: { 200: one('The connection, which the other system took') },
  },
)

const removeRoute = declareRoute(
  { scope, problems: ['CONNECTION_NOT_FOUND', 'CONFLICT'] },
  {
    method: 'delete',
    path: `${path}/{id}`,
    tags,
    operationId: 'removeConnection',
    summary: 'Forget an account',
    description:
      'Its credentials stay there, and are neither rotated nor expired any more; so this is refused while there are any, unless it is forced.',
    request: { params, query: z.strictObject({ force: z.enum(['true', 'false']).optional() }) },
    responses: { 204: { description: 'Forgotten' } },
  },
)

/** Accounts on other systems that Momentry acts with. */
export function createConnectionRoutes(services: Services): Router {
  const router = createRouter()
  router.openapi(createRoute, async (c) => {
    const input = c.req.valid('json')
    const idempotencyKey = c.req.valid('header')['idempotency-key']
    const asAnswer = (stored: ConnectionView) => ({ status: 201, body: JSON.stringify(stored) })
    // A fingerprint of the request is kept; a password is better guessed by nobody who has that.
    const { credentials: _, ...kept } = input
    const answer = await doOnceElsewhere(c, services, { idempotencyKey, input: kept }, async (keep) =>
      asAnswer(
        await createConnection(contextOf(c, services), services, input, (tx, stored) => keep(tx, asAnswer(stored))),
      ),
    )
    const created = connectionSchema.parse(JSON.parse(answer.body))
    return c.json(created, 201, {
      location: `${path}/${created.id}`,
      ...(answer.replayed && { 'idempotency-replayed': 'true' }),
    })
  })
  router.openapi(listRoute, async (c) =>
    c.json(await listConnections(contextOf(c, services), c.req.valid('query')), 200),
  )
  router.openapi(getRoute, async (c) =>
    c.json(viewConnection(await findConnection(services.postgres.db, c.req.valid('param').id)), 200),
  )
  router.openapi(updateRoute, async (c) =>
    c.json(await updateConnection(contextOf(c, services), services, c.req.valid('param').id, c.req.valid('json')), 200),
  )
  router.openapi(checkRoute, async (c) =>
    c.json(await checkConnection(contextOf(c, services), services, c.req.valid('param').id), 200),
  )
  router.openapi(removeRoute, async (c) => {
    const force = c.req.valid('query').force === 'true'
    await removeConnection(contextOf(c, services), c.req.valid('param').id, { force })
    return c.body(null, 204)
  })
  return router
}

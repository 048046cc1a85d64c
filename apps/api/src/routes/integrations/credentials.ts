import { z } from '@hono/zod-openapi'
import { idempotencyKeySchema } from '@momentry/shared/idempotency/run.ts'
import { createCredential } from '@momentry/shared/integrations/credentials/create.ts'
import { deleteCredential, deletedCredentialSchema } from '@momentry/shared/integrations/credentials/delete.ts'
import { getCredential, listCredentials } from '@momentry/shared/integrations/credentials/find.ts'
import { reconcile, reconciliationSchema } from '@momentry/shared/integrations/credentials/reconcile.ts'
import {
  listCredentialsSchema,
  oneAccount,
  oneAccountError,
  rotateCredentialSchema,
  updateCredentialSchema,
  verifyCredentialSchema,
} from '@momentry/shared/integrations/credentials/schemas.ts'
import { updateCredential } from '@momentry/shared/integrations/credentials/update.ts'
import { verificationSchema, verifyCredential } from '@momentry/shared/integrations/credentials/verify.ts'
import { credentialSchema } from '@momentry/shared/integrations/credentials/view.ts'
import { requestRotation } from '@momentry/shared/integrations/rotation/request.ts'
import type { System } from '@momentry/shared/integrations/systems.ts'
import { reasonSchema } from '@momentry/shared/keys/schemas.ts'
import { idSchema } from '@momentry/shared/platform/id.ts'
import { contextOf } from '../../http/context.ts'
import { declareRoute } from '../../http/declare-route.ts'
import { doOnce, doOnceElsewhere } from '../../http/do-once.ts'
import { json, pageSchema } from '../../http/page.ts'
import { createRouter, type Router } from '../../http/router.ts'
import type { Services } from '../../wiring/services.ts'
import { exampleCredential, exampleCredentialRotation, exampleRemote, exampleValue } from './examples.ts'
import { remoteProblems } from './problems.ts'

const scope = 'integrations:write'
const params = z.strictObject({ id: idSchema.meta({ description: "The credential's id at Momentry" }) })
const idempotent = z.object({ 'idempotency-key': idempotencyKeySchema.optional() })
const createdHeaders = z.object({ location: z.string(), 'idempotency-replayed': z.literal('true').optional() })
const createdSchema = credentialSchema
  .extend({ key: z.string().meta({ description: 'Its value: shown in this answer and nowhere else' }) })
  .meta({ id: 'CreatedCredential' })
const queuedSchema = z
  .object({ rotationId: z.uuid(), status: z.literal('queued') })
  .meta({ id: 'CredentialRotationQueued' })
const one = (description: string) => ({ description, content: json(credentialSchema, exampleCredential) })

/** The routes of one system's credentials; each system has the same ones, under its own names. */
export function createCredentialRoutes(services: Services, system: System): Router {
  const { name, title, collection } = system
  const base = `/v1/integrations/${name}/${collection}`
  const tags = ['integrations']
  const noun = collection.slice(0, -1)
  const id = (verb: string) =>
    `${verb}${name[0]?.toUpperCase()}${name.slice(1)}${noun[0]?.toUpperCase()}${noun.slice(1)}`
  const integration = () => services.integrations.get(name)
  const router = createRouter()

  router.openapi(
    declareRoute(
      {
        scope,
        problems: [
          'CONFLICT',
          'CONNECTION_NEEDED',
          'CONNECTION_NOT_FOUND',
          'IDEMPOTENCY_KEY_REUSED',
          ...remoteProblems,
        ],
      },
      {
        method: 'post',
        path: base,
        tags,
        operationId: id('create'),
        summary: `Make a ${noun} on ${title}, and track it`,
        description:
          'By a stored connection, or by credentials that are used this once and not kept. Scopes are checked before anything is sent. One whose answer got lost is found by its name, and removed.',
        request: {
          headers: idempotent,
          body: { required: true, content: { 'application/json': { schema: system.createSchema } } },
        },
        responses: {
          201: {
            description: `The ${noun}, with its value`,
            headers: createdHeaders,
            content: json(createdSchema, { ...exampleCredential, key: exampleValue }),
          },
        },
      },
    ),
    async (c) => {
      const input = c.req.valid('json')
      const idempotencyKey = c.req.valid('header')['idempotency-key']
      const deps = { integration: integration(), seal: services.seal }
      const answer = await doOnceElsewhere(c, services, { idempotencyKey, input }, async (keep) => {
        const asAnswer = ({ credential, secret }: Awaited<ReturnType<typeof createCredential>>) => ({
          status: 201,
          body: JSON.stringify({ ...credential, key: secret }),
        })
        return asAnswer(
          await createCredential(contextOf(c, services), deps, input, (tx, created) => keep(tx, asAnswer(created))),
        )
      })
      const created = createdSchema.parse(JSON.parse(answer.body))
      return c.json(created, 201, {
        location: `${base}/${created.id}`,
        ...(answer.replayed && { 'idempotency-replayed': 'true' }),
      })
    },
  )

  router.openapi(
    declareRoute(
      { scope },
      {
        method: 'get',
        path: base,
        tags,
        operationId: `${id('list')}s`,
        summary: `List the ${collection} that are tracked, the newest first`,
        description: `Nothing is asked of ${title}; POST ${base}/reconcile compares.`,
        request: { query: listCredentialsSchema },
        responses: {
          200: {
            description: 'A page',
            content: json(pageSchema(credentialSchema), {
              data: [exampleCredential],
              pagination: { cursor: null, hasMore: false },
            }),
          },
        },
      },
    ),
    async (c) => c.json(await listCredentials(contextOf(c, services), name, c.req.valid('query')), 200),
  )

  // Before those of one credential: their paths would else be read as its id.
  router.openapi(
    declareRoute(
      { scope, problems: ['CONFLICT', 'CONNECTION_NEEDED', 'CONNECTION_NOT_FOUND', ...remoteProblems] },
      {
        method: 'post',
        path: `${base}/reconcile`,
        tags,
        operationId: `${id('reconcile')}s`,
        summary: `Compare what is tracked with what is on ${title}`,
        description: `Notes what is gone there, removes what lost creations left, shows what is unknown, and takes it in where \`adopt\` says so.`,
        request: { body: { required: true, content: { 'application/json': { schema: system.reconcileSchema } } } },
        responses: {
          200: {
            description: 'What is tracked and there, and how the two differ',
            content: json(reconciliationSchema, {
              owner: exampleCredential.owner,
              data: [exampleCredential],
              gone: [],
              unknown: [exampleRemote],
              adopted: [],
              removed: [],
            }),
          },
        },
      },
    ),
    async (c) => {
      const deps = { integration: integration(), seal: services.seal }
      return c.json(await reconcile(contextOf(c, services), deps, c.req.valid('json')), 200)
    },
  )

  router.openapi(
    declareRoute(
      { scope, problems: ['INTEGRATION_NOT_CONFIGURED'] },
      {
        method: 'post',
        path: `${base}/verify`,
        tags,
        operationId: id('verify'),
        summary: `Ask ${title} about a ${noun}, by its value`,
        request: {
          body: { required: true, content: json(verifyCredentialSchema, { key: exampleValue }) },
        },
        responses: {
          200: {
            description: `What ${title} says`,
            content: json(verificationSchema, {
              outcome: 'valid',
              detail: `${title} takes it`,
              tracked: exampleCredential,
              name: exampleCredential.name,
              owner: exampleCredential.owner,
              scopes: exampleCredential.scopes,
              expiresAt: null,
            }),
          },
        },
      },
    ),
    async (c) =>
      c.json(
        await verifyCredential(contextOf(c, services), { integration: integration() }, c.req.valid('json').key),
        200,
      ),
  )

  router.openapi(
    declareRoute(
      { scope, problems: ['CREDENTIAL_NOT_FOUND'] },
      {
        method: 'get',
        path: `${base}/{id}`,
        tags,
        operationId: id('get'),
        summary: `Read a tracked ${noun}`,
        request: { params },
        responses: { 200: one(`The ${noun}`) },
      },
    ),
    async (c) => c.json(await getCredential(contextOf(c, services), name, c.req.valid('param').id), 200),
  )

  router.openapi(
    declareRoute(
      { scope, problems: ['CREDENTIAL_NOT_FOUND', 'CONNECTION_NOT_FOUND', 'CONFLICT', 'INTEGRATION_NOT_CONFIGURED'] },
      {
        method: 'patch',
        path: `${base}/{id}`,
        tags,
        operationId: id('update'),
        summary: `Change how a ${noun} is looked after`,
        description: `\`policy\` is replaced as a whole. Nothing is sent to ${title}.`,
        request: {
          params,
          body: {
            required: true,
            content: json(updateCredentialSchema, { policy: { intervalSeconds: 2_592_000, graceSeconds: 7200 } }),
          },
        },
        responses: { 200: one(`The ${noun} as it is now`) },
      },
    ),
    async (c) => {
      const { id } = c.req.valid('param')
      const deps = { integration: integration() }
      return c.json(await updateCredential(contextOf(c, services), deps, id, c.req.valid('json')), 200)
    },
  )

  const deleted = {
    200: {
      description: '`outcome` says whether it was still there',
      content: json(deletedCredentialSchema, { ...exampleCredential, state: 'deleted', outcome: 'deleted' }),
    },
  } as const
  const deleteProblems = [
    'CREDENTIAL_NOT_FOUND',
    'CONFLICT',
    'CONNECTION_NEEDED',
    'CONNECTION_NOT_FOUND',
    ...remoteProblems,
  ] as const
  const deleteSchema = z
    .strictObject({
      reason: reasonSchema.optional(),
      connectionId: idSchema.optional(),
      credentials: system.credentialsSchema.optional(),
    })
    .refine(oneAccount, oneAccountError)
    .meta({ id: `Delete${title}${noun}` })
  router.openapi(
    declareRoute(
      { scope, problems: deleteProblems },
      {
        method: 'post',
        path: `${base}/{id}/delete`,
        tags,
        operationId: `${id('delete')}As`,
        summary: `Delete a ${noun} on ${title}`,
        description:
          'By the account that is given, else by its own connection. One that is gone already is no failure.',
        request: { params, body: { content: { 'application/json': { schema: deleteSchema } } } },
        responses: deleted,
      },
    ),
    async (c) => {
      const deps = { integration: integration(), seal: services.seal }
      const { id } = c.req.valid('param')
      return c.json(await deleteCredential(contextOf(c, services), deps, id, c.req.valid('json')), 200)
    },
  )

  router.openapi(
    declareRoute(
      { scope, problems: deleteProblems },
      {
        method: 'delete',
        path: `${base}/{id}`,
        tags,
        operationId: id('delete'),
        summary: `Delete a ${noun} on ${title}, by its own connection`,
        request: { params },
        responses: deleted,
      },
    ),
    async (c) => {
      const deps = { integration: integration(), seal: services.seal }
      return c.json(await deleteCredential(contextOf(c, services), deps, c.req.valid('param').id, {}), 200)
    },
  )

  router.openapi(
    declareRoute(
      {
        scope,
        problems: [
          'CREDENTIAL_NOT_FOUND',
          'CONFLICT',
          'CONNECTION_NEEDED',
          'ROTATION_IN_PROGRESS',
          'IDEMPOTENCY_KEY_REUSED',
          'INTEGRATION_NOT_CONFIGURED',
        ],
      },
      {
        method: 'post',
        path: `${base}/{id}/rotate`,
        tags,
        operationId: id('rotate'),
        summary: `Queue a rotation of a ${noun}`,
        description:
          'A new one is made there, handed over as the policy says, verified, and the old one is deleted after a grace. A request like one that is under way gives that one. `forced` deletes the old one as soon as there is a new one.',
        request: {
          params,
          headers: idempotent,
          body: { content: json(rotateCredentialSchema, { reason: 'yearly renewal', graceSeconds: 7200 }) },
        },
        responses: {
          202: {
            description: 'Queued',
            headers: createdHeaders,
            content: json(queuedSchema, { rotationId: exampleCredentialRotation.id, status: 'queued' }),
          },
        },
      },
    ),
    async (c) => {
      const { forced = false, reason, graceSeconds } = c.req.valid('json')
      const { id } = c.req.valid('param')
      const idempotencyKey = c.req.valid('header')['idempotency-key']
      const deps = { integration: integration(), announce: services.announce }
      const answer = await doOnce(c, services, { idempotencyKey, input: c.req.valid('json') }, async (tx) => {
        const request = { kind: forced ? 'forced' : 'manual', reason, graceSeconds } as const
        const { rotationId } = await requestRotation(tx, deps, id, request)
        return { status: 202, body: JSON.stringify({ rotationId, status: 'queued' }) }
      })
      const queued = queuedSchema.parse(JSON.parse(answer.body))
      return c.json(queued, 202, {
        location: `/v1/integrations/rotations/${queued.rotationId}`,
        ...(answer.replayed && { 'idempotency-replayed': 'true' }),
      })
    },
  )
  return router
}

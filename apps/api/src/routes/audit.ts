import { z } from '@hono/zod-openapi'
import { auditViewSchema, listAudit, listAuditSchema } from '@momentry/shared/audit/list.ts'
import { auditVerificationSchema, verifyAudit } from '@momentry/shared/audit/verify.ts'
import type { Anchor } from '@momentry/shared/audit/walk.ts'
import { declareRoute } from '../http/declare-route.ts'
import { json, pageSchema } from '../http/page.ts'
import { createRouter, type Router } from '../http/router.ts'
import type { Services } from '../wiring/services.ts'
import { exampleKey } from './examples.ts'

const exampleHash = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'

const listRoute = declareRoute(
  { scope: 'audit:read' },
  {
    method: 'get',
    path: '/v1/audit',
    tags: ['audit'],
    operationId: 'listAudit',
    summary: 'List what was done to keys, the newest first',
    request: { query: listAuditSchema },
    responses: {
      200: {
        description: 'A page of the audit log',
        content: json(pageSchema(auditViewSchema), {
          data: [
            {
              seq: 42,
              at: '2026-01-06T10:00:00.000Z',
              action: 'key.revoked',
              keyId: exampleKey.id,
              actorKeyId: exampleKey.createdBy,
              address: '203.0.113.7',
              requestId: '019a2b3c-0000-7000-8000-00000000000a',
              reason: 'leaked in a commit',
              before: null,
              after: null,
              hash: exampleHash,
            },
          ],
          pagination: { cursor: '42', hasMore: true },
        }),
      },
    },
  },
)

const anchorSchema = z
  .strictObject({
    anchorSeq: z.coerce.number().int().min(1).optional().meta({ description: '`head.seq` of an earlier check …' }),
    anchorHash: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional()
      .meta({ description: '… and its `head.hash`: tells a log that was set back to what it was before' }),
  })
  .refine(({ anchorSeq, anchorHash }) => (anchorSeq === undefined) === (anchorHash === undefined), {
    path: ['anchorHash'],
    message: 'goes with anchorSeq',
  })

function readAnchor({ anchorSeq, anchorHash }: z.output<typeof anchorSchema>): Anchor | undefined {
  if (anchorSeq === undefined || anchorHash === undefined) return undefined
  return { seq: anchorSeq, hash: Buffer.from(anchorHash, 'hex') }
}

const verifyRoute = declareRoute(
  { scope: 'audit:read' },
  {
    method: 'get',
    path: '/v1/audit/verify',
    tags: ['audit'],
    operationId: 'verifyAudit',
    summary: 'Check the audit log against its chain of hashes and its signed heads',
    request: { query: anchorSchema },
    responses: {
      200: {
        description: 'The outcome',
        content: json(auditVerificationSchema, {
          valid: true,
          rows: 42,
          head: { day: '2026-01-06', seq: 42, hash: exampleHash },
        }),
      },
    },
  },
)

/** The audit log: read it, and check that nobody changed it. */
export function createAuditRoutes({ postgres, signer }: Services): Router {
  const router = createRouter()
  router.openapi(listRoute, async (c) => c.json(await listAudit(postgres.db, c.req.valid('query')), 200))
  router.openapi(verifyRoute, async (c) =>
    c.json(await verifyAudit(postgres.db, { signer, anchor: readAnchor(c.req.valid('query')) }), 200),
  )
  return router
}

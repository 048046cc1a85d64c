import { z } from '@hono/zod-openapi'
import { exportMediaType } from '@momentry/shared/audit/export/format.ts'
import { exportAudit } from '@momentry/shared/audit/export/write.ts'
import { auditViewSchema, listAudit, listAuditSchema } from '@momentry/shared/audit/list.ts'
import { auditVerificationSchema, type VerifyOptions, verifyAudit } from '@momentry/shared/audit/verify.ts'
import { declareRoute } from '../../http/declare-route.ts'
import { json, pageSchema } from '../../http/page.ts'
import { createRouter, type Router } from '../../http/router.ts'
import type { Services } from '../../wiring/services.ts'
import { exampleKey } from '../examples.ts'

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
              before: { revokedAt: null },
              after: { revokedAt: '2026-01-06T10:00:00.000Z' },
              hash: exampleHash,
            },
          ],
          pagination: { cursor: '42', hasMore: true },
        }),
      },
    },
  },
)

const verifySchema = z
  .strictObject({
    from: z.iso
      .date()
      .optional()
      .meta({ description: 'The first day to look at, UTC: for a log that is known to be broken before it' }),
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

function readOptions({ from, anchorSeq, anchorHash }: z.output<typeof verifySchema>): Omit<VerifyOptions, 'signer'> {
  if (anchorSeq === undefined || anchorHash === undefined) return { from }
  return { from, anchor: { seq: anchorSeq, hash: Buffer.from(anchorHash, 'hex') } }
}

const publicKeySchema = z
  .object({
    keyId: z.string().meta({ description: 'The first 8 bytes of its SHA-256, in hex' }),
    key: z.string().meta({ description: '32 bytes, in base64' }),
  })
  .meta({ id: 'AuditPublicKey' })

const verifyRoute = declareRoute(
  { scope: 'audit:read' },
  {
    method: 'get',
    path: '/v1/audit/verify',
    tags: ['audit'],
    operationId: 'verifyAudit',
    summary: 'Check the audit log against its chain of hashes and its signed heads',
    request: { query: verifySchema },
    responses: {
      200: {
        description: 'The outcome',
        content: json(auditVerificationSchema, {
          valid: true,
          rows: 42,
          head: {
            day: '2026-01-06',
            seq: 42,
            hash: exampleHash,
            keyId: '5b1e0c3a9f8d7e62',
            signature: exampleHash.repeat(2),
          },
        }),
      },
    },
  },
)

const exportRoute = declareRoute(
  { scope: 'audit:read' },
  {
    method: 'get',
    path: '/v1/audit/export',
    tags: ['audit'],
    operationId: 'exportAudit',
    summary: 'Export whole days of the audit log, to be verified without this server',
    description:
      "Lines of JSON: what the file is, each day's signed head followed by its rows, and a signed end, without which the file was cut off.",
    request: {
      query: z.strictObject({
        from: z.iso.date().optional().meta({ description: 'The first day, UTC; absent: from the beginning' }),
        to: z.iso.date().optional().meta({ description: 'The last day; absent: to the end' }),
      }),
    },
    responses: {
      200: {
        description: 'The days, as they are at one moment',
        content: { [exportMediaType]: { schema: z.string(), example: '{"format":"momentry-audit","version":1, …}' } },
      },
    },
  },
)

const publicKeyRoute = declareRoute(
  { scope: 'audit:read' },
  {
    method: 'get',
    path: '/v1/audit/public-key',
    tags: ['audit'],
    operationId: 'getAuditPublicKey',
    summary: 'Get the public key by which exports are verified',
    responses: {
      200: {
        description: 'An Ed25519 key',
        content: json(publicKeySchema, {
          keyId: '5b1e0c3a9f8d7e62',
          key: '11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=',
        }),
      },
    },
  },
)

/** The audit log: read it, and check that nobody changed it. */
export function createAuditRoutes({ postgres, signer, now }: Services): Router {
  const router = createRouter()
  router.openapi(listRoute, async (c) => c.json(await listAudit(postgres.db, c.req.valid('query')), 200))
  router.openapi(verifyRoute, async (c) =>
    c.json(await verifyAudit(postgres.db, { signer, ...readOptions(c.req.valid('query')) }), 200),
  )
  router.openapi(exportRoute, (c) => {
    // Reads on only where the client has taken what there is, and stops where it leaves.
    const body = ReadableStream.from(inBytes(exportAudit({ db: postgres.db, signer, now }, c.req.valid('query'))))
    return new Response(body, { headers: { 'content-type': `${exportMediaType}; charset=utf-8` } })
  })
  router.openapi(publicKeyRoute, (c) => c.json({ ...signer.publicKey }, 200))
  return router
}

async function* inBytes(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  for await (const text of texts) yield Buffer.from(text)
}

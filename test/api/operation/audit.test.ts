import { Readable } from 'node:stream'
import { verifyExport } from '@momentry/shared/audit/export/verify.ts'
import { auditVerificationSchema } from '@momentry/shared/audit/verify.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { makeKey } from '../client.ts'
import { type Harness, startHarness } from '../harness.ts'

const publicKeySchema = z.object({ keyId: z.string(), key: z.string() })

let t: Harness
beforeAll(async () => {
  t = await startHarness({ TRUSTED_PROXIES: '127.0.0.1' })
})
afterAll(async () => {
  await t.close()
})

describe('GET /v1/audit', () => {
  it('tells who did what to which key, from where, why, and what it changed', async () => {
    const { id } = await makeKey(t.asRoot, { metadata: { a: 1 }, expiresAt: '2099-01-01T00:00:00Z' })
    const headers = { 'x-request-id': 'req-7', 'x-forwarded-for': '198.51.100.9, 2001:DB8::7' }
    await t.asRoot('PATCH', `/v1/keys/${id}`, { body: { name: 'new', enabled: true, expiresAt: null }, headers })
    await t.asRoot('PATCH', `/v1/keys/${id}`, { body: { name: 'new' } })
    await t.asRoot('POST', `/v1/keys/${id}/revoke`, { body: { reason: 'leaked' } })
    await t.asRoot('DELETE', `/v1/keys/${id}`)
    const answer = await t.asRoot('GET', `/v1/audit?keyId=${id}`)
    expect(answer.body).toMatchObject({
      data: [
        {
          action: 'key.revoked',
          reason: 'leaked',
          before: { revokedAt: null },
          after: { revokedAt: expect.any(String) },
        },
        {
          action: 'key.updated',
          keyId: id,
          actorKeyId: t.root.keyId,
          address: '2001:db8::7',
          requestId: 'req-7',
          reason: null,
          before: { name: 'test', expiresAt: '2099-01-01T00:00:00.000Z' },
          after: { name: 'new', expiresAt: null },
        },
        { action: 'key.created', after: { name: 'test', metadata: { a: 1 }, scopes: [] } },
      ],
      pagination: { cursor: null, hasMore: false },
    })
    expect(answer.text).not.toMatch(/mty_|digest/)
    const filtered = await t.asRoot('GET', `/v1/audit?keyId=${id}&action=key.created&limit=1`)
    expect(filtered.body).toMatchObject({ data: [{ action: 'key.created' }] })
  })

  it('stays whole when an id comes in capitals', async () => {
    const { id } = await makeKey(t.asRoot)
    await t.asRoot('PATCH', `/v1/keys/${id.toUpperCase()}`, { body: { name: 'loud' } })
    await t.asRoot('POST', `/v1/keys/${id.toUpperCase()}/revoke`, { body: {} })
    const { body } = await t.asRoot('GET', `/v1/audit?keyId=${id.toUpperCase()}`)
    expect(body).toMatchObject({ data: [{ action: 'key.revoked', keyId: id }, { keyId: id }, { keyId: id }] })
    expect((await t.asRoot('GET', '/v1/audit/verify')).body).toMatchObject({ valid: true })
  })

  it('pages, and refuses what is not known', async () => {
    const first = await t.asRoot('GET', '/v1/audit?limit=1')
    expect(first.body).toMatchObject({ pagination: { hasMore: true, cursor: expect.stringMatching(/^\d+$/) } })
    expect((await t.asRoot('GET', '/v1/audit?limit=0')).status).toBe(400)
    expect((await t.asRoot('GET', '/v1/audit?keyId=x')).status).toBe(400)
  })

  it('keeps one chain though many change keys at once', async () => {
    await Promise.all(Array.from({ length: 20 }, () => makeKey(t.asRoot)))
    const { body } = await t.asRoot('GET', '/v1/audit/verify')
    expect(body).toMatchObject({ valid: true, rows: expect.any(Number) })
  })
})

describe('GET /v1/audit/verify', () => {
  it('tells where the log ends, and of an anchor that it does not know', async () => {
    const verify = async (query: string) => (await t.asRoot('GET', `/v1/audit/verify${query}`)).body
    const { head } = auditVerificationSchema.parse(await verify(''))
    const anchor = (seq: number, hash: string) => verify(`?anchorSeq=${seq}&anchorHash=${hash}`)
    expect(await anchor(head?.seq ?? 0, head?.hash ?? '')).toMatchObject({ valid: true })
    expect(await anchor(head?.seq ?? 0, 'a'.repeat(64))).toMatchObject({ valid: false, firstBroken: head?.seq })
    expect(await anchor(1_000_000, 'a'.repeat(64))).toMatchObject({ valid: false, firstBroken: (head?.seq ?? 0) + 1 })
    expect((await t.asRoot('GET', '/v1/audit/verify?anchorSeq=1')).status).toBe(400)
    expect(await verify(`?from=${head?.day}`)).toMatchObject({ valid: true, rows: expect.any(Number) })
    expect((await t.asRoot('GET', '/v1/audit/verify?from=today')).status).toBe(400)
  })
})

describe('GET /v1/audit/export', () => {
  it('gives what can be verified with the public key alone', async () => {
    const { key } = publicKeySchema.parse((await t.asRoot('GET', '/v1/audit/public-key')).body)
    const { text, headers } = await t.asRoot('GET', '/v1/audit/export')
    expect(headers.get('content-type')).toContain('ndjson')
    const lines = Readable.from(text.trimEnd().split('\n'))
    expect(await verifyExport(lines, key)).toMatchObject({ valid: true })
    expect(text).not.toMatch(/mty_/)
    expect((await t.asRoot('GET', '/v1/audit/export?from=yesterday')).status).toBe(400)
  })
})

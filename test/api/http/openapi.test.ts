import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Harness, shareHarness } from '../harness.ts'

const mediaSchema = z.looseObject({ example: z.unknown().optional(), examples: z.unknown().optional() })
const operationSchema = z.looseObject({
  operationId: z.string(),
  summary: z.string(),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  responses: z.record(z.string(), z.looseObject({ content: z.record(z.string(), mediaSchema).optional() })),
})
const documentSchema = z.looseObject({
  openapi: z.literal('3.1.0'),
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }),
})

let t: Harness
let document: z.infer<typeof documentSchema>
beforeAll(async () => {
  t = await shareHarness()
  document = documentSchema.parse((await t.asAnyone('GET', '/openapi.json')).body)
})
afterAll(() => t.close())

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  )

describe('/openapi.json', () => {
  it('names each operation once', () => {
    const ids = operations().map(({ operation }) => operation.operationId)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toEqual(expect.arrayContaining(['createKey', 'validateKey', 'verifyAudit', 'getReadiness']))
  })

  it('tells, of each operation that needs a key, how it is refused (test/api/access/escalation.test.ts calls each)', () => {
    const open = operations().filter(({ operation }) => operation.security.length === 0)
    for (const { method, path, operation } of operations()) {
      if (open.some((each) => each.path === path)) continue
      expect
        .soft(Object.keys(operation.responses), `${method} ${path}`)
        .toEqual(expect.arrayContaining(['401', '403', '429', '500', '503']))
    }
  })

  it('has an example of every JSON answer and body', () => {
    const media = operations().flatMap(({ method, path, operation }) =>
      Object.entries(operation.responses).flatMap(([status, { content }]) =>
        Object.entries(content ?? {}).map(([type, shown]) => ({ where: `${method} ${path} ${status}`, type, shown })),
      ),
    )
    const json = media.filter(({ type, where }) => type.includes('json') && !where.includes('/openapi.json 200'))
    expect(json.length).toBeGreaterThan(50)
    for (const { where, shown } of json) expect.soft(shown.example ?? shown.examples, where).toBeDefined()
  })

  it('has every schema that it refers to', () => {
    const names = new Set(
      [...JSON.stringify(document).matchAll(/#\/components\/schemas\/(\w+)/g)].map((match) => match[1]),
    )
    expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining([...names]))
  })
})

describe('/docs', () => {
  it('is a page all of whose parts come from this process', async () => {
    const page = await t.asAnyone('GET', '/docs')
    expect(page.status).toBe(200)
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(page.text).not.toMatch(/https?:\/\//)
    const parts = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '')
    expect(parts.length).toBe(4)
    for (const part of parts) expect((await t.asAnyone('GET', part)).status).toBe(200)
  })
})

describe('/metrics, /healthz and /readyz', () => {
  it('tell how it is, without secrets, names and ids', async () => {
    await t.asRoot('GET', '/v1/keys')
    const { text, headers } = await t.asAnyone('GET', '/metrics')
    expect(headers.get('content-type')).toContain('text/plain')
    expect(text).toMatch(/momentry_http_request_duration_seconds_count\{[^}]*route="\/v1\/keys"[^}]*\} \d/)
    expect(text).not.toContain(t.root.keyId)
    expect((await t.asAnyone('GET', '/healthz')).body).toEqual({ status: 'ok' })
    expect((await t.asAnyone('GET', '/readyz')).body).toEqual({
      status: 'ready',
      checks: { postgres: 'ok', redis: 'ok', migrations: 'ok' },
    })
  })
})

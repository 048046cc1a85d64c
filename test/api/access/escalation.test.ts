import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createBootstrapKey } from '../../support/bootstrap-key.ts'
import { type Call, codeOf, createClient, makeKey } from '../client.ts'
import { type Harness, startHarness } from '../harness.ts'

const mediaSchema = z.looseObject({ example: z.unknown().optional() })
const operationSchema = z.looseObject({
  security: z.array(z.record(z.string(), z.array(z.string()))),
  requestBody: z.looseObject({ content: z.record(z.string(), mediaSchema) }).optional(),
})
const documentSchema = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), operationSchema)) })

interface Operation {
  method: string
  /** With ids of nothing that there is. */
  path: string
  /** undefined: any valid key may call it. */
  scope: string | undefined
  body: unknown
}

/** Routes that anybody may call; every other one is called by the tests below. A new one has to be added here. */
const open = [
  '/docs',
  '/healthz',
  '/metrics',
  '/openapi.json',
  '/readyz',
  '/v1/keys/validate',
  '/v1/leaks/github',
  '/v1/session',
]

let t: Harness
let closed: Operation[]
let opened: string[]
/** Every scope of the API. */
let scopes: string[]

beforeAll(async () => {
  t = await startHarness({ RATE_LIMIT_MAX_ATTEMPTS: '100000' })
  const { paths } = documentSchema.parse((await t.asAnyone('GET', '/openapi.json')).body)
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  opened = all.filter(({ operation }) => operation.security.length === 0).map(({ path }) => path)
  closed = all
    .filter(({ operation }) => operation.security.length > 0)
    .map(({ path, method, operation }) => ({
      method: method.toUpperCase(),
      path: path.replace(/\{(\w+)\}/g, (_, name: string) => (/^(number|a|b)$/.test(name) ? '9999' : exampleId)),
      scope: operation.security[0]?.['bearer']?.[0],
      body: operation.requestBody?.content['application/json']?.example,
    }))
  scopes = [...new Set(closed.flatMap(({ scope }) => scope ?? []))]
})
afterAll(() => t.close())

const exampleId = '019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b'

/** Calls each of the operations, and gives what each answered. An answer without an end is cut after its head. */
async function callEach(operations: readonly Operation[], keyOf: (operation: Operation) => string | undefined) {
  const answers: { where: string; status: number; code: string | undefined }[] = []
  for (const operation of operations) {
    const key = keyOf(operation)
    const stop = new AbortController()
    const answer = await fetch(`${t.api.url}${operation.path}`, {
      method: operation.method,
      signal: stop.signal,
      headers: {
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
        ...(operation.body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(operation.body !== undefined && { body: JSON.stringify(operation.body) }),
    })
    const isProblem = answer.headers.get('content-type')?.startsWith('application/problem+json')
    const code = isProblem ? z.looseObject({ code: z.string() }).parse(await answer.json()).code : undefined
    stop.abort()
    answers.push({ where: `${operation.method} ${operation.path}`, status: answer.status, code })
  }
  return answers
}

const keyWith = async (held: string[]) =>
  (await createBootstrapKey(t.stores.databaseUrl, { type: 'service', scopes: held })).key

describe('every operation of the OpenAPI document', () => {
  it('is among those that anybody may call, or is called here', () => {
    expect(opened.filter((path) => !path.startsWith('/docs/')).toSorted()).toEqual(open)
    expect(closed.length).toBeGreaterThan(60)
  })

  it('is refused without a key', async () => {
    for (const answer of await callEach(closed, () => undefined))
      expect.soft(answer, answer.where).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' })
  })

  it('is refused to a key that holds every scope but the one', async () => {
    const lacking = new Map<string, string>()
    for (const scope of scopes) lacking.set(scope, await keyWith(scopes.filter((other) => other !== scope)))
    const scoped = closed.filter(({ scope }) => scope !== undefined)
    for (const answer of await callEach(scoped, ({ scope = '' }) => lacking.get(scope)))
      expect.soft(answer, answer.where).toMatchObject({ status: 403, code: 'FORBIDDEN' })
  })

  it('is open to a key that holds only that scope', async () => {
    const holding = new Map<string, string>()
    for (const scope of scopes) holding.set(scope, await keyWith([scope]))
    const none = await keyWith([])
    for (const { where, status, code } of await callEach(closed, ({ scope }) => holding.get(scope ?? '') ?? none)) {
      expect.soft(status, where).not.toBe(401)
      expect.soft(code, where).not.toBe('FORBIDDEN')
      expect.soft(status, where).not.toBe(500)
    }
  })

  it('is refused to a revoked key, whatever it held', async () => {
    const { id, key } = await makeKey(t.asRoot, { scopes: ['*'] })
    await t.asRoot('DELETE', `/v1/keys/${id}`)
    const call = createClient(t.api.url, key)
    await expect.poll(async () => (await call('GET', '/v1/keys')).status).toBe(401)
    for (const answer of await callEach(closed, () => key))
      expect.soft(answer, answer.where).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' })
  })

  it("is refused to another owner's key without the scope, for whichever key it asks", async () => {
    const mine = await makeKey(t.asRoot, { ownerId: 'mine', scopes: ['invoices:read'] })
    const theirs = await makeKey(t.asRoot, { ownerId: 'theirs', scopes: ['invoices:*'] })
    const about = closed
      .filter(({ scope }) => scope !== undefined)
      .map((operation) => ({ ...operation, path: operation.path.replace(exampleId, mine.id) }))
    for (const answer of await callEach(about, () => theirs.key))
      expect.soft(answer, answer.where).toMatchObject({ status: 403, code: 'FORBIDDEN' })
  })
})

describe('a key that may manage keys, and holds nothing else', () => {
  let strong: { id: string; key: string }
  let call: Call
  beforeAll(async () => {
    strong = await makeKey(t.asRoot, { scopes: ['billing:*'], ownerId: 'theirs' })
    call = await t.as('keys:read', 'keys:write', 'rotations:read', 'rotations:write')
  })

  it('gets no secret of a stronger one: neither as a successor nor by a public key of its own', async () => {
    const rotated = await call('POST', `/v1/keys/${strong.id}/rotate`, { body: { reason: 'mine now', forced: true } })
    expect(rotated.status).toBe(202)
    const { rotationId } = z.looseObject({ rotationId: z.string() }).parse(rotated.body)
    expect(codeOf(await call('POST', `/v1/rotations/${rotationId}/secret`))).toBe('SCOPE_NOT_HELD')
    const { publicKey } = generateKeyPairSync('x25519', {
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    })
    const taken = await call('PATCH', `/v1/keys/${strong.id}`, { body: { publicKey } })
    expect(codeOf(taken)).toBe('SCOPE_NOT_HELD')
  })

  it('claims nothing: that takes the old secret itself', async () => {
    expect(codeOf(await call('POST', '/v1/keys/self/claim'))).toBe('NOT_CLAIMABLE')
  })

  it('reads no secret and no digest of any key', async () => {
    for (const path of [`/v1/keys/${strong.id}`, '/v1/keys'])
      expect((await call('GET', path)).text).not.toMatch(/mty_|digest/)
  })
})

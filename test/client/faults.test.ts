import { type ClientOptions, createClient } from '@momentry/client/client.ts'
import { MomentryClientError } from '@momentry/client/errors.ts'
import { afterEach, describe, expect, it } from 'vitest'
import { away, goodVerdict } from './support/answers.ts'
import { type StandIn, startStandIn, type Treatment } from './support/stand-in.ts'

const good: Treatment = { status: 200, body: goodVerdict }
const ownKey = 'mty_service_owner_ownkey'
const asked = 'mty_user_asked_askedkey'

const standIns: StandIn[] = []
afterEach(async () => {
  for (const standIn of standIns.splice(0)) await standIn.close()
})

/** A client of a server that treats requests in turn, the last treatment for ever. */
async function setUp(treatments: readonly Treatment[], options: Partial<ClientOptions> = {}) {
  const standIn = await startStandIn((_, index) => treatments[Math.min(index, treatments.length - 1)] ?? 'lost')
  standIns.push(standIn)
  const retry = { firstDelayMs: 1 }
  const timeoutMs = treatments.includes('silent') ? 500 : 10_000
  const client = createClient({ url: standIn.url, apiKey: ownKey, timeoutMs, retry, ...options })
  return { client, seen: standIn.seen, url: standIn.url }
}

/** The error of a promise, which must be one. */
async function failureOf(promise: Promise<unknown>): Promise<MomentryClientError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof MomentryClientError) return error
  throw new Error(`no MomentryClientError: ${error}`)
}

describe('what goes wrong on the way', () => {
  it.each<[string, Treatment]>([
    ['an answer that is lost', 'lost'],
    ['half an answer', 'half'],
    ['an answer that does not come', 'silent'],
    ['a 503', away],
    ['a 502 of something in between', { status: 502, body: '<html>' }],
    ['a 429 with a Retry-After', { status: 429, headers: { 'retry-after': '0' } }],
  ])('%s is asked for again', async (_, treatment) => {
    const { client, seen } = await setUp([treatment, treatment, good])
    expect(await client.validate(asked)).toMatchObject(goodVerdict)
    expect(seen).toHaveLength(3)
  })

  it.each<[string, Treatment, object]>([
    ['lost', 'lost', { kind: 'unavailable', status: undefined }],
    ['half', 'half', { kind: 'unavailable' }],
    ['silent', 'silent', { kind: 'timeout', message: 'Momentry did not answer within 500 ms' }],
    ['away', away, { kind: 'unavailable', status: 503, code: 'DATABASE_UNAVAILABLE' }],
  ])('tells in the end of an answer that was %s', async (_, treatment, expected) => {
    const { client, seen } = await setUp([treatment])
    expect(await failureOf(client.validate(asked))).toMatchObject(expected)
    expect(seen).toHaveLength(3)
  })

  it('gives up at once where Retry-After is further away than it may wait', async () => {
    const { client, seen } = await setUp([{ ...away, headers: { 'retry-after': '30' } }, good])
    expect(await failureOf(client.validate(asked))).toMatchObject({ kind: 'unavailable', retryAfterSeconds: 30 })
    expect(seen).toHaveLength(1)
  })

  it.each<[string, Treatment, object]>([
    ['a refusal', { status: 403, body: { code: 'FORBIDDEN' } }, { kind: 'refused', status: 403, code: 'FORBIDDEN' }],
    [
      'a lock-out',
      { status: 429, body: { code: 'LOCKED_OUT' }, headers: { 'retry-after': '1' } },
      { kind: 'refused', code: 'LOCKED_OUT', retryAfterSeconds: 1 },
    ],
    ['another server', { status: 200, body: '<html>hello' }, { kind: 'protocol', status: 200 }],
    ['a verdict without its fields', { status: 200, body: { valid: true } }, { kind: 'protocol' }],
    ['a redirect', { status: 307, headers: { location: 'http://127.0.0.1:1/' } }, { kind: 'protocol', status: 307 }],
    ['an endless answer', { status: 200, body: 'x'.repeat(2_000_000) }, { kind: 'protocol' }],
  ])('takes %s for what it is, at the first try', async (_, treatment, expected) => {
    const { client, seen } = await setUp([treatment])
    expect(await failureOf(client.validate(asked))).toMatchObject(expected)
    expect(seen).toHaveLength(1)
  })

  it('says where nobody answers', async () => {
    const { client, url } = await setUp([good])
    for (const standIn of standIns.splice(0)) await standIn.close()
    const error = await failureOf(client.validate(asked))
    expect(error).toMatchObject({ kind: 'unavailable', message: `Momentry does not answer at ${url} (ECONNREFUSED)` })
  })

  it('reports usage under the same name at each try, and under another the next time', async () => {
    const { client, seen } = await setUp(['lost', away, { status: 202, body: { accepted: 1 } }])
    await client.reportUsage([{ keyId: 'k', status: 200 }])
    await client.reportUsage([{ keyId: 'k', status: 200 }])
    const names = seen.map(({ headers }) => headers['idempotency-key'])
    expect(names).toEqual([names[0], names[0], names[0], names[3]])
    expect(names[3]).not.toBe(names[0])
  })
})

describe('secrets', () => {
  it('are in no error, whatever the answer quotes', async () => {
    const body = {
      detail: `what is ${asked} to ${ownKey}?`,
      code: 'X',
      errors: [{ pointer: `/${asked}`, detail: ownKey }],
    }
    const treatments: Treatment[] = ['lost', 'half', 'silent', { status: 400, body }, { status: 500, body }]
    treatments.push({ status: 200, body: `{"valid":true,"name":"${asked}` }, { status: 200, body: { valid: asked } })
    for (const treatment of treatments) {
      const { client } = await setUp([treatment], { retry: { retries: 0 } })
      const error = await failureOf(client.validate(asked))
      expect(error.cause).toBeUndefined()
      const text = [error.message, error.stack, JSON.stringify(error), String(error)].join()
      expect(text).not.toMatch(/mty_user_a|mty_service_o/)
    }
  })

  it('are not quoted where they cannot even be sent', async () => {
    const { client, seen } = await setUp([good], { apiKey: `${ownKey}\n` })
    await expect(client.validate(asked)).rejects.toThrow('the API key must be printable ASCII without spaces')
    expect(seen).toHaveLength(0)
  })
})

describe('a key that is given by a function', () => {
  const unauthenticated: Treatment = { status: 401, body: { code: 'UNAUTHENTICATED' } }

  it('is asked for at each request, and a request is repeated where it has changed', async () => {
    const keys = ['old', 'new']
    const { client, seen } = await setUp([unauthenticated, good], { apiKey: async () => keys.shift() ?? 'newer' })
    await client.validate(asked)
    await client.validate('another')
    expect(seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer old', 'Bearer new', 'Bearer newer'])
  })

  it('is not tried again where it has not', async () => {
    const { client, seen } = await setUp([unauthenticated], { apiKey: () => 'same' })
    expect(await failureOf(client.validate(asked))).toMatchObject({ kind: 'refused', status: 401 })
    expect(seen).toHaveLength(1)
  })
})

import { createClient } from '@momentry/client/client.ts'
import type { KeyCheckOptions } from '@momentry/client/middleware/options.ts'
import { afterEach, describe, expect, it } from 'vitest'
import { away, goodVerdict } from './support/answers.ts'
import { eventually } from './support/eventually.ts'
import { frameworks } from './support/services.ts'
import { startStandIn, type Treatment } from './support/stand-in.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

describe.each(frameworks)('middleware for %s', (_, start) => {
  /** A service whose Momentry treats every request the same. */
  const setUp = async (treatment: Treatment, options: Partial<KeyCheckOptions> = {}) => {
    const standIn = await startStandIn(() => treatment)
    const timeoutMs = treatment === 'silent' ? 100 : 10_000
    const client = createClient({ url: standIn.url, apiKey: 'own', timeoutMs, retry: { retries: 0 } })
    const errors: unknown[] = []
    const service = await start({ client, onError: (error) => errors.push(error), ...options })
    closers.push(service.close, standIn.close)
    const call = (path = '/hello') => fetch(`${service.url}${path}`, { headers: { authorization: 'Bearer any' } })
    return { call, errors }
  }

  it.each<[string, Treatment, string]>([
    ['is away', away, '2'],
    ['says when to come back', { ...away, headers: { 'retry-after': '7' } }, '7'],
    ['does not answer', 'silent', '2'],
    ['is something else', { status: 200, body: '<html>' }, '2'],
    ['refuses the key of the service', { status: 401, body: { code: 'UNAUTHENTICATED' } }, '2'],
  ])('answers 503 where Momentry %s', async (_, treatment, retryAfter) => {
    const { call, errors } = await setUp(treatment)
    const answer = await call()
    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).toBe(retryAfter)
    expect(await answer.json()).toMatchObject({ status: 503, code: 'KEY_CHECK_UNAVAILABLE' })
    expect(errors).toHaveLength(1)
  })

  it('lets in without a verdict where it is told to', async () => {
    const { call, errors } = await setUp(away, { onUnavailable: 'allow' })
    const answer = await call()
    expect([answer.status, await answer.json()]).toEqual([200, { keyId: null }])
    expect(errors).toHaveLength(1)
  })

  it.each<[string, Treatment]>([
    ['the key of the service is refused', { status: 401, body: { code: 'UNAUTHENTICATED' } }],
    ['something else answers', { status: 200, body: '<html>' }],
  ])('lets nobody in where %s, whatever it is told', async (_, treatment) => {
    const { call } = await setUp(treatment, { onUnavailable: 'allow' })
    expect((await call()).status).toBe(503)
  })

  it('tells the holder of a superseded secret so, on whatever the service answers', async () => {
    const rotation = { supersededBy: 2, graceEndsAt: '2099-01-01T00:00:00.250Z', claimable: true }
    const sunset = 'Thu, 01 Jan 2099 00:00:00 GMT'
    const headers = { deprecation: '@1767225600', sunset }
    const { call } = await setUp({ status: 200, body: { ...goodVerdict, rotation }, headers })
    for (const path of ['/hello', '/teapot', '/broken']) {
      const answer = await call(path)
      expect(answer.headers.get('deprecation')).toBe('@1767225600')
      expect(answer.headers.get('sunset')).toBe(sunset)
    }
  })

  it('does not take what is said of the key of the service for what is said of the holder', async () => {
    const rotation = { supersededBy: 2, graceEndsAt: '2099-01-01T00:00:00.250Z', claimable: true }
    const headers = { deprecation: '@1', sunset: 'Fri, 02 Jan 2099 00:00:00 GMT' }
    const ofOwnKey = await setUp({ status: 200, body: goodVerdict, headers })
    expect((await ofOwnKey.call()).headers.get('deprecation')).toBeNull()
    const ofBoth = await setUp({ status: 200, body: { ...goodVerdict, rotation }, headers })
    const answer = await ofBoth.call()
    expect(answer.headers.get('deprecation')).toMatch(/^@\d{10}$/)
    expect(answer.headers.get('sunset')).toBe('Thu, 01 Jan 2099 00:00:00 GMT')
  })

  it('reports a request that was answered, and none that nobody knows the key of', async () => {
    const reported: unknown[] = []
    const usage = { report: (event: unknown) => reported.push(event) }
    await (await (await setUp({ status: 200, body: goodVerdict }, { usage })).call('/teapot')).text()
    await eventually(() => reported).toMatchObject([{ keyId: goodVerdict.keyId, status: 418, ip: '127.0.0.1' }])
    await (await setUp({ status: 200, body: { valid: false, code: 'NOT_FOUND' } }, { usage })).call()
    await (await setUp(away, { usage, onUnavailable: 'allow' })).call()
    expect(reported).toHaveLength(1)
  })
})

it.each([{ realm: 'a"b' }, { header: 'two words' }])('refuses options that no header can carry', async (options) => {
  const client = createClient({ url: 'http://127.0.0.1:1', apiKey: 'own' })
  for (const [, start] of frameworks) await expect(start({ client, ...options })).rejects.toThrow(TypeError)
})

import { describe, expect, it } from 'vitest'
import { MomentryClientError } from '../errors.ts'
import { refuseInvalid, refuseNameless, refuseUnknown } from './refuse.ts'

describe('refusals', () => {
  it('asks for a key where none came', () => {
    expect(refuseNameless({})).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer realm="api"' } })
    const own = refuseNameless({ header: 'x-api-key', realm: 'shop' })
    expect(own.headers['www-authenticate']).toBe('ApiKey realm="shop", header="x-api-key"')
  })

  it.each([
    ['EXPIRED', 401, 'Bearer realm="api", error="invalid_token"'],
    ['A_CODE_OF_TOMORROW', 401, 'Bearer realm="api", error="invalid_token"'],
    ['INSUFFICIENT_SCOPE', 403, 'Bearer realm="api", error="insufficient_scope", scope="a b"'],
    ['IP_NOT_ALLOWED', 403, undefined],
    ['RATE_LIMITED', 429, undefined],
    ['QUOTA_EXCEEDED', 429, undefined],
  ])('answers %s with %i', (code, status, challenge) => {
    const refusal = refuseInvalid({ valid: false, code }, { scopes: ['a', 'b'] })
    expect(refusal).toMatchObject({ status, headers: { 'content-type': 'application/problem+json' } })
    expect(refusal.headers['www-authenticate']).toBe(challenge)
    expect(JSON.parse(refusal.body)).toEqual({
      ...{ type: `urn:momentry:problem:${code}`, title: expect.any(String), status, code },
      detail: `the key is not accepted: ${code}`,
    })
  })

  it('tells a key that is over its limits which those are, and when to come back', () => {
    const limits = [
      { name: 'burst', limit: 100, remaining: 0, resetSeconds: 9, windowSeconds: 60 },
      { name: 'quota', limit: 500, remaining: 7, resetSeconds: 3600, windowSeconds: 86_400 },
    ]
    const problemType = 'https://iana.org/assignments/http-problem-types#quota-exceeded'
    const verdict = { valid: false, code: 'RATE_LIMITED', limits, retryAfterSeconds: 9, problemType } as const
    const { status, headers, body } = refuseInvalid(verdict, {})
    expect([status, JSON.parse(body).type]).toEqual([429, problemType])
    expect(headers).toMatchObject({
      'retry-after': '9',
      'ratelimit-policy': '"burst";q=100;w=60, "quota";q=500;w=86400',
      ratelimit: '"burst";r=0;t=9, "quota";r=7;t=3600',
    })
    expect(refuseInvalid({ valid: false, code: 'RATE_LIMITED' }, {}).headers['retry-after']).toBe('2')
  })

  it.each([
    [new MomentryClientError('unavailable', 'x'), 503, '2'],
    [new MomentryClientError('unavailable', 'x', { retryAfterSeconds: 9 }), 503, '9'],
    [new MomentryClientError('refused', 'x', { status: 401, code: 'UNAUTHENTICATED' }), 503, '2'],
    [new MomentryClientError('refused', 'x', { status: 429, code: 'LOCKED_OUT', retryAfterSeconds: 90 }), 429, '90'],
    [new Error('x'), 503, '2'],
  ])('answers without a verdict (%o) with %i', (error, status, retryAfter) => {
    expect(refuseUnknown(error)).toMatchObject({ status, headers: { 'retry-after': retryAfter } })
  })
})

import { describe, expect, it } from 'vitest'
import { problemError, readRetryAfter } from './problem.ts'

const answer = (status: number, headers: Record<string, string> = {}) => ({ status, headers: new Headers(headers) })

describe('problemError', () => {
  it('tells what Momentry tells', () => {
    const problem = {
      ...{ type: 'urn:x', title: 'No', status: 400, detail: 'some events cannot be taken', code: 'VALIDATION_FAILED' },
      ...{ errors: [{ pointer: '/events/3/keyId', detail: 'there is no such key' }], requestId: 'r1' },
    }
    expect(problemError(answer(400), JSON.stringify(problem))).toMatchObject({
      ...{ kind: 'refused', status: 400, code: 'VALIDATION_FAILED', requestId: 'r1', issues: problem.errors },
      message: 'Momentry answered 400 VALIDATION_FAILED: some events cannot be taken',
    })
  })

  it.each([
    [302, 'protocol'],
    [401, 'refused'],
    [408, 'unavailable'],
    [429, 'refused'],
    [500, 'unavailable'],
    [503, 'unavailable'],
  ])('takes %i for %s', (status, kind) => {
    expect(problemError(answer(status), '<html>')).toMatchObject({ kind, status, code: undefined })
  })

  it('hides what looks like a secret, wherever the answer quotes one', () => {
    const secret = 'mty_service_0123456789_abcdef'
    const problem = { detail: `no ${secret}!`, errors: [{ pointer: `/${secret}`, detail: secret }] }
    const error = problemError(answer(400), JSON.stringify(problem))
    expect(JSON.stringify([error.message, error.issues, error.stack])).not.toContain('0123456789')
    expect(error.message).toContain('no mty_[redacted]!')
  })

  it('is not made long by a long answer', () => {
    expect(problemError(answer(400), JSON.stringify({ detail: 'x'.repeat(10_000) })).message.length).toBeLessThan(600)
  })
})

describe('readRetryAfter', () => {
  const now = Date.parse('2026-01-01T00:00:00Z')
  it.each([
    [null, undefined],
    ['7', 7],
    ['Thu, 01 Jan 2026 00:01:00 GMT', 60],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['soon', undefined],
  ])('reads %s', (value, seconds) => {
    expect(readRetryAfter(value, now)).toBe(seconds)
  })
})

import { describe, expect, it } from 'vitest'
import { toEvent, type UsageEvent } from './event.ts'

const now = Date.parse('2026-01-01T00:00:00Z')

describe('toEvent', () => {
  it('gives an event its time, unless it has one', () => {
    expect(toEvent({ keyId: 'k', status: 200 }, now)).toMatchObject({ at: '2026-01-01T00:00:00.000Z' })
    expect(toEvent({ keyId: 'k', status: 200, at: 'then' }, now)).toMatchObject({ at: 'then' })
  })

  it('takes along nothing that is not asked for', () => {
    const given: UsageEvent & { secret: string } = { keyId: 'k', status: 200, secret: 's' }
    expect(JSON.stringify(toEvent(given, now))).not.toContain('secret')
  })

  it.each(['null', '"x"', '{}', '{"keyId":"k","status":"200"}', '{"keyId":"k","status":200,"ip":7}'])(
    'makes nothing of %s, which a program without types may pass',
    (json) => {
      const given: UsageEvent = JSON.parse(json)
      expect(toEvent(given, now)).toBeUndefined()
    },
  )

  it.each([{ status: 1.5 }, { latencyMs: Number.NaN }, { latencyMs: Number.POSITIVE_INFINITY }])(
    'makes nothing of %o, which JSON or the API would not take',
    (change) => {
      expect(toEvent({ keyId: 'k', status: 200, ...change }, now)).toBeUndefined()
    },
  )
})

import { describe, expect, it } from 'vitest'
import { rangeOf } from './span.ts'

const now = Date.parse('2026-11-28T17:34:10Z')

describe('rangeOf', () => {
  it('ends with the bucket that is filling', () => {
    expect(rangeOf('24h', '2026-11-28T17:00:00Z', now)).toEqual({ from: '2026-11-27T18:00:00.000Z', interval: 'hour' })
    expect(rangeOf('24h', null, now)).toEqual({ from: '2026-11-27T18:00:00.000Z', interval: 'hour' })
  })

  it('ends with the last use of what was not used since', () => {
    expect(rangeOf('24h', '2015-05-20T21:05:59Z', now)).toEqual({
      from: '2015-05-19T22:00:00.000Z',
      to: '2015-05-20T22:00:00.000Z',
      interval: 'hour',
    })
  })
})

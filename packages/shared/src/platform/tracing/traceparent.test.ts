import { describe, expect, it } from 'vitest'
import { formatTraceParent, parseTraceParent } from './traceparent.ts'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const spanId = '00f067aa0ba902b7'

describe('a traceparent', () => {
  it('is read and written', () => {
    expect(parseTraceParent(`00-${traceId}-${spanId}-01`)).toEqual({ traceId, spanId, sampled: true })
    expect(parseTraceParent(`00-${traceId}-${spanId}-02`)).toEqual({ traceId, spanId, sampled: false })
    expect(formatTraceParent({ traceId, spanId, sampled: true })).toBe(`00-${traceId}-${spanId}-01`)
  })

  it('of a later version may hold more', () => {
    expect(parseTraceParent(`cc-${traceId}-${spanId}-01-what-comes`)).toMatchObject({ traceId, spanId })
  })

  it.each([
    undefined,
    '',
    'no trace',
    `ff-${traceId}-${spanId}-01`,
    `00-${traceId}-${spanId}-01-more`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    `00-${'0'.repeat(32)}-${spanId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `00-${traceId}-${spanId}-01\n`,
    `cc-${traceId}-${spanId}-01-${'x'.repeat(300)}`,
  ])('is none: %j', (text) => {
    expect(parseTraceParent(text)).toBeUndefined()
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MomentryClientError } from '../errors.ts'
import { isContentRefusal, partRefused } from './refused.ts'

const at = (pointer: string) => ({ pointer, detail: 'x' })

describe('partRefused', () => {
  it('gives up what is pointed at, and keeps the rest together', () => {
    const issues = [at('/events/1/keyId'), at('/events/3'), at('/events/1/at'), at('/events/9/at'), at('/other/0')]
    expect(partRefused(['a', 'b', 'c', 'd'], issues)).toEqual({ bad: ['b', 'd'], rest: [['a', 'c']] })
    expect(partRefused(['a'], [at('/events/0/ip')])).toEqual({ bad: ['a'], rest: [] })
  })

  it('halves what nothing is pointed at in', () => {
    expect(partRefused(['a', 'b', 'c'], [at('/events')])).toEqual({ bad: [], rest: [['a', 'b'], ['c']] })
    expect(partRefused(['a'], [])).toEqual({ bad: ['a'], rest: [] })
  })

  it('finds exactly the bad ones in the end, however little it is told', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 0, max: 3 }),
        (good, told) => {
          const events = good.map((isGood, index) => ({ isGood, index }))
          const accepted: number[] = []
          const dropped: number[] = []
          const batches = [events]
          for (let batch = batches.shift(); batch; batch = batches.shift()) {
            const guilty = batch.flatMap(({ isGood }, index) => (isGood ? [] : [at(`/events/${index}/keyId`)]))
            if (guilty.length === 0) accepted.push(...batch.map(({ index }) => index))
            else {
              const { bad, rest } = partRefused(batch, guilty.slice(0, told))
              dropped.push(...bad.map(({ index }) => index))
              batches.push(...rest)
            }
          }
          const indexes = (wanted: boolean) =>
            events.filter(({ isGood }) => isGood === wanted).map(({ index }) => index)
          expect(accepted.toSorted((a, b) => a - b)).toEqual(indexes(true))
          expect(dropped.toSorted((a, b) => a - b)).toEqual(indexes(false))
        },
      ),
    )
  })
})

describe('isContentRefusal', () => {
  it.each([
    [new MomentryClientError('refused', 'x', { status: 400, code: 'VALIDATION_FAILED' }), true],
    [new MomentryClientError('refused', 'x', { status: 413 }), true],
    [new MomentryClientError('refused', 'x', { status: 422, code: 'IDEMPOTENCY_KEY_REUSED' }), true],
    [new MomentryClientError('refused', 'a proxy', { status: 400 }), false],
    [new MomentryClientError('refused', 'x', { status: 403, code: 'FORBIDDEN' }), false],
    [new MomentryClientError('unavailable', 'x', { status: 503 }), false],
    [new Error('x'), false],
  ])('%s', (error, expected) => {
    expect(isContentRefusal(error)).toBe(expected)
  })
})

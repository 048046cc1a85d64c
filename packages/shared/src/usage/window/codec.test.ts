import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pack, packWindow, unpack, unpackWindow } from './codec.ts'
import { packNumbers, unpackNumbers } from './numbers.ts'
import { emptyWindow } from './window.ts'

describe('packNumbers', () => {
  it('gives back whole numbers of any size, and as many', () => {
    const size = fc.oneof(fc.nat(300), fc.nat(2 ** 31 - 1), fc.maxSafeNat())
    fc.assert(
      fc.property(fc.array(size, { size: 'large' }), (numbers) => {
        expect(unpackNumbers(packNumbers(numbers))).toEqual(numbers)
      }),
    )
  })

  it('does not read what ends within a number', () => {
    expect(() => unpackNumbers(packNumbers([1, 300]).subarray(0, 2))).toThrow('end within')
  })
})

describe('a packed window', () => {
  it('is read as older versions wrote it, all of its numbers in arrays', () => {
    const hoursOfWeek = emptyWindow().habit.hoursOfWeek.with(3, 70_000)
    const written = [1, 5000, [400, 2, 1, 600, 3, 0], [['192.0.2.1', [600, 0]]], [4400, hoursOfWeek, [1, 5]]]
    const window = unpackWindow(unpack(pack(written)))
    expect(window).toEqual({
      newest: 5000,
      seconds: [
        { second: 4400, requests: 2, errors: 1 },
        { second: 5000, requests: 3, errors: 0 },
      ],
      addresses: new Map([['192.0.2.1', [{ first: 4400, last: 5000 }]]]),
      habit: { since: 4400, hoursOfWeek, recent: [{ hour: 1, requests: 5 }] },
    })
    expect(unpackWindow(unpack(pack(packWindow(window))))).toEqual(window)
  })

  it.each([
    undefined,
    {},
    [],
    [2, 1, [], [], [0, [], []]],
    [1, 1, ['a'], [], [0, [], []]],
    [1, 1, [], [[1, []]], [0, [], []]],
  ])('is not %j', (value) => {
    expect(() => unpackWindow(value)).toThrow()
  })
})

import { pack } from 'msgpackr'
import { describe, expect, it } from 'vitest'
import { readWindow, writeWindow } from './codec.ts'
import { unpackFormer, windowOfFormer } from './former-codec.ts'
import { createTextWriter } from './text.ts'
import { emptyWindow } from './window.ts'

/** Writes numbers as older versions wrote long lists: seven bits in each byte. */
function toBytes(numbers: readonly number[]): Uint8Array {
  const bytes: number[] = []
  for (let rest of numbers) {
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80)
    bytes.push(rest)
  }
  return Uint8Array.from(bytes)
}

describe('a window', () => {
  const hoursOfWeek = emptyWindow().habit.hoursOfWeek.with(3, 70_000)
  const seconds = [400, 2, 1, 600, 3, 0]

  it.each([
    ['in lists', seconds, hoursOfWeek],
    ['in bytes', toBytes(seconds), toBytes(hoursOfWeek)],
  ])('is read as older versions wrote it, its numbers %s', (_, packedSeconds, packedHours) => {
    const former = [1, 5000, packedSeconds, [['192.0.2.1', [600, 0]]], [4400, packedHours, [1, 5]]]
    const window = windowOfFormer(unpackFormer(pack(former)))
    expect(window).toEqual({
      newest: 5000,
      seconds: [
        { second: 4400, requests: 2, errors: 1 },
        { second: 5000, requests: 3, errors: 0 },
      ],
      addresses: new Map([['192.0.2.1', [{ first: 4400, last: 5000 }]]]),
      habit: { since: 4400, hoursOfWeek, recent: [{ hour: 1, requests: 5 }] },
    })
    const writer = createTextWriter()
    writeWindow(writer, window)
    expect(readWindow({ text: writer.take(), at: 0 })).toEqual(window)
  })

  it.each([
    undefined,
    {},
    [],
    [2, 1, [], [], [0, [], []]],
    [1, 1, ['a'], [], [0, [], []]],
    [1, 1, [], [[1, []]], [0, [], []]],
    [1, 1, Uint8Array.of(0x80), [], [0, [], []]],
  ])('is not %j', (value) => {
    expect(() => windowOfFormer(value)).toThrow()
  })
})

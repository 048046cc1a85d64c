import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTextWriter, readNumber, readText, type TextCursor } from './text.ts'

describe('numbers and texts as one text', () => {
  const ascii = fc.string({ unit: 'binary-ascii', maxLength: 60 })
  const number = fc.oneof(fc.nat(300), fc.nat(2 ** 31 - 1), fc.maxSafeNat())

  it('are read as they were written, of any size and as many', () => {
    const writer = createTextWriter()
    fc.assert(
      fc.property(fc.array(fc.oneof(number, ascii), { size: 'large' }), (values) => {
        for (const value of values) typeof value === 'number' ? writer.number(value) : writer.text(value)
        const cursor: TextCursor = { text: writer.take(), at: 0 }
        expect(values.map((value) => (typeof value === 'number' ? readNumber(cursor) : readText(cursor)))).toEqual(
          values,
        )
        expect(cursor.at).toBe(cursor.text.length)
      }),
    )
  })

  it('are not read from what ends too soon, or is something else', () => {
    const writer = createTextWriter()
    writer.number(70_000)
    const written = writer.take()
    expect(() => readNumber({ text: written.slice(0, -1), at: 0 })).toThrow('no number')
    expect(() => readNumber({ text: '~', at: 0 })).toThrow('no number')
    writer.text('192.0.2.1')
    expect(() => readText({ text: writer.take().slice(0, -1), at: 0 })).toThrow('ends within')
  })
})

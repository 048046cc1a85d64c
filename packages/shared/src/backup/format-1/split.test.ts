import { Readable } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DocumentRow, splitDocument } from './split.ts'

async function split(text: string, size: number): Promise<{ rows: DocumentRow[]; frame: string }> {
  const bytes = Buffer.from(text)
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
    bytes.subarray(at * size, (at + 1) * size),
  )
  const parts = splitDocument(Readable.from(pieces))
  const rows: DocumentRow[] = []
  for (;;) {
    const next = await parts.next()
    if (next.done) return { rows, frame: next.value }
    rows.push(next.value)
  }
}

describe('a document of format 1', () => {
  const key = fc.string({
    unit: fc.constantFrom('a', 'ü', '"', '\\', '{', '}', '[', ']', ',', ':', '\n'),
    maxLength: 4,
  })
  const row = fc.dictionary(key, fc.jsonValue({ maxDepth: 2, stringUnit: 'grapheme' }), { maxKeys: 4 })
  const table = fc.stringMatching(/^[a-z_]{1,8}$/).filter((name) => name !== '__proto__')
  const tables = fc.dictionary(table, fc.array(row, { maxLength: 4 }), { maxKeys: 4 })

  it('is cut into its rows and the rest, however it comes and is indented', async () => {
    await fc.assert(
      fc.asyncProperty(tables, fc.integer({ min: 1, max: 50 }), fc.nat(3), async (content, size, indent) => {
        const head = { format: 1, note: 'tables": {"x": [{', more: { tables: [{ a: [{}] }] } }
        const { rows, frame } = await split(JSON.stringify({ ...head, tables: content }, undefined, indent), size)
        const empty = Object.fromEntries(Object.keys(content).map((name) => [name, []]))
        expect(JSON.parse(frame)).toEqual({ ...head, tables: empty })
        const expected = Object.entries(content).flatMap(([name, list]) => list.map((value) => [name, value]))
        expect(rows.map(({ table: name, text }) => [name, JSON.parse(text)])).toEqual(
          JSON.parse(JSON.stringify(expected)),
        )
      }),
    )
  })

  it.each([
    ['cut off in a row', '{"tables": {"a": [{"b": 1}, {"b"'],
    ['cut off behind a row', '{"tables": {"a": [{"b": 1}'],
    ['without a bracket', '{"tables": {"a": [{"b": 1}}}'],
  ])('that is %s leaves a rest that is no JSON', async (_, text) => {
    const { frame } = await split(text, 7)
    expect(() => JSON.parse(frame)).toThrow(SyntaxError)
  })

  it('with something else among its rows leaves that in the rest', async () => {
    const { rows, frame } = await split('{"tables": {"a": [{"b": 1}, 5, [{}], {"b": 2}]}}', 7)
    expect(rows.map(({ text }) => text)).toEqual(['{"b": 1}', '{"b": 2}'])
    expect(frame).toContain('5')
  })

  it('that is nested without an end is refused', async () => {
    await expect(split('['.repeat(2_000), 100)).rejects.toThrow('nested too deeply')
  })
})

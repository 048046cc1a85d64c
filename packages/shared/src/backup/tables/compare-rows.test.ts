import fc from 'fast-check'
import { expect, it } from 'vitest'
import { compareRows } from './compare-rows.ts'

const columns = ['id', 'value']
const escapeValue = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t')

/** A table's text as COPY writes it, in small pieces. */
async function* write(table: ReadonlyMap<string, string>) {
  const rows = [...table].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  const bytes = Buffer.from(rows.map(([id, value]) => `${escapeValue(id)}\t${escapeValue(value)}\n`).join(''))
  for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7)
}

it('tells what was added, removed and changed, whatever the values hold', async () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '\t', '\n', '\\', '-'), maxLength: 4 })
  const table = fc.dictionary(text, text, { maxKeys: 12 }).map((object) => new Map(Object.entries(object)))
  await fc.assert(
    fc.asyncProperty(table, table, async (before, after) => {
      const found = await Array.fromAsync(
        compareRows(write(before), write(after), { columns: [columns, columns], primaryKey: ['id'] }),
      )
      const expected = [
        ...[...before.keys()].filter((id) => !after.has(id)).map((key) => ({ kind: 'removed', key })),
        ...[...after.keys()].filter((id) => !before.has(id)).map((key) => ({ kind: 'added', key })),
        ...[...after]
          .filter(([id, value]) => before.has(id) && before.get(id) !== value)
          .map(([key]) => ({ kind: 'changed', key })),
      ]
      const order = (changes: { kind: string; key: string }[]) =>
        changes.map(({ kind, key }) => `${kind} ${key}`).sort()
      expect(order(found)).toEqual(order(expected))
    }),
  )
})

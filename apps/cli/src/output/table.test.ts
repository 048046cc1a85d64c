import { describe, expect, it } from 'vitest'
import { renderTable } from './table.ts'

const columns = [
  { title: 'id', value: (row: Row) => row.id },
  { title: 'name', value: (row: Row) => row.name, flexible: true },
]

interface Row {
  id: string
  name: string | undefined
}

describe('renderTable', () => {
  it('gives plain columns with nothing cut where no terminal is', () => {
    const long = 'x'.repeat(200)
    expect(
      renderTable(
        columns,
        [
          { id: '1', name: long },
          { id: '22', name: undefined },
        ],
        undefined,
      ),
    ).toBe(`id  name\n1   ${long}\n22  -`)
  })

  it('keeps within the width of a terminal, and cuts only what may be cut', () => {
    const terminal = { width: 60, style: (_style: string, text: string) => text }
    const lines = renderTable(columns, [{ id: 'i'.repeat(36), name: 'n'.repeat(90) }], terminal).split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBe(60)
    expect(lines.join('\n')).toContain('i'.repeat(36))
    expect(lines.join('\n')).toContain('n…')
  })

  it('shows characters that would steer the terminal', () => {
    expect(renderTable(columns, [{ id: '1', name: 'a\u001b[31mb\u202e' }], undefined)).toContain('a\\x1b[31mb\\u{202e}')
  })
})

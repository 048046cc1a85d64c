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
    const text = renderTable(columns, [{ id: 'i'.repeat(36), name: 'n'.repeat(90) }], terminal)
    expect(text).toBe(`id${' '.repeat(36)}name\n${'i'.repeat(36)}  ${'n'.repeat(21)}…`)
  })

  it('leaves out what may be left out where the terminal is too narrow, the last of it first', () => {
    const optional = ['a', 'b'].map((title) => ({ title, value: () => title.repeat(20), optional: true }))
    const titles = (width: number) => {
      const terminal = { width, style: (_style: string, text: string) => text }
      const [head = ''] = renderTable([...columns, ...optional], [{ id: 'i'.repeat(36), name: 'x' }], terminal).split(
        '\n',
      )
      return head.split(/ +/)
    }
    expect([titles(90), titles(70), titles(60)]).toEqual([
      ['id', 'name', 'a', 'b'],
      ['id', 'name', 'a'],
      ['id', 'name'],
    ])
  })

  it('shows characters that would steer the terminal', () => {
    expect(renderTable(columns, [{ id: '1', name: 'a\u001b[31mb\u202e' }], undefined)).toContain('a\\x1b[31mb\\u{202e}')
  })
})

/** One line of the balance sheet. */
export interface Line {
  what: string
  expected: string | number
  found: string | number
  balanced: boolean
}

/** The balance sheet of a run. */
export interface Sheet {
  /** Notes what must be so and what is so. */
  equal(what: string, expected: string | number, found: string | number): void
  /** Notes what must not exceed a bound. */
  atMost(what: string, bound: number, found: number): void
  /** Notes what there must be none of, with the first few of what there is. */
  none(what: string, found: readonly string[]): void
  lines: readonly Line[]
}

const shownAtMost = 5

export function createSheet(): Sheet {
  const lines: Line[] = []
  return {
    lines,
    equal: (what, expected, found) => void lines.push({ what, expected, found, balanced: expected === found }),
    atMost: (what, bound, found) =>
      void lines.push({ what, expected: `at most ${bound}`, found, balanced: found <= bound }),
    none(what, found) {
      const some = found.slice(0, shownAtMost).join('; ')
      lines.push({
        what,
        expected: 0,
        found: found.length === 0 ? 0 : `${found.length}: ${some}`,
        balanced: found.length === 0,
      })
    },
  }
}

/** Writes a sheet as a table for people. */
export function printSheet({ lines }: Pick<Sheet, 'lines'>): string {
  const width = (of: (line: Line) => string | number) => Math.max(...lines.map((line) => String(of(line)).length))
  const whats = width(({ what }) => what)
  const expecteds = width(({ expected }) => expected)
  return lines
    .map(({ what, expected, found, balanced }) =>
      [
        balanced ? 'balanced  ' : 'UNBALANCED',
        what.padEnd(whats),
        String(expected).padStart(expecteds),
        String(found),
      ].join('  '),
    )
    .join('\n')
}

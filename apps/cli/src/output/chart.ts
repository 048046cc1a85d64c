export interface ChartPoint {
  label: string
  value: number
  note?: string
}

const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const
const heights = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const

/** Draws a bar a line, the longest of them `width` characters. */
export function barChart(points: readonly ChartPoint[], width: number): string[] {
  const most = Math.max(1, ...points.map((point) => point.value))
  const digits = Math.max(...points.map((point) => String(point.value).length))
  return points.map(({ label, value, note }) => {
    const filled = Math.round((value / most) * width * 8)
    const bar = `${'█'.repeat(Math.floor(filled / 8))}${eighths[filled % 8] ?? ''}`
    const text = `${label}  ${String(value).padStart(digits)}  ${value > 0 && bar === '' ? '▏' : bar}`
    return note === undefined ? text.trimEnd() : `${text.trimEnd()}  ${note}`
  })
}

/** Draws a character a value; a blank is none at all. */
export function sparkline(values: readonly number[], most: number): string {
  return values
    .map((value) => (value <= 0 ? ' ' : (heights[Math.min(7, Math.floor((value / Math.max(1, most)) * 8))] ?? '█')))
    .join('')
}

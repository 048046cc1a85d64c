import { median } from '../harness/median.ts'
import { escapeXml, showFigure } from './show.ts'

export interface BarChart {
  /** For those who do not see it. */
  title: string
  unit: string
  bars: readonly Bar[]
  /** A line across all bars. */
  mark?: { at: number; label: string } | undefined
}

export interface Bar {
  label: string
  /** One for each round, of which there is one at least. */
  values: readonly number[]
  isSubject: boolean
}

const width = 720
const margin = 16
/** Beside the longest bar, for its figure. */
const figureRoom = 150
const barHeight = 22
const rowHeight = 56
const headHeight = 30

/** It stands in pages of both kinds, so it has its own ground, and looks as the reader's system does. */
const style = `
.ground{fill:#fff}text{font:13px system-ui,sans-serif;fill:#1f2328;stroke:#fff;stroke-width:4px;paint-order:stroke}.figure{font-weight:600}
.subject{fill:#2f6fde}.reference{fill:#a3abb5}.dot{fill:#fff;stroke:#1f2328;stroke-width:1.5}
.mark{stroke:#b35900;stroke-width:2;stroke-dasharray:5 4}.mark-label{fill:#8a4500}
@media (prefers-color-scheme:dark){.ground{fill:#0d1117}text{fill:#e6edf3;stroke:#0d1117}.subject{fill:#4b8bf5}.reference{fill:#59626d}
.dot{fill:#0d1117;stroke:#e6edf3}.mark{stroke:#f0a348}.mark-label{fill:#f0a348}}`.trim()

/** Draws bars as long as the medians of their rounds, with the rounds as dots. @returns an SVG file */
export function drawBarChart({ title, unit, bars, mark }: BarChart): string {
  const longest = Math.max(...bars.flatMap(({ values }) => values), mark?.at ?? 0)
  const x = (value: number) => round(margin + (longest > 0 ? value / longest : 0) * (width - 2 * margin - figureRoom))
  const height = headHeight + bars.length * rowHeight + margin / 2
  const rows = bars.map((bar, n) => drawBar(bar, { unit, x, top: headHeight + n * rowHeight }))
  // Texts come last, so that the line does not cross them.
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escapeXml(title)}</title><style>${style}</style>`,
    `<rect class="ground" width="${width}" height="${height}"/>`,
    ...rows.map(({ shape }) => shape),
    ...(mark ? [drawMark(mark, x(mark.at), height)] : []),
    ...rows.map(({ texts }) => texts),
    '</svg>\n',
  ].join('\n')
}

interface Place {
  unit: string
  x(value: number): number
  top: number
}

function drawBar({ label, values, isSubject }: Bar, { unit, x, top }: Place): { shape: string; texts: string } {
  const middle = median(values)
  const y = top + 20
  const end = Math.max(x(middle), ...values.map(x))
  const dots = values.map((value) => `<circle class="dot" cx="${x(value)}" cy="${y + barHeight / 2}" r="4"/>`)
  const kind = isSubject ? 'subject' : 'reference'
  return {
    shape: `<rect class="${kind}" x="${margin}" y="${y}" width="${round(x(middle) - margin)}" height="${barHeight}" rx="3"/>`,
    texts: [
      ...dots,
      `<text x="${margin}" y="${top + 14}">${escapeXml(label)}</text>`,
      `<text class="figure" x="${round(end + 12)}" y="${y + 16}">${escapeXml(`${showFigure(middle)} ${unit}`)}</text>`,
    ].join(''),
  }
}

function drawMark({ label }: { label: string }, x: number, height: number): string {
  // Beside the line, on the side that has more room.
  const [anchor, labelX] = x > width / 2 ? ['end', x - 6] : ['start', x + 6]
  return (
    `<line class="mark" x1="${x}" x2="${x}" y1="8" y2="${height - 8}"/>` +
    `<text class="mark-label" x="${labelX}" y="20" text-anchor="${anchor}">${escapeXml(label)}</text>`
  )
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10
}

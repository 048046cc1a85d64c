import { escapeXml } from '../writer/show.ts'
import type { Frame, Kind } from './merge.ts'

const width = 1200
const rowHeight = 18
const headHeight = 52
/** Of the whole: narrower frames are left out, since nobody sees them and a file grows large by them. */
const leastShare = 0.002
/** Of the font that is used, about; a name is shown as far as it fits. */
const characterWidth = 6.4
const leastNamed = 24

const kinds: Record<Kind, string> = {
  ours: 'Momentry',
  dependency: 'dependencies',
  node: 'Node.js',
  native: 'V8, system, collection of garbage',
}

const style = `
.ground{fill:#fff}.head{font:13px system-ui,sans-serif;fill:#1f2328}.title{font-weight:600}
.f rect{stroke:#fff;stroke-width:.5}.f text{font:11px ui-monospace,monospace;fill:#101418;pointer-events:none}
.ours{fill:#6aa5f8}.dependency{fill:#f2b366}.node{fill:#83c98b}.native{fill:#b9bfc7}
@media (prefers-color-scheme:dark){.ground{fill:#0d1117}.head{fill:#e6edf3}.f rect{stroke:#0d1117}}`.trim()

/**
 * Draws stacks as a flame graph: what calls stands below what it calls, and is as wide as the time that both took. Hovering
 * tells the name, the file and the share of the whole.
 * @returns an SVG file
 */
export function drawFlame(root: Frame, title: string): string {
  const boxes = layOut(root)
  const height = headHeight + (1 + Math.max(...boxes.map(({ depth }) => depth))) * rowHeight + 8
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escapeXml(title)}</title><style>${style}</style><rect class="ground" width="${width}" height="${height}"/>`,
    `<text class="head title" x="8" y="20">${escapeXml(title)}</text>`,
    ...drawLegend(),
    '<g class="f">',
    ...boxes.map((box) => drawBox(box, root, height)),
    '</g></svg>\n',
  ].join('\n')
}

interface Box {
  frame: Frame
  depth: number
  /** Of the whole, from 0 to 1. */
  start: number
  share: number
}

function layOut(root: Frame): Box[] {
  const boxes: Box[] = []
  const place = (frame: Frame, depth: number, start: number) => {
    const share = root.micros > 0 ? frame.micros / root.micros : 1
    if (share < leastShare) return
    boxes.push({ frame, depth, start, share })
    let next = start
    for (const child of [...frame.children.values()].toSorted((a, b) => b.micros - a.micros)) {
      place(child, depth + 1, next)
      next += root.micros > 0 ? child.micros / root.micros : 0
    }
  }
  place(root, 0, 0)
  return boxes
}

function drawBox({ frame, depth, start, share }: Box, root: Frame, height: number): string {
  const [x, wide, y] = [round(start * width), round(share * width), height - 8 - (depth + 1) * rowHeight]
  const where = frame.file === '' ? '' : ` ${frame.file}`
  const told = frame === root ? `all: ${(root.micros / 1e6).toFixed(1)} s` : `${frame.name}${where}: ${percent(share)}`
  const characters = Math.floor((wide - 6) / characterWidth)
  const name = frame.name.length <= characters ? frame.name : `${frame.name.slice(0, Math.max(0, characters - 1))}…`
  const text = wide < leastNamed ? '' : `<text x="${round(x + 3)}" y="${y + 13}">${escapeXml(name)}</text>`
  return `<g><title>${escapeXml(told)}</title><rect class="${frame.kind}" x="${x}" y="${y}" width="${wide}" height="${rowHeight - 1}"/>${text}</g>`
}

function drawLegend(): string[] {
  let x = 8
  return Object.entries(kinds).map(([kind, label]) => {
    const at = x
    x += 40 + label.length * 7
    return `<rect class="${kind}" x="${at}" y="30" width="12" height="12"/><text class="head" x="${at + 18}" y="41">${label}</text>`
  })
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`
const round = (pixels: number) => Math.round(pixels * 10) / 10

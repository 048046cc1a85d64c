import { expect, test } from 'vitest'
import { drawFlame } from './draw.ts'
import type { Frame } from './merge.ts'

const frame = (name: string, micros: number, ...below: Frame[]): Frame => ({
  ...{ name, file: 'packages/a.ts:3', kind: 'ours', micros },
  children: new Map(below.map((child) => [child.name, child])),
})

test('frames are as wide as their time, the widest first, above what called them', () => {
  const svg = drawFlame(frame('all', 1000, frame('narrow', 250, frame('inner', 250)), frame('wide', 500)), 'a title')
  const boxes = Object.fromEntries(
    [...svg.matchAll(/<title>(\S+?):? .*?<\/title><rect [^>]*?x="([\d.]+)" y="(\d+)" width="([\d.]+)"/g)].map(
      ([, name, x, y, width]) => [name, { x: Number(x), y: Number(y), width: Number(width) }],
    ),
  )
  expect(boxes['wide']).toMatchObject({ x: 0, width: 600 })
  expect(boxes['narrow']).toMatchObject({ x: 600, width: 300, y: boxes['wide']?.y })
  expect(boxes['inner']).toMatchObject({ x: 600, width: 300 })
  expect(boxes['inner']?.y).toBeLessThan(boxes['narrow']?.y ?? 0)
  expect(boxes['narrow']?.y).toBeLessThan(boxes['all']?.y ?? 0)
})

test('a title tells name, file and share, and names stay text', () => {
  expect(drawFlame(frame('all', 1000, frame('<init>', 500)), 'a & b')).toContain(
    '<title>&lt;init&gt; packages/a.ts:3: 50.0 %</title>',
  )
})

test('what nobody would see is left out', () => {
  const svg = drawFlame(frame('all', 100_000, frame('seen', 200), frame('hidden', 199)), 'a title')
  expect(svg).toContain('seen')
  expect(svg).not.toContain('hidden')
})

test('a profile of nothing gives a picture as well', () => {
  expect(drawFlame(frame('all', 0), 'a title')).toContain('<title>all: 0.0 s</title>')
})

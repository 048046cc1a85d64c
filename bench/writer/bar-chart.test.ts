import { expect, test } from 'vitest'
import { drawBarChart } from './bar-chart.ts'

const widths = (svg: string, kind: string) =>
  [...svg.matchAll(new RegExp(`<rect class="${kind}"[^>]* width="([\\d.]+)"`, 'g'))].map(([, width]) => Number(width))

const chart = {
  title: 'some work',
  unit: 'requests/s',
  bars: [
    { label: 'Momentry', values: [50, 100, 60], isSubject: true },
    { label: 'a <peer> & "another"', values: [30], isSubject: false },
  ],
}

test('bars are as long as their medians, on one scale', () => {
  const svg = drawBarChart(chart)
  const [subject, reference] = [...widths(svg, 'subject'), ...widths(svg, 'reference')]
  expect(subject).toBeGreaterThan(0)
  expect((reference ?? 0) / (subject ?? 0)).toBeCloseTo(30 / 60, 2)
})

test('each round is a dot, and each median stands in figures', () => {
  const svg = drawBarChart(chart)
  expect(svg.match(/class="dot"/g)).toHaveLength(4)
  expect(svg).toContain('>60 requests/s<')
  expect(svg).toContain('>30 requests/s<')
})

test('the goal lies on the scale of the bars, even where it is beyond all of them', () => {
  const svg = drawBarChart({ ...chart, mark: { at: 600, label: 'wanted: at least 20' } })
  const at = Number(/<line class="mark" x1="([\d.]+)"/.exec(svg)?.[1])
  const [subject] = widths(svg, 'subject')
  expect((at - 16) / (subject ?? 0)).toBeCloseTo(10, 1)
  expect(at).toBeLessThan(720)
  expect(svg).toContain('>wanted: at least 20<')
})

test('what people have named stays text', () => {
  expect(drawBarChart(chart)).toContain('a &lt;peer&gt; &amp; &quot;another&quot;')
})

test('figures of nothing give a chart as well', () => {
  const svg = drawBarChart({ ...chart, bars: [{ label: 'Momentry', values: [0], isSubject: true }] })
  expect(widths(svg, 'subject')).toEqual([0])
})

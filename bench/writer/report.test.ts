import { expect, test } from 'vitest'
import { chartOf, writeReport } from './report.ts'
import type { Result } from './result.ts'

const result: Result = {
  machine: { cpu: 'A processor', cores: 2, memoryGiB: 8, os: 'A system' },
  versions: { 'Node.js': '26.10.0', Redis: '7.0.15' },
  part: 'a-part',
  order: 0,
  name: 'a-row',
  work: 'some work',
  reference: 'a peer | another',
  unit: 'requests/s',
  goal: { atLeast: 2 },
  rounds: [
    { subject: 30, reference: 10 },
    { subject: 50, reference: 10 },
    { subject: 40, reference: 10 },
  ],
  note: 'it was quiet',
  seconds: 5,
  at: '2026-01-02T03:04:05.000Z',
}
const absolute: Result = {
  ...result,
  ...{
    name: 'b-row',
    work: 'other work',
    reference: '',
    unit: 'ms',
    goal: { atMost: 100 },
    rounds: [{ subject: 250 }],
  },
}
const part = { name: 'a-part', title: 'what it measures', profiled: ['api'] }

test('a line of the table for each result, with its median, its spread and whether its goal is met', () => {
  const report = writeReport([result, absolute], [part])
  expect(report).toContain('| some work | a peer \\| another | at least 2 | 4 (3 to 5) | met |')
  expect(report).toContain('| other work |  | at most 100 ms | 250 ms (250 to 250) | **not met** |')
})

test('charts, notes and flame graphs stand with their part, and parts of which nothing is known are left out', () => {
  const report = writeReport([result], [part, { ...part, name: 'b-part', profiled: [] }])
  expect(report).toContain('(report/a-row.svg)')
  expect(report).toContain('Some work: 4 (3 to 5), 2026-01-02, 3 rounds of 5 s. it was quiet.')
  expect(report).toContain('[of the api](report/flame-a-part-api.svg)')
  expect(report).not.toContain('b-part')
})

test('a machine is told once, and with its rows where there are several', () => {
  const other = { ...absolute, machine: { ...absolute.machine, cores: 8 } }
  expect(writeReport([result, absolute], [part])).toContain('\nA processor, 2 cores, 8 GiB; A system; Node.js 26.10.0')
  const both = writeReport([result, other], [part])
  expect(both).toContain('- A processor, 2 cores, 8 GiB; A system; Node.js 26.10.0, Redis 7.0.15. (`a-row`)')
  expect(both).toContain('- A processor, 8 cores, 8 GiB; A system; Node.js 26.10.0, Redis 7.0.15. (`b-row`)')
})

test('a chart shows both sides, and only Momentry where there is nothing to compare to', () => {
  expect(chartOf(result).match(/<rect class="(subject|reference)"/g)).toHaveLength(2)
  expect(chartOf(absolute).match(/<rect class="(subject|reference)"/g)).toHaveLength(1)
})

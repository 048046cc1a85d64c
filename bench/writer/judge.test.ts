import { expect, test } from 'vitest'
import { judge } from './judge.ts'

const row = { work: 'some work', unit: 'requests/s' }

test('the figure is the median of the ratios, not the ratio of the medians', () => {
  const rounds = [
    { subject: 10, reference: 10 },
    { subject: 30, reference: 10 },
    { subject: 20, reference: 100 },
  ]
  expect(judge({ ...row, goal: { atLeast: 1 }, rounds })).toEqual({
    isRatio: true,
    figure: 1,
    least: 0.2,
    most: 3,
    met: true,
    sentence: 'met   some work: 1.00, wanted at least 1',
  })
})

test('without a reference it is in the unit of the row', () => {
  const rounds = [{ subject: 1234.5 }, { subject: 1000 }, { subject: 2000 }]
  const judged = judge({ ...row, unit: 'ms', goal: { atMost: 250 }, rounds })
  expect(judged).toMatchObject({ isRatio: false, figure: 1234.5, met: false })
  expect(judged.sentence).toBe('unmet some work: 1,230 ms, wanted at most 250')
})

test.each([
  [{ atLeast: 2 }, true],
  [{ atLeast: 2.01 }, false],
  [{ atMost: 2 }, true],
  [{ atMost: 1.99 }, false],
])('a figure of 2 and %j', (goal, met) => {
  expect(judge({ ...row, goal, rounds: [{ subject: 4, reference: 2 }] }).met).toBe(met)
})

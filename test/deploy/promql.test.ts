import { expect, it } from 'vitest'
import { groupsOf, seriesOf } from './promql.ts'

it('finds the series that an expression asks for', () => {
  const expression =
    'histogram_quantile(0.99, sum by (le, route) (rate(a_bucket{job=~"$job",route="/{id}"}[5m]))) > 3 * up and on () absent(b)'
  expect(seriesOf(expression)).toEqual([
    { name: 'a_bucket', labels: ['job', 'route'] },
    { name: 'up', labels: [] },
    { name: 'b', labels: [] },
  ])
  expect(groupsOf(expression)).toEqual(['le', 'route'])
  expect(seriesOf('max(max_over_time(c[1h] offset 1h)) == 1e3').map(({ name }) => name)).toEqual(['c'])
})

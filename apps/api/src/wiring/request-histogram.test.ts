import { createMetrics, Histogram, Registry } from '@momentry/shared/platform/process/metrics.ts'
import { expect, it } from 'vitest'
import { RequestHistogram } from './request-histogram.ts'

const requests = [
  [{ method: 'POST', route: '/v1/keys/validate', status: 200 }, 0.0004],
  [{ method: 'POST', route: '/v1/keys/validate', status: 200 }, 0.001],
  [{ method: 'POST', route: '/v1/keys/validate', status: 200 }, 0.0011],
  [{ method: 'POST', route: '/v1/keys/validate', status: 429 }, 0.06],
  [{ method: 'GET', route: '/v1/keys', status: 200 }, 5],
  [{ method: 'DELETE', route: '/v1/keys', status: 200 }, 61],
] as const

it('shows the very metric that a histogram of prom-client would', async () => {
  const [ours, theirs] = [new Registry(), new Registry()]
  const histogram = new RequestHistogram(ours)
  const { name, help } = await histogram.get()
  const reference = new Histogram({
    ...{ name, help, labelNames: ['method', 'route', 'status'], registers: [theirs] },
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
  })
  expect(await ours.metrics()).toBe(await theirs.metrics())
  for (const [labels, seconds] of requests) {
    histogram.count(labels, seconds)
    reference.observe(labels, seconds)
  }
  expect(await ours.metrics()).toBe(await theirs.metrics())
})

it('bears the labels of its process', async () => {
  const registry = createMetrics('api')
  new RequestHistogram(registry).count({ method: 'GET', route: '/healthz', status: 200 }, 0.002)
  expect(await registry.metrics()).toContain(
    'momentry_http_request_duration_seconds_count{process="api",method="GET",route="/healthz",status="200"} 1',
  )
})

import { createBackTest } from '@momentry/shared/anomalies/back-test/run.ts'
import { backTestResultSchema, backTestSchema } from '@momentry/shared/anomalies/back-test/schemas.ts'
import { contextOf } from '../../http/context.ts'
import { declareRoute } from '../../http/declare-route.ts'
import { json } from '../../http/page.ts'
import { createRouter, type Router } from '../../http/router.ts'
import type { Services } from '../../wiring/services.ts'
import { exampleKey, exampleThresholds } from '../examples.ts'

const none = { high_request_rate: 0, high_error_rate: 0, multiple_ips: 0, unusual_time: 0 }

const route = declareRoute(
  { scope: 'anomalies:read', problems: ['CONFLICT'] },
  {
    method: 'post',
    path: '/v1/anomalies/back-test',
    tags: ['anomalies'],
    operationId: 'backTest',
    summary: 'Try thresholds on usage that is stored',
    description:
      'Runs the detectors themselves over the minutes and addresses that are kept, and says what they would have found ' +
      'beside what was found live. Nothing is written, and nobody is told. What is stored is coarser than what detection ' +
      'sees; `notes` say what that can miss. One run at a time in a process (`CONFLICT`); it ends where the client goes.',
    request: {
      body: {
        required: true,
        content: json(backTestSchema, {
          from: '2025-12-29T00:00:00Z',
          to: '2026-01-05T00:00:00Z',
          rules: ['high_request_rate'],
          thresholds: { requestsPerMinute: 800 },
        }),
      },
    },
    responses: {
      200: {
        description: 'What would have been found',
        content: json(backTestResultSchema, {
          from: '2025-12-29T00:00:00.000Z',
          to: '2026-01-05T00:00:00.000Z',
          thresholds: { ...exampleThresholds, requestsPerMinute: 800 },
          keys: { examined: 42, withOwnThresholds: 1 },
          anomalies: [
            {
              keyId: exampleKey.id,
              keyName: exampleKey.name,
              rule: 'high_request_rate',
              severity: 'medium',
              observed: 912,
              threshold: 800,
              window: { start: '2026-01-03T14:07:00.000Z', end: '2026-01-03T14:07:59.000Z' },
              known: false,
            },
          ],
          perRule: { ...none, high_request_rate: 1 },
          actual: { perRule: none, missed: none },
          truncated: false,
          notes: ['high_request_rate: whole clock minutes are counted, not every 60 s'],
          durationMs: 412,
        }),
      },
    },
  },
)

/** Tries thresholds on what was. */
export function createBackTestRoutes(services: Services): Router {
  const { postgres, config, stopping } = services
  const backTest = createBackTest({ pool: postgres.pool, defaults: config.anomaly.thresholds })
  const router = createRouter()
  router.openapi(route, async (c) => {
    const signal = AbortSignal.any([c.req.raw.signal, stopping])
    return c.json(await backTest(contextOf(c, services), c.req.valid('json'), signal), 200)
  })
  return router
}

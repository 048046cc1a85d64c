import { readThresholdSettings } from '@momentry/shared/anomalies/thresholds/read.ts'
import {
  type SettingsView,
  setThresholdsSchema,
  settingsViewSchema,
} from '@momentry/shared/anomalies/thresholds/schemas.ts'
import { resetThresholds, setThresholds } from '@momentry/shared/anomalies/thresholds/set.ts'
import { contextOf } from '../../http/context.ts'
import { declareRoute } from '../../http/declare-route.ts'
import { json } from '../../http/page.ts'
import { createRouter, type Router } from '../../http/router.ts'
import type { Services } from '../../wiring/services.ts'
import { exampleThresholds } from '../examples.ts'

const exampleSettings: SettingsView = {
  anomaly: {
    thresholds: { ...exampleThresholds, requestsPerMinute: 2000 },
    defaults: exampleThresholds,
    overridden: ['requestsPerMinute'],
    updatedAt: '2026-01-05T09:30:00.000Z',
    updatedBy: '019a2b3c-0000-7000-8000-000000000001',
  },
}

const readRoute = declareRoute(
  { scope: 'settings:read' },
  {
    method: 'get',
    path: '/v1/settings',
    tags: ['settings'],
    operationId: 'getSettings',
    summary: 'What is set while everything runs',
    description: 'The environment holds where nothing is set here; the policy of a key goes before both.',
    responses: { 200: { description: 'What is in force', content: json(settingsViewSchema, exampleSettings) } },
  },
)

const setRoute = declareRoute(
  { scope: 'settings:write' },
  {
    method: 'put',
    path: '/v1/settings/anomaly',
    tags: ['settings'],
    operationId: 'setThresholds',
    summary: 'Set thresholds of detection',
    description:
      'A threshold that is not named stays as it is; null takes one back to the environment. Workers take the change ' +
      'within 5 s, without a restart. Anomalies that are open go on by their new thresholds.',
    request: {
      body: { required: true, content: json(setThresholdsSchema, { thresholds: { requestsPerMinute: 2000 } }) },
    },
    responses: { 200: { description: 'What is in force now', content: json(settingsViewSchema, exampleSettings) } },
  },
)

const resetRoute = declareRoute(
  { scope: 'settings:write' },
  {
    method: 'delete',
    path: '/v1/settings/anomaly',
    tags: ['settings'],
    operationId: 'resetThresholds',
    summary: 'Take all thresholds back to the environment',
    responses: {
      200: {
        description: 'What is in force now',
        content: json(settingsViewSchema, {
          anomaly: {
            ...{ thresholds: exampleThresholds, defaults: exampleThresholds },
            ...{ overridden: [], updatedAt: null, updatedBy: null },
          },
        }),
      },
    },
  },
)

/** Settings: what operators change while everything runs. */
export function createSettingsRoutes(services: Services): Router {
  const defaults = services.config.anomaly.thresholds
  const router = createRouter()
  router.openapi(readRoute, async (c) => c.json(await readThresholdSettings(contextOf(c, services), defaults), 200))
  router.openapi(setRoute, async (c) =>
    c.json(await setThresholds(contextOf(c, services), defaults, c.req.valid('json')), 200),
  )
  router.openapi(resetRoute, async (c) => c.json(await resetThresholds(contextOf(c, services), defaults), 200))
  return router
}

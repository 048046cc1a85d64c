import type { AnomalyAlert } from '@momentry/shared/alerts/alert.ts'
import { publishAlert } from '@momentry/shared/alerts/publish.ts'
import { type RouteAlert, recordAlert } from '@momentry/shared/alerts/record.ts'
import { createId } from '@momentry/shared/platform/id.ts'
import type { Workbench } from './workbench.ts'

/** Makes an alert about an anomaly, of a key that need not exist. */
export function makeAlert(data: Partial<AnomalyAlert['data']> = {}): AnomalyAlert {
  return {
    type: 'anomaly.detected',
    timestamp: '2026-01-05T12:00:00.000Z',
    data: {
      id: createId(),
      keyId: createId(),
      keyName: 'two\nlines',
      keyType: 'service',
      rule: 'multiple_ips',
      severity: 'medium',
      observed: 6,
      threshold: 5,
      window: { start: '2026-01-05T11:00:01.000Z', end: '2026-01-05T12:00:00.000Z' },
      explanation: '6 addresses',
      ...data,
    },
  }
}

/** Tells of an alert as an alerter does. @returns its number in the log */
export async function tellAlert(
  { postgres, redis, names }: Workbench,
  alert = makeAlert(),
  route: RouteAlert = async () => undefined,
): Promise<number> {
  const logged = await recordAlert({ db: postgres.db, now: Date.now, route }, alert)
  await publishAlert(redis, names, logged.alert)
  return logged.seq
}

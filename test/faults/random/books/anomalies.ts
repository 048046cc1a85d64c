import { z } from 'zod'
import type { Workbench } from '../../../support/workbench.ts'
import type { AlertListener } from '../load/alerts.ts'
import type { SentEvent } from '../load/series.ts'
import { bruteForce } from './brute-force.ts'
import type { Sheet } from './sheet.ts'

/** Anomalies = brute force, one row each; each was told on the channel at least once, and is in the log. */
export async function checkAnomalies(
  sheet: Sheet,
  bench: Workbench,
  events: readonly SentEvent[],
  alerts: Pick<AlertListener, 'told' | 'caughtUp'>,
): Promise<void> {
  const expected = bruteForce(events)
  const rows = await bench.anomalies()
  const found = countRows(rows, events)
  const total = (counts: Map<string, number>) => [...counts.values()].reduce((sum, count) => sum + count, 0)
  sheet.equal('anomalies, one row each', total(expected), total(found))
  sheet.none(
    'keys and rules with other anomalies than brute force finds',
    [...new Set([...expected.keys(), ...found.keys()])]
      .filter((place) => expected.get(place) !== found.get(place))
      .map((place) => `${place}: ${expected.get(place) ?? 0} expected, ${found.get(place) ?? 0} found`),
  )
  const ids = rows.map(({ id }) => id)
  sheet.none(
    'anomalies of which neither the channel told nor, after a cut, the rows',
    ids.filter((id) => !alerts.told.has(id) && !alerts.caughtUp.has(id)),
  )
  await checkLog(sheet, bench, ids)
}

/** The log has an alert of each anomaly, and numbers without a gap: who follows it by number misses nothing. */
async function checkLog(sheet: Sheet, { postgres }: Workbench, ids: readonly string[]): Promise<void> {
  const { rows } = await postgres.pool.query('SELECT seq, alert_id AS id FROM alert_log')
  const logged = logRows.parse(rows)
  const known = new Set(logged.map(({ id }) => id))
  sheet.none(
    'anomalies that are not in the alert log',
    ids.filter((id) => !known.has(id)),
  )
  sheet.equal('the last number of the alert log', logged.length, Math.max(0, ...logged.map(({ seq }) => seq)))
}

const logRows = z.array(z.object({ seq: z.coerce.number(), id: z.uuid() }))

/** Tells whether all anomalies that there must be have their rows. */
export async function hasAllAnomalies(bench: Workbench, events: readonly SentEvent[]): Promise<boolean> {
  const found = countRows(await bench.anomalies(), events)
  return [...bruteForce(events)].every(([place, count]) => (found.get(place) ?? 0) >= count)
}

/** Counts the rows of keys that were reported about; alarms about dead secrets belong to other keys. */
function countRows(
  rows: readonly { keyId: string; rule: string }[],
  events: readonly SentEvent[],
): Map<string, number> {
  const reported = new Set(events.map(({ keyId }) => keyId))
  const found = new Map<string, number>()
  for (const { keyId, rule } of rows) {
    if (reported.has(keyId)) found.set(`${keyId} ${rule}`, (found.get(`${keyId} ${rule}`) ?? 0) + 1)
  }
  return found
}

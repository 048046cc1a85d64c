import type { Queryable } from '../../platform/postgres/client.ts'
import { and, eq, gt, inArray, sql } from '../../platform/postgres/query.ts'
import { alertDeliveries } from '../table.ts'
import { restKey, type SinkTimes } from './group.ts'

type Known = Pick<SinkTimes, 'open' | 'lastCriticalAt'>

/**
 * Reads how many messages of each sink wait for their first attempt and, for a critical alert, when the sink last got one
 * that is critical, by the same key.
 * @param now ms
 */
export async function readTimes(
  tx: Queryable,
  sinks: readonly { id: string; groupSeconds: number }[],
  { groupKeys, isCritical }: { groupKeys: readonly string[]; isCritical: boolean },
  now: number,
): Promise<{ of(sinkId: string): Known }> {
  const ids = sinks.map(({ id }) => id)
  const { id, sinkId, groupKey, severity, state, attempts, createdAt } = alertDeliveries
  const open = await tx
    .select({ sinkId, count: sql<number>`count(*)::int` })
    .from(alertDeliveries)
    .where(and(inArray(sinkId, ids), eq(state, 'waiting'), eq(attempts, 0)))
    .groupBy(sinkId)
  const since = now - Math.max(...sinks.map(({ groupSeconds }) => groupSeconds)) * 1000
  const critical = isCritical
    ? await tx
        .select({ sinkId, at: sql<string>`max(${createdAt})` })
        .from(alertDeliveries)
        .where(
          and(
            inArray(sinkId, ids),
            gt(id, firstIdAt(since)),
            inArray(groupKey, [...groupKeys, restKey]),
            eq(severity, 'critical'),
          ),
        )
        .groupBy(sinkId)
    : []
  const opened = new Map(open.map((row) => [row.sinkId, row.count]))
  const last = new Map(critical.map((row) => [row.sinkId, new Date(row.at).getTime()]))
  return { of: (sink) => ({ open: opened.get(sink) ?? 0, lastCriticalAt: last.get(sink) }) }
}

/** The least id that is made at a time (UUID version 7), so that rows are found by the index of ids. @param ms */
function firstIdAt(ms: number): string {
  const hex = Math.max(0, Math.floor(ms)).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
}

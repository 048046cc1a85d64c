import { alertLog } from '../../alerts/table.ts'
import type { Context } from '../../platform/context.ts'
import type { Queryable } from '../../platform/postgres/client.ts'
import { and, desc, eq, inArray, lt } from '../../platform/postgres/query.ts'
import { findSink } from '../find.ts'
import type { ListDeliveriesInput } from '../schemas.ts'
import { alertDeliveries } from '../table.ts'
import { type DeliveryRow, type DeliveryView, viewDelivery } from './view.ts'

export interface DeliveryPage {
  data: DeliveryView[]
  pagination: { cursor: string | null; hasMore: boolean }
}

/** Lists the messages to a sink, the newest first. @throws MomentryError `SINK_NOT_FOUND` */
export async function listDeliveries(
  { db }: Context,
  sinkId: string,
  input: ListDeliveriesInput,
): Promise<DeliveryPage> {
  await findSink(db, sinkId)
  const { id, state } = alertDeliveries
  const rows = await db
    .select()
    .from(alertDeliveries)
    .where(
      and(
        eq(alertDeliveries.sinkId, sinkId),
        input.cursor === undefined ? undefined : lt(id, input.cursor),
        input.state === undefined ? undefined : eq(state, input.state),
      ),
    )
    .orderBy(desc(id))
    .limit(input.limit + 1)
  const page = rows.slice(0, input.limit)
  const hasMore = rows.length > input.limit
  return {
    data: await viewDeliveries(db, page),
    pagination: { cursor: hasMore ? (page.at(-1)?.id ?? null) : null, hasMore },
  }
}

/** Views rows with what the latest alert of each says. */
export async function viewDeliveries(db: Queryable, rows: readonly DeliveryRow[]): Promise<DeliveryView[]> {
  const seqs = rows.flatMap(({ alertSeqs }) => alertSeqs.at(-1) ?? [])
  const logged =
    seqs.length === 0
      ? []
      : await db.select({ seq: alertLog.seq, alert: alertLog.alert }).from(alertLog).where(inArray(alertLog.seq, seqs))
  const told = new Map(logged.map(({ seq, alert }) => [seq, `${alert.type}: ${alert.data.explanation}`]))
  return rows.map((row) => viewDelivery(row, told.get(row.alertSeqs.at(-1) ?? 0)))
}

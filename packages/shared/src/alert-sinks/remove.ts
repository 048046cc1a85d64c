import { appendAudit } from '../audit/append.ts'
import { type Context, withTransaction } from '../platform/context.ts'
import { eq } from '../platform/postgres/query.ts'
import { lockSink } from './find.ts'
import { alertSinks } from './table.ts'
import { viewSink } from './view.ts'

/** Removes a sink with all of its deliveries, also those that wait. @throws MomentryError `SINK_NOT_FOUND` */
export async function removeSink(context: Context, id: string): Promise<void> {
  await withTransaction(context, async (tx) => {
    const sink = await lockSink(tx.db, id)
    await tx.db.delete(alertSinks).where(eq(alertSinks.id, id))
    await appendAudit(tx, { action: 'sink.removed', before: viewSink(sink, tx.now()) })
  })
}

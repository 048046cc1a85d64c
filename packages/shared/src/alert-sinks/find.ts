import { MomentryError } from '../errors.ts'
import type { Context } from '../platform/context.ts'
import type { Queryable } from '../platform/postgres/client.ts'
import { and, desc, eq, lt } from '../platform/postgres/query.ts'
import type { ListSinksInput } from './schemas.ts'
import { alertSinks } from './table.ts'
import { type SinkRow, type SinkView, viewSink } from './view.ts'

const missing = () => new MomentryError('SINK_NOT_FOUND', 'there is no alert sink with this id')

/** @throws MomentryError `SINK_NOT_FOUND` */
export async function findSink(db: Queryable, id: string): Promise<SinkRow> {
  const [row] = await db.select().from(alertSinks).where(eq(alertSinks.id, id))
  if (!row) throw missing()
  return row
}

/** Locks a sink until the transaction ends. @throws MomentryError `SINK_NOT_FOUND` */
export async function lockSink(db: Queryable, id: string): Promise<SinkRow> {
  const [row] = await db.select().from(alertSinks).where(eq(alertSinks.id, id)).for('no key update')
  if (!row) throw missing()
  return row
}

export interface SinkPage {
  data: SinkView[]
  pagination: { cursor: string | null; hasMore: boolean }
}

/** Lists sinks, the newest first. */
export async function listSinks({ db, now }: Context, input: ListSinksInput): Promise<SinkPage> {
  const { id, kind, state } = alertSinks
  const rows = await db
    .select()
    .from(alertSinks)
    .where(
      and(
        input.cursor === undefined ? undefined : lt(id, input.cursor),
        input.kind === undefined ? undefined : eq(kind, input.kind),
        input.state === undefined ? undefined : eq(state, input.state),
      ),
    )
    .orderBy(desc(id))
    .limit(input.limit + 1)
  const page = rows.slice(0, input.limit)
  const hasMore = rows.length > input.limit
  return {
    data: page.map((row) => viewSink(row, now())),
    pagination: { cursor: hasMore ? (page.at(-1)?.id ?? null) : null, hasMore },
  }
}

import { MomentryError } from '../../errors.ts'
import type { Context } from '../../platform/context.ts'
import type { Queryable } from '../../platform/postgres/client.ts'
import { and, desc, eq, lt } from '../../platform/postgres/query.ts'
import { integrationConnections } from '../table.ts'
import type { ListConnectionsInput } from './schemas.ts'
import { type ConnectionRow, type ConnectionView, viewConnection } from './view.ts'

/** @throws MomentryError `CONNECTION_NOT_FOUND` */
export async function findConnection(db: Queryable, id: string): Promise<ConnectionRow> {
  const [row] = await db.select().from(integrationConnections).where(eq(integrationConnections.id, id))
  if (!row) throw new MomentryError('CONNECTION_NOT_FOUND', 'there is no connection with this id')
  return row
}

export interface ConnectionPage {
  data: ConnectionView[]
  pagination: { cursor: string | null; hasMore: boolean }
}

/** Lists connections, the newest first. */
export async function listConnections({ db }: Context, input: ListConnectionsInput): Promise<ConnectionPage> {
  const { id, system } = integrationConnections
  const rows = await db
    .select()
    .from(integrationConnections)
    .where(
      and(
        input.cursor === undefined ? undefined : lt(id, input.cursor),
        input.system === undefined ? undefined : eq(system, input.system),
      ),
    )
    .orderBy(desc(id))
    .limit(input.limit + 1)
  const page = rows.slice(0, input.limit)
  const hasMore = rows.length > input.limit
  return {
    data: page.map(viewConnection),
    pagination: { cursor: hasMore ? (page.at(-1)?.id ?? null) : null, hasMore },
  }
}

import type { Context } from '../../../platform/context.ts'
import { and, eq, inArray } from '../../../platform/postgres/query.ts'
import type { CredentialRow } from '../../credential-table.ts'
import type { Integration } from '../../integration.ts'
import { liveStates } from '../../states.ts'

/** Reads what is tracked of an owner, and is there or may be. */
export function readLive({ db }: Context, { table, server }: Integration, owner: string): Promise<CredentialRow[]> {
  return db
    .select()
    .from(table)
    .where(and(eq(table.server, server), eq(table.owner, owner), inArray(table.state, liveStates)))
}

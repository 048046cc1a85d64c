import { MomentryError } from '../../errors.ts'
import type { Context, TransactionContext } from '../../platform/context.ts'
import type { Queryable } from '../../platform/postgres/client.ts'
import { and, desc, eq, lt } from '../../platform/postgres/query.ts'
import type { CredentialRow } from '../credential-table.ts'
import { systemTable } from '../systems.ts'
import type { ListCredentialsInput } from './schemas.ts'
import { type CredentialView, viewCredential } from './view.ts'

/** @throws MomentryError `CREDENTIAL_NOT_FOUND` */
export async function findCredential(db: Queryable, system: string, id: string): Promise<CredentialRow> {
  const table = systemTable(system)
  return found(await db.select().from(table).where(eq(table.id, id)))
}

/**
 * Reads a credential and holds it until the transaction ends. Who also needs its rotation locks this first, so that no
 * two wait for each other.
 * @throws MomentryError `CREDENTIAL_NOT_FOUND`
 */
export async function lockCredential(tx: TransactionContext, system: string, id: string): Promise<CredentialRow> {
  const table = systemTable(system)
  return found(await tx.db.select().from(table).where(eq(table.id, id)).for('update'))
}

function found(rows: readonly CredentialRow[]): CredentialRow {
  const row = rows[0]
  if (!row) throw new MomentryError('CREDENTIAL_NOT_FOUND', 'there is no credential with this id')
  return row
}

/** Reads one tracked credential. @throws MomentryError `CREDENTIAL_NOT_FOUND` */
export async function getCredential({ db }: Context, system: string, id: string): Promise<CredentialView> {
  return viewCredential(system, await findCredential(db, system, id))
}

export interface CredentialPage {
  data: CredentialView[]
  pagination: { cursor: string | null; hasMore: boolean }
}

/** Lists what is tracked of a system, the newest first. */
export async function listCredentials(
  { db }: Context,
  system: string,
  input: ListCredentialsInput,
): Promise<CredentialPage> {
  const table = systemTable(system)
  const rows = await db
    .select()
    .from(table)
    .where(
      and(
        input.cursor === undefined ? undefined : lt(table.id, input.cursor),
        input.state === undefined ? undefined : eq(table.state, input.state),
        input.owner === undefined ? undefined : eq(table.owner, input.owner.toLowerCase()),
      ),
    )
    .orderBy(desc(table.id))
    .limit(input.limit + 1)
  const page = rows.slice(0, input.limit)
  const hasMore = rows.length > input.limit
  return {
    data: page.map((row) => viewCredential(system, row)),
    pagination: { cursor: hasMore ? (page.at(-1)?.id ?? null) : null, hasMore },
  }
}

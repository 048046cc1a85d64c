import { MomentryError } from '../../../errors.ts'
import type { Context } from '../../../platform/context.ts'
import { and, eq, or } from '../../../platform/postgres/query.ts'
import type { CredentialRow } from '../../credential-table.ts'
import type { Account, Integration } from '../../integration.ts'
import { findLost, isAbandoned } from '../lost-creation.ts'

/**
 * Takes a name for a credential that is about to be made: nothing there has it, and nobody else makes one of that name
 * through Momentry. What an earlier creation of this name left there is removed first.
 * @throws MomentryError `CONFLICT`
 */
export async function reserve(
  { db, now }: Pick<Context, 'db' | 'now'>,
  { table, title }: Integration,
  account: Account,
  row: CredentialRow,
): Promise<CredentialRow> {
  const hasName = and(
    eq(table.server, row.server),
    eq(table.owner, row.owner),
    or(eq(table.name, row.name), eq(table.remoteName, row.remoteName)),
    or(eq(table.state, 'creating'), eq(table.state, 'active')),
  )
  const [other] = await db.select().from(table).where(hasName)
  if (other?.state === 'active')
    throw new MomentryError('CONFLICT', `${row.owner} has a credential of this name already: ${other.id}`)
  if (other && !isAbandoned(other, now()))
    throw new MomentryError('CONFLICT', 'a credential of this name is being made just now')

  const remotes = await account.list()
  const lost = other && findLost(other, remotes)
  if (lost) await account.delete(lost.remoteId)
  if (other) await db.delete(table).where(and(eq(table.id, other.id), eq(table.state, 'creating')))
  if (remotes.some(({ name, remoteId }) => name === row.remoteName && remoteId !== lost?.remoteId))
    throw new MomentryError('CONFLICT', `${row.owner} has a credential of this name on ${title} already`)

  const reserved = await db.insert(table).values(row).onConflictDoNothing().returning()
  if (!reserved[0]) throw new MomentryError('CONFLICT', 'a credential of this name is being made just now')
  return reserved[0]
}

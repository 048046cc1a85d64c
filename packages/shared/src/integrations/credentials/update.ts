import { appendAudit } from '../../audit/append.ts'
import { MomentryError } from '../../errors.ts'
import { type Context, withTransaction } from '../../platform/context.ts'
import { eq } from '../../platform/postgres/query.ts'
import { findConnection } from '../connections/find.ts'
import type { CredentialRow } from '../credential-table.ts'
import type { Integration } from '../integration.ts'
import { nextRotation } from './due-date.ts'
import { lockCredential } from './find.ts'
import type { UpdateCredentialInput } from './schemas.ts'
import { type CredentialView, viewCredential } from './view.ts'

/**
 * Changes how a credential is looked after: its policy, the connection that acts for it, and its expiry where Momentry
 * carries that out. Nothing is sent.
 * @throws MomentryError `CREDENTIAL_NOT_FOUND`; `CONNECTION_NOT_FOUND`; `CONFLICT` for one that is not there any more;
 *   `VALIDATION_FAILED`
 */
export function updateCredential(
  context: Context,
  { integration }: { integration: Integration },
  id: string,
  input: UpdateCredentialInput,
): Promise<CredentialView> {
  const { system, table, title } = integration
  return withTransaction(context, async (tx) => {
    const before = await lockCredential(tx, system, id)
    if (before.state !== 'active') throw new MomentryError('CONFLICT', `it is ${before.state}: nothing can be changed`)
    if (input.connectionId) {
      const connection = await findConnection(tx.db, input.connectionId)
      if (connection.system !== system)
        throw new MomentryError('CONNECTION_NOT_FOUND', `there is no connection to ${title} with this id`)
    }
    const now = tx.now()
    const merged = { ...before, ...definedOf(input) }
    refuseImpossible(integration, input, merged, now)
    const change = {
      policy: merged.policy,
      connectionId: merged.connectionId,
      expiresAt: merged.expiresAt,
      expiryToldAt: null,
      nextRotationAt: nextRotation(id, merged.policy, before.renewedAt.getTime()),
      updatedAt: new Date(now),
    }
    await tx.db.update(table).set(change).where(eq(table.id, id))
    await appendAudit(tx, {
      action: 'credential.updated',
      before: { credentialId: id, ...tracked(before) },
      after: { credentialId: id, ...tracked(merged) },
    })
    return viewCredential(system, { ...before, ...change })
  })
}

function definedOf(
  input: UpdateCredentialInput,
): Partial<Pick<CredentialRow, 'policy' | 'connectionId' | 'expiresAt'>> {
  const { policy, connectionId, expiresAt } = input
  return {
    ...(policy !== undefined && { policy }),
    ...(connectionId !== undefined && { connectionId }),
    ...(expiresAt !== undefined && { expiresAt }),
  }
}

const tracked = ({ policy, connectionId, expiresAt }: CredentialRow) => ({ policy, connectionId, expiresAt })

function refuseImpossible(
  { capabilities, title }: Integration,
  input: UpdateCredentialInput,
  merged: CredentialRow,
  now: number,
): void {
  const issues = []
  if (input.expiresAt !== undefined && capabilities.expires)
    issues.push({ pointer: '/expiresAt', detail: `${title} keeps the expiry itself, and cannot change it` })
  if (input.expiresAt && input.expiresAt.getTime() <= now)
    issues.push({ pointer: '/expiresAt', detail: 'must be in the future' })
  if (merged.policy.intervalSeconds && merged.connectionId === null)
    issues.push({ pointer: '/policy/intervalSeconds', detail: 'takes a connection: nobody could rotate it' })
  if (issues.length > 0) throw new MomentryError('VALIDATION_FAILED', 'the change is not possible', { issues })
}

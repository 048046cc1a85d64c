import { appendAudit } from '../../../audit/append.ts'
import { MomentryError } from '../../../errors.ts'
import { type Context, type TransactionContext, withTransaction } from '../../../platform/context.ts'
import { createId } from '../../../platform/id.ts'
import { and, eq } from '../../../platform/postgres/query.ts'
import type { Seal } from '../../../platform/seal.ts'
import { withAccount } from '../../connections/open.ts'
import type { CredentialRow } from '../../credential-table.ts'
import type { Account, Integration, MintedCredential } from '../../integration.ts'
import { nextRotation } from '../due-date.ts'
import { isUnknownOutcome, tidyUp } from '../lost-creation.ts'
import type { CreateCredentialInput } from '../schemas.ts'
import { type CredentialView, viewCredential } from '../view.ts'
import { refuseUnknownScopes } from './check-scopes.ts'
import { reserve } from './reserve.ts'

export interface CreatedCredential {
  credential: CredentialView
  /** The only time that anyone sees it: it is stored nowhere. */
  secret: string
}

/**
 * Makes a credential on another system and tracks it. Its row is there before the request is sent, so that what was made
 * and whose answer was lost is found again by its name and removed.
 * @param keep is called in the transaction that makes the row active
 * @throws MomentryError `VALIDATION_FAILED` for scopes, a name or an expiry that the system does not take; `CONFLICT`
 *   where the name is in use; what the other system says
 */
export function createCredential(
  context: Context,
  deps: { integration: Integration; seal: Seal },
  input: CreateCredentialInput,
  keep: (tx: TransactionContext, created: CreatedCredential) => Promise<void> = async () => undefined,
): Promise<CreatedCredential> {
  const { integration } = deps
  refuseImpossible(context, integration, input)
  return withAccount({ ...context, seal: deps.seal }, integration, input, async (account) => {
    await refuseUnknownScopes(integration, account, input.scopes)
    const row = await reserve(context, integration, account, newRow(context, integration, account, input))
    const minted = await mint(context, integration, account, row)
    try {
      return await settle(context, integration, row, minted, keep)
    } catch (error) {
      // Nobody will ever see its value.
      await tidyUp(context, integration, account, row)
      throw error
    }
  })
}

function refuseImpossible(context: Context, integration: Integration, input: CreateCredentialInput): void {
  const { maxNameLength } = integration.capabilities
  const issues = []
  if (input.name.length > maxNameLength)
    issues.push({ pointer: '/name', detail: `must have ${maxNameLength} characters at the most` })
  if (input.expiresAt && input.expiresAt.getTime() <= context.now())
    issues.push({ pointer: '/expiresAt', detail: 'must be in the future' })
  if (input.policy?.intervalSeconds && input.connectionId === undefined)
    issues.push({ pointer: '/policy/intervalSeconds', detail: 'takes a connection: nobody could rotate it' })
  if (issues.length > 0)
    throw new MomentryError('VALIDATION_FAILED', `${integration.title} cannot have such a credential`, { issues })
}

function newRow(
  context: Context,
  integration: Integration,
  account: Account,
  input: CreateCredentialInput,
): CredentialRow {
  const at = new Date(context.now())
  return {
    id: createId(),
    server: integration.server,
    owner: account.owner,
    name: input.name,
    remoteName: input.name,
    remoteId: null,
    hint: null,
    scopes: [...input.scopes],
    version: 1,
    state: 'creating',
    adopted: false,
    connectionId: input.connectionId ?? null,
    policy: input.policy ?? {},
    nextRotationAt: null,
    expiresAt: input.expiresAt ?? null,
    expiryToldAt: null,
    lastVerifiedAt: null,
    lastOutcome: null,
    createdBy: context.actor.keyId ?? null,
    createdAt: at,
    renewedAt: at,
    endedAt: null,
    updatedAt: at,
  }
}

async function mint(
  context: Context,
  integration: Integration,
  account: Account,
  row: CredentialRow,
): Promise<MintedCredential> {
  try {
    return await account.create({ name: row.name, scopes: row.scopes, expiresAt: row.expiresAt ?? undefined })
  } catch (error) {
    if (isUnknownOutcome(error)) await tidyUp(context, integration, account, row)
    else await context.db.delete(integration.table).where(eq(integration.table.id, row.id))
    throw error
  }
}

function settle(
  context: Context,
  { system, table }: Integration,
  row: CredentialRow,
  minted: MintedCredential,
  keep: (tx: TransactionContext, created: CreatedCredential) => Promise<void>,
): Promise<CreatedCredential> {
  return withTransaction(context, async (tx) => {
    const at = tx.now()
    const { remoteId, hint, scopes } = minted
    const [active] = await tx.db
      .update(table)
      .set({
        remoteId,
        hint,
        scopes,
        state: 'active',
        nextRotationAt: nextRotation(row.id, row.policy, at),
        renewedAt: new Date(at),
        updatedAt: new Date(at),
      })
      .where(and(eq(table.id, row.id), eq(table.state, 'creating')))
      .returning()
    if (!active) throw new MomentryError('CONFLICT', 'it was taken for lost, and removed')
    const credential = viewCredential(system, active)
    await keep(tx, { credential, secret: minted.secret })
    await appendAudit(tx, {
      action: 'credential.created',
      after: {
        credentialId: row.id,
        system,
        owner: row.owner,
        name: row.name,
        remoteId,
        scopes,
        expiresAt: row.expiresAt,
      },
    })
    return { credential, secret: minted.secret }
  })
}

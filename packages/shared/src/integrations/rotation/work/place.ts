import { jobs } from '../../../jobs/table.ts'
import type { Context, TransactionContext } from '../../../platform/context.ts'
import { eq } from '../../../platform/postgres/query.ts'
import type { Seal } from '../../../platform/seal.ts'
import { withAccount } from '../../connections/open.ts'
import type { CredentialRow } from '../../credential-table.ts'
import { findCredential, lockCredential } from '../../credentials/find.ts'
import type { Account, Integration } from '../../integration.ts'
import type { Integrations } from '../../systems.ts'
import { findRotation, lockRotation } from '../find.ts'
import type { RotationRow } from '../view.ts'

/** What the parts of a rotation work with. */
export interface WorkDeps {
  /** Momentry's own: a worker acts for nobody. */
  context: Context
  integrations: Integrations
  seal: Seal
}

/** One attempt at the job of a rotation. */
export interface Place {
  rotationId: string
  jobId: string
  /** As `startJob` gave it. */
  attempt: number
}

const overtakenName = 'Overtaken'

/** Tells whether an attempt ended because the rotation is not its own any more: it was cancelled, or another worker has it. */
export function isOvertaken(error: unknown): boolean {
  return error instanceof Error && error.name === overtakenName
}

/**
 * Holds a rotation and its credential until the transaction ends, for an attempt that has something to write.
 * @throws where the rotation is not under way any more, or a later attempt has begun (`isOvertaken`)
 */
export async function lockForWork(
  tx: TransactionContext,
  { rotationId, jobId, attempt }: Place,
): Promise<{ rotation: RotationRow; credential: CredentialRow }> {
  const unlocked = await findRotation(tx.db, rotationId)
  const credential = await lockCredential(tx, unlocked.system, unlocked.credentialId)
  const rotation = await lockRotation(tx, rotationId)
  const [job] = await tx.db.select({ attempts: jobs.attempts }).from(jobs).where(eq(jobs.id, jobId)).for('update')
  const isMine = rotation.jobId === jobId && job?.attempts === attempt
  if (isMine && (rotation.state === 'running' || rotation.state === 'draining')) return { rotation, credential }
  throw Object.assign(new Error('the rotation was cancelled, or another worker has it'), { name: overtakenName })
}

/** Does something there with the connection of a rotation's credential. @throws what the other system says */
export async function withRotationAccount<T>(
  { context, integrations, seal }: WorkDeps,
  rotation: RotationRow,
  work: (account: Account, of: { integration: Integration; credential: CredentialRow }) => Promise<T>,
): Promise<T> {
  const integration = integrations.get(rotation.system)
  const credential = await findCredential(context.db, rotation.system, rotation.credentialId)
  const choice = { connectionId: credential.connectionId ?? undefined, owner: credential.owner }
  return withAccount({ ...context, seal }, integration, choice, (account) => work(account, { integration, credential }))
}

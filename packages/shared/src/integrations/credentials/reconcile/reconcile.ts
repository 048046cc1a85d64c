import { z } from 'zod'
import type { Context } from '../../../platform/context.ts'
import type { Seal } from '../../../platform/seal.ts'
import { withAccount } from '../../connections/open.ts'
import type { CredentialRow } from '../../credential-table.ts'
import type { Integration } from '../../integration.ts'
import type { ReconcileInput } from '../schemas.ts'
import { credentialSchema, remoteCredentialSchema, viewCredential, viewRemote } from '../view.ts'
import { knownThere } from './known-there.ts'
import { noteGone } from './note-gone.ts'
import { readLive } from './read-live.ts'
import { removeLost } from './remove-lost.ts'
import { takeIn } from './take-in.ts'

/** What is tracked beside what is there. */
export const reconciliationSchema = z
  .object({
    owner: z.string(),
    data: z.array(credentialSchema).meta({ description: 'What is tracked of this owner and lives' }),
    gone: z.array(credentialSchema).meta({ description: 'What was tracked, and is not there any more' }),
    unknown: z.array(remoteCredentialSchema).meta({ description: 'What is there, and is not tracked' }),
    adopted: z.array(credentialSchema).meta({ description: 'What was taken in just now' }),
    removed: z
      .array(remoteCredentialSchema)
      .meta({ description: 'What creations whose answers were lost had left there; it was deleted' }),
  })
  .meta({ id: 'Reconciliation' })
export type Reconciliation = z.infer<typeof reconciliationSchema>

/**
 * Compares what is tracked of an owner with what is there: notes what vanished, removes what lost creations left, and
 * takes in what is unknown, where that is wished.
 * @throws MomentryError what the other system says; `CONNECTION_NEEDED`, `CONNECTION_NOT_FOUND`
 */
export function reconcile(
  context: Context,
  { integration, seal }: { integration: Integration; seal: Seal },
  input: ReconcileInput,
): Promise<Reconciliation> {
  return withAccount({ ...context, seal }, integration, input, async (account) => {
    const since = new Date(context.now())
    const remotes = await account.list()
    const removed = await removeLost(context, integration, account, remotes)
    const gone = await noteGone(context, integration, account.owner, { remotes, since })
    const live = await readLive(context, integration, account.owner)
    const known = await knownThere(context, integration, live)
    const isRemoved = new Set(removed.map(({ remoteId }) => remoteId))
    const unknown = remotes.filter(
      ({ remoteId, name }) => !known.ids.has(remoteId) && !known.names.has(name) && !isRemoved.has(remoteId),
    )
    const { adopt } = input
    const wanted = unknown.filter(({ remoteId }) => (Array.isArray(adopt) ? adopt.includes(remoteId) : adopt === true))
    const adopted = await takeIn(
      context,
      integration,
      { owner: account.owner, connectionId: input.connectionId },
      wanted,
    )
    const isAdopted = new Set(adopted.map(({ remoteId }) => remoteId))
    const view = (row: CredentialRow) => viewCredential(integration.system, row)
    return {
      owner: account.owner,
      data: [...adopted, ...live.filter(({ state }) => state === 'active')].map(view),
      gone: gone.map(view),
      unknown: unknown.filter(({ remoteId }) => !isAdopted.has(remoteId)).map(viewRemote),
      adopted: adopted.map(view),
      removed: removed.map(viewRemote),
    }
  })
}

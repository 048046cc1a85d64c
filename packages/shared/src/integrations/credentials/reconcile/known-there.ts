import type { Context } from '../../../platform/context.ts'
import { and, eq, inArray } from '../../../platform/postgres/query.ts'
import type { CredentialRow } from '../../credential-table.ts'
import type { Integration } from '../../integration.ts'
import { unfinishedStates } from '../../states.ts'
import { integrationRotations } from '../../table.ts'
import { isAbandoned } from '../lost-creation.ts'

/** What is there because of a credential that is tracked: itself, and both of the two of a rotation. */
export async function knownThere(
  { db, now }: Context,
  { system }: Integration,
  live: readonly CredentialRow[],
): Promise<{ ids: ReadonlySet<string>; names: ReadonlySet<string> }> {
  const ids = new Set(live.flatMap(({ remoteId }) => remoteId ?? []))
  // What has the name of a creation that was given up, and was not removed, is somebody else's.
  const wanted = live.filter((row) => !isAbandoned(row, now()))
  const names = new Set(wanted.map(({ remoteName }) => remoteName))
  if (live.length === 0) return { ids, names }
  const { credentialId, state, oldRemoteId, newRemoteName } = integrationRotations
  const rotations = await db
    .select({ oldRemoteId, newRemoteName })
    .from(integrationRotations)
    .where(
      and(
        eq(integrationRotations.system, system),
        inArray(
          credentialId,
          live.map(({ id }) => id),
        ),
        inArray(state, [...unfinishedStates, 'failed', 'cancelled']),
      ),
    )
  for (const rotation of rotations) {
    ids.add(rotation.oldRemoteId)
    names.add(rotation.newRemoteName)
  }
  return { ids, names }
}

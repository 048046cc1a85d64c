import { z } from 'zod'
import type { CredentialRow } from '../credential-table.ts'
import type { RemoteCredential } from '../integration.ts'
import { credentialPolicySchema } from '../policy.ts'
import { credentialStates, verificationOutcomes } from '../states.ts'

const time = z.iso.datetime()

/** A tracked credential as the API and the command line show it. Never its value. */
export const credentialSchema = z
  .object({
    id: z.uuid(),
    system: z.string(),
    server: z.string(),
    owner: z.string().meta({ description: 'Whose it is there' }),
    name: z.string(),
    remoteName: z.string().meta({ description: 'What it is called there at present; a successor has another name' }),
    remoteId: z.string().nullable(),
    hint: z.string().nullable().meta({ description: 'The end of its value' }),
    scopes: z.array(z.string()).meta({ description: 'As the other system normalised them' }),
    version: z.int().meta({ description: 'Counts its rotations, from 1' }),
    state: z.enum(credentialStates),
    adopted: z.boolean().meta({ description: 'Taken in, and not made by Momentry' }),
    connectionId: z.uuid().nullable(),
    policy: credentialPolicySchema,
    nextRotationAt: time.nullable(),
    expiresAt: time.nullable(),
    lastVerifiedAt: time.nullable(),
    lastOutcome: z.enum(verificationOutcomes).nullable(),
    createdBy: z.uuid().nullable(),
    createdAt: time,
    renewedAt: time.meta({ description: 'When its present value was made' }),
    endedAt: time.nullable(),
    updatedAt: time,
  })
  .meta({ id: 'Credential' })
export type CredentialView = z.infer<typeof credentialSchema>

export function viewCredential(system: string, row: CredentialRow): CredentialView {
  return {
    id: row.id,
    system,
    server: row.server,
    owner: row.owner,
    name: row.name,
    remoteName: row.remoteName,
    remoteId: row.remoteId,
    hint: row.hint,
    scopes: row.scopes,
    version: row.version,
    state: row.state,
    adopted: row.adopted,
    connectionId: row.connectionId,
    policy: row.policy,
    nextRotationAt: row.nextRotationAt?.toISOString() ?? null,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    lastVerifiedAt: row.lastVerifiedAt?.toISOString() ?? null,
    lastOutcome: row.lastOutcome,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    renewedAt: row.renewedAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
    updatedAt: row.updatedAt.toISOString(),
  }
}

/** A credential as the other system shows it. */
export const remoteCredentialSchema = z
  .object({
    remoteId: z.string(),
    name: z.string(),
    hint: z.string(),
    scopes: z.array(z.string()),
    expiresAt: time.nullable(),
    createdAt: time.nullable(),
    lastUsedAt: time.nullable(),
  })
  .meta({ id: 'RemoteCredential' })
export type RemoteCredentialView = z.infer<typeof remoteCredentialSchema>

export function viewRemote(remote: RemoteCredential): RemoteCredentialView {
  return {
    remoteId: remote.remoteId,
    name: remote.name,
    hint: remote.hint,
    scopes: remote.scopes,
    expiresAt: remote.expiresAt?.toISOString() ?? null,
    createdAt: remote.createdAt?.toISOString() ?? null,
    lastUsedAt: remote.lastUsedAt?.toISOString() ?? null,
  }
}

import { z } from 'zod'
import type { Context } from '../../platform/context.ts'
import { and, eq, or, type SQL } from '../../platform/postgres/query.ts'
import type { CredentialRow } from '../credential-table.ts'
import type { Integration, Verification } from '../integration.ts'
import { verificationOutcomes } from '../states.ts'
import { credentialSchema, viewCredential } from './view.ts'

const time = z.iso.datetime()

/** What a system said to a credential, and which tracked one it is, where that can be told. */
export const verificationSchema = z
  .object({
    outcome: z.enum(verificationOutcomes).meta({
      description: '`narrow`: valid, but without the scope that asking takes; `unreachable`: nothing is known',
    }),
    detail: z.string(),
    tracked: credentialSchema.nullable(),
    name: z.string().nullable(),
    owner: z.string().nullable(),
    scopes: z.array(z.string()).nullable(),
    expiresAt: time.nullable(),
  })
  .meta({ id: 'CredentialVerification' })
export type VerificationView = z.infer<typeof verificationSchema>

/**
 * Asks a system about a credential, by the credential alone, and notes the outcome with the one that is tracked.
 * Whatever the system answers is an outcome.
 */
export async function verifyCredential(
  { db, now }: Context,
  { integration }: { integration: Integration },
  secret: string,
): Promise<VerificationView> {
  const said = await integration.verify(secret)
  const { table, system } = integration
  const which = whichOne(integration, said, secret)
  const matches = which ? await db.select().from(table).where(which).limit(2) : []
  // Two that end alike: nobody can say which of them it is.
  const tracked: CredentialRow | undefined = matches.length === 1 ? matches[0] : undefined
  const at = new Date(now())
  if (tracked)
    await db.update(table).set({ lastVerifiedAt: at, lastOutcome: said.outcome }).where(eq(table.id, tracked.id))
  return {
    outcome: said.outcome,
    detail: said.detail,
    tracked: tracked ? viewCredential(system, { ...tracked, lastVerifiedAt: at, lastOutcome: said.outcome }) : null,
    name: said.name ?? null,
    owner: said.owner ?? null,
    scopes: said.scopes ?? null,
    expiresAt: said.expiresAt?.toISOString() ?? null,
  }
}

/** By the id that the system told; else, of one that it takes, by how its value ends. Only what is valid proves itself. */
function whichOne({ table, server }: Integration, said: Verification, secret: string): SQL | undefined {
  if (said.outcome !== 'valid' && said.outcome !== 'narrow') return undefined
  const isHere = and(eq(table.server, server), eq(table.state, 'active'))
  if (said.remoteId !== undefined) return and(isHere, eq(table.remoteId, said.remoteId))
  return and(isHere, or(eq(table.hint, secret.slice(-8)), eq(table.hint, secret.slice(-4))))
}

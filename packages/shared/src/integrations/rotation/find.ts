import { z } from 'zod'
import { MomentryError } from '../../errors.ts'
import type { Context, TransactionContext } from '../../platform/context.ts'
import { idSchema } from '../../platform/id.ts'
import type { Queryable } from '../../platform/postgres/client.ts'
import { and, desc, eq, inArray, isNotNull, isNull, lt, ne, type SQL } from '../../platform/postgres/query.ts'
import { rotationKinds } from '../../rotation/states.ts'
import { findCredential } from '../credentials/find.ts'
import { integrationRotationStates, unfinishedStates } from '../states.ts'
import { integrationEscrow, integrationRotations } from '../table.ts'
import { type RotationRow, type RotationView, viewRotation } from './view.ts'

/** @throws MomentryError `ROTATION_NOT_FOUND` */
export async function findRotation(db: Queryable, id: string): Promise<RotationRow> {
  return found(await db.select().from(integrationRotations).where(eq(integrationRotations.id, id)))
}

/**
 * Reads a rotation and holds it until the transaction ends. Who also needs its credential locks that first.
 * @throws MomentryError `ROTATION_NOT_FOUND`
 */
export async function lockRotation(tx: TransactionContext, id: string): Promise<RotationRow> {
  return found(await tx.db.select().from(integrationRotations).where(eq(integrationRotations.id, id)).for('update'))
}

function found(rows: readonly RotationRow[]): RotationRow {
  const row = rows[0]
  if (!row) throw new MomentryError('ROTATION_NOT_FOUND', 'there is no rotation with this id')
  return row
}

/** Reads those of a credential's rotations that are meant, and holds them until the transaction ends. */
export function lockRotationsOf(
  tx: TransactionContext,
  { system, credentialId }: { system: string; credentialId: string },
  which: SQL | undefined,
): Promise<RotationRow[]> {
  const isIts = and(eq(integrationRotations.system, system), eq(integrationRotations.credentialId, credentialId))
  return tx.db.select().from(integrationRotations).where(and(isIts, which)).for('update')
}

/** Those that are not over yet. */
export function lockUnfinished(tx: TransactionContext, of: { system: string; credentialId: string }) {
  return lockRotationsOf(tx, of, inArray(integrationRotations.state, unfinishedStates))
}

/** Those that have switched, and whose old credential is there still, as far as is known. */
export function lockUndeleted(tx: TransactionContext, of: { system: string; credentialId: string }) {
  const { switchedAt, oldDeletedAt, state } = integrationRotations
  return lockRotationsOf(tx, of, and(isNotNull(switchedAt), isNull(oldDeletedAt), ne(state, 'cancelled')))
}

/** Filters of a list, from a query string. */
export const listIntegrationRotationsSchema = z.strictObject({
  system: z.string().min(1).max(40).optional(),
  credentialId: idSchema.optional(),
  state: z.enum(integrationRotationStates).optional(),
  kind: z.enum(rotationKinds).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: idSchema.optional().meta({ description: '`pagination.cursor` of the page before' }),
})
export type ListRotationsInput = z.output<typeof listIntegrationRotationsSchema>

export interface RotationPage {
  data: RotationView[]
  pagination: { cursor: string | null; hasMore: boolean }
}

/** Lists rotations of credentials elsewhere, the newest first. */
export async function listRotations(context: Context, input: ListRotationsInput): Promise<RotationPage> {
  const { id, system, credentialId, state, kind } = integrationRotations
  const where = and(
    input.cursor === undefined ? undefined : lt(id, input.cursor),
    input.system === undefined ? undefined : eq(system, input.system),
    input.credentialId === undefined ? undefined : eq(credentialId, input.credentialId),
    input.state === undefined ? undefined : eq(state, input.state),
    input.kind === undefined ? undefined : eq(kind, input.kind),
  )
  const rows = await select(context.db, where).limit(input.limit + 1)
  const page = rows.slice(0, input.limit)
  const hasMore = rows.length > input.limit
  return {
    data: await Promise.all(page.map((row) => view(context, row))),
    pagination: { cursor: hasMore ? (page.at(-1)?.rotation.id ?? null) : null, hasMore },
  }
}

/** Reads one rotation. @throws MomentryError `ROTATION_NOT_FOUND` */
export async function getRotation(context: Context, id: string): Promise<RotationView> {
  const [row] = await select(context.db, eq(integrationRotations.id, id))
  if (!row) throw new MomentryError('ROTATION_NOT_FOUND', 'there is no rotation with this id')
  return view(context, row)
}

function select(db: Queryable, where: SQL | undefined) {
  return db
    .select({ rotation: integrationRotations, escrowEndsAt: integrationEscrow.expiresAt })
    .from(integrationRotations)
    .leftJoin(integrationEscrow, eq(integrationEscrow.rotationId, integrationRotations.id))
    .where(where)
    .orderBy(desc(integrationRotations.id))
}

async function view(
  { db, now }: Context,
  { rotation, escrowEndsAt }: { rotation: RotationRow; escrowEndsAt: Date | null },
): Promise<RotationView> {
  const credential = await findCredential(db, rotation.system, rotation.credentialId)
  return viewRotation(rotation, { credential, escrowEndsAt }, now())
}

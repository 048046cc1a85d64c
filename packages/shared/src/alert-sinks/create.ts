import { appendAudit } from '../audit/append.ts'
import { MomentryError } from '../errors.ts'
import { type Context, withTransaction } from '../platform/context.ts'
import { createId } from '../platform/id.ts'
import { isUniqueViolation } from '../platform/postgres/client.ts'
import { sql } from '../platform/postgres/query.ts'
import type { Seal } from '../platform/seal.ts'
import type { CreateSinkInput } from './schemas.ts'
import { makeWebhookSecret, secretPlace, splitTarget } from './secrets.ts'
import { alertSinks } from './table.ts'
import { type CreatedSinkView, type SinkRow, viewSink } from './view.ts'

/** Every alert is held against each of them. */
const maxSinks = 200

/**
 * Makes a sink. What is secret of its target is sealed; a webhook gets a secret, which the answer alone shows.
 * @throws MomentryError `CONFLICT` where the name is taken, or there are 200 already
 */
export function createSink(
  context: Context,
  { seal }: { seal: Seal },
  input: CreateSinkInput,
): Promise<CreatedSinkView> {
  return withTransaction(context, async (tx) => {
    const { rows } = await tx.db.execute<{ count: number }>(sql`select count(*)::int as count from ${alertSinks}`)
    if ((rows[0]?.count ?? 0) >= maxSinks)
      throw new MomentryError('CONFLICT', `there are ${maxSinks} sinks already, and more are not possible`)
    const id = createId()
    const at = new Date(tx.now())
    const { shown, secret } = splitTarget(input.target)
    const made = input.target.kind === 'webhook' ? makeWebhookSecret() : undefined
    const kept = made ?? secret
    const row: SinkRow = {
      id,
      name: input.name,
      kind: input.target.kind,
      target: shown,
      secret: kept === undefined ? null : seal.seal(kept, secretPlace(id)),
      previousSecret: null,
      previousUntil: null,
      routing: input.routing,
      groupSeconds: input.groupSeconds,
      quietHours: input.quietHours,
      state: 'active',
      stateReason: null,
      createdAt: at,
      updatedAt: at,
      createdBy: tx.actor.keyId ?? null,
    }
    await refuseTakenName(() => tx.db.insert(alertSinks).values(row))
    const created = viewSink(row, tx.now())
    await appendAudit(tx, { action: 'sink.created', after: created })
    return { ...created, ...(made !== undefined && { secret: made }) }
  })
}

/** Does a write. @throws MomentryError `CONFLICT` where another sink has the name */
export async function refuseTakenName(write: () => PromiseLike<unknown>): Promise<void> {
  try {
    await write()
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    throw new MomentryError('CONFLICT', 'there is an alert sink of this name already')
  }
}

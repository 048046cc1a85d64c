import { appendAudit } from '../../audit/append.ts'
import { MomentryError } from '../../errors.ts'
import { getKey } from '../../keys/get.ts'
import { type Context, type TransactionContext, withTransaction } from '../../platform/context.ts'
import { createId } from '../../platform/id.ts'
import { gt, sql } from '../../platform/postgres/query.ts'
import { alertSilences } from '../table.ts'
import { maxSilences } from './active.ts'
import { type CreateSilenceInput, maxSilenceMs, type SilenceView } from './schemas.ts'
import { type SilenceRow, viewSilence } from './view.ts'

/**
 * Makes a silence: while it holds, alerts that match are logged and reach the channel, but no sink.
 * @throws MomentryError `KEY_NOT_FOUND`; `VALIDATION_FAILED` for a time that ends before it begins, is over, or is longer
 *   than 366 days; `CONFLICT` where there are 1,000 already that have not ended
 */
export function createSilence(context: Context, input: CreateSilenceInput): Promise<SilenceView> {
  return withTransaction(context, async (tx) => {
    if (input.keyId !== undefined) await getKey(tx, input.keyId)
    const { startsAt, endsAt } = spanOf(input, tx.now())
    const { keyId, rule, owner, type, reason } = input
    const silence = await insertSilence(tx, {
      ...{ keyId: keyId ?? null, rule: rule ?? null, owner: owner ?? null, type: type ?? null },
      ...{ anomalyId: null, reason: reason ?? null, startsAt, endsAt },
    })
    const view = viewSilence(silence, tx.now())
    await appendAudit(tx, {
      action: 'silence.created',
      ...(keyId !== undefined && { keyId }),
      ...(reason !== undefined && { reason }),
      after: view,
    })
    return view
  })
}

/** Writes a silence's row. @throws MomentryError `CONFLICT` where there are as many already as may be */
export async function insertSilence(
  tx: TransactionContext,
  silence: Omit<SilenceRow, 'id' | 'createdAt' | 'createdBy'>,
): Promise<SilenceRow> {
  const createdAt = new Date(tx.now())
  const [open] = await tx.db
    .select({ count: sql<number>`count(*)::int` })
    .from(alertSilences)
    .where(gt(alertSilences.endsAt, createdAt))
  if ((open?.count ?? 0) >= maxSilences)
    throw new MomentryError('CONFLICT', `there are ${maxSilences} silences already that have not ended: end some first`)
  const row = { ...silence, id: createId(), createdAt, createdBy: tx.actor.keyId ?? null }
  await tx.db.insert(alertSilences).values(row)
  return row
}

function spanOf(
  { startsAt, endsAt, forSeconds = 0 }: CreateSilenceInput,
  now: number,
): { startsAt: Date; endsAt: Date } {
  const start = startsAt?.getTime() ?? now
  const end = endsAt?.getTime() ?? start + forSeconds * 1000
  if (end <= now) refuseSpan('is over already')
  if (end <= start) refuseSpan('is before its start')
  if (end - start > maxSilenceMs) refuseSpan('is more than 366 days after its start')
  return { startsAt: new Date(start), endsAt: new Date(end) }
}

function refuseSpan(detail: string): never {
  throw new MomentryError('VALIDATION_FAILED', 'the silence has no such time', {
    issues: [{ pointer: '/endsAt', detail }],
  })
}

import { appendAudit } from '../audit/append.ts'
import { MomentryError } from '../errors.ts'
import { type Context, type TransactionContext, withTransaction } from '../platform/context.ts'
import { eq } from '../platform/postgres/query.ts'
import type { Seal } from '../platform/seal.ts'
import { refuseTakenName } from './create.ts'
import { findSink, lockSink } from './find.ts'
import type { SinkTarget, UpdateSinkInput } from './schemas.ts'
import { secretPlace, splitTarget } from './secrets.ts'
import { alertSinks } from './table.ts'
import { type SinkRow, type SinkView, viewSink } from './view.ts'

type Change = Partial<typeof alertSinks.$inferInsert>

/**
 * Changes a sink. A webhook keeps its secret; of the other kinds a new target brings what is secret of it.
 * @throws MomentryError `SINK_NOT_FOUND`; `CONFLICT` where the name is taken; `VALIDATION_FAILED` for a target of another
 *   kind
 */
export function updateSink(
  context: Context,
  { seal }: { seal: Seal },
  id: string,
  { target, state, ...rest }: UpdateSinkInput,
): Promise<SinkView> {
  return withTransaction(context, async (tx) => {
    const before = await lockSink(tx.db, id)
    const change: Change = {
      ...given(rest),
      ...(target && targetChange(seal, before, target)),
      ...(state && { state, stateReason: null }),
      updatedAt: new Date(tx.now()),
    }
    await refuseTakenName(() => tx.db.update(alertSinks).set(change).where(eq(alertSinks.id, id)))
    const after = await findSink(tx.db, id)
    await auditChange(tx, before, after, target?.kind !== undefined && change.secret !== undefined)
    return viewSink(after, tx.now())
  })
}

function targetChange(seal: Seal, { id, kind }: SinkRow, target: SinkTarget): Change {
  if (target.kind !== kind)
    throw new MomentryError('VALIDATION_FAILED', 'a sink keeps its kind: make another one', {
      issues: [{ pointer: '/target/kind', detail: `must be ${kind}` }],
    })
  const { shown, secret } = splitTarget(target)
  return { target: shown, ...(secret !== undefined && { secret: seal.seal(secret, secretPlace(id)) }) }
}

async function auditChange(
  tx: TransactionContext,
  before: SinkRow,
  after: SinkRow,
  secretReplaced: boolean,
): Promise<void> {
  const [was, is] = [viewSink(before, tx.now()), viewSink(after, tx.now())]
  await appendAudit(tx, {
    action: 'sink.updated',
    before: was,
    after: { ...is, ...(secretReplaced && { secretReplaced }) },
  })
}

function given(change: Omit<UpdateSinkInput, 'target' | 'state'>): Change {
  const { name, routing, groupSeconds, quietHours } = change
  return {
    ...(name !== undefined && { name }),
    ...(routing !== undefined && { routing }),
    ...(groupSeconds !== undefined && { groupSeconds }),
    ...(quietHours !== undefined && { quietHours }),
  }
}

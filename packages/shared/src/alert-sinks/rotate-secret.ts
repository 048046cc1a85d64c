import { appendAudit } from '../audit/append.ts'
import { MomentryError } from '../errors.ts'
import { type Context, withTransaction } from '../platform/context.ts'
import { eq } from '../platform/postgres/query.ts'
import type { Seal } from '../platform/seal.ts'
import { findSink, lockSink } from './find.ts'
import type { RotateSinkSecretInput } from './schemas.ts'
import { makeWebhookSecret, previousSecretPlace, secretPlace } from './secrets.ts'
import { alertSinks } from './table.ts'
import { type CreatedSinkView, viewSink } from './view.ts'

/**
 * Gives a webhook a new secret, which the answer alone shows. The one before signs too until the overlap ends, and the one
 * before that no more.
 * @throws MomentryError `SINK_NOT_FOUND`; `CONFLICT` for another kind of sink
 */
export function rotateSinkSecret(
  context: Context,
  { seal }: { seal: Seal },
  id: string,
  { overlapSeconds }: RotateSinkSecretInput,
): Promise<CreatedSinkView> {
  return withTransaction(context, async (tx) => {
    const before = await lockSink(tx.db, id)
    if (before.kind !== 'webhook' || !before.secret)
      throw new MomentryError('CONFLICT', `a sink of kind ${before.kind} has no secret that Momentry makes`)
    const secret = makeWebhookSecret()
    const previous = seal.seal(seal.open(before.secret, secretPlace(id)), previousSecretPlace(id))
    const at = tx.now()
    await tx.db
      .update(alertSinks)
      .set({
        secret: seal.seal(secret, secretPlace(id)),
        previousSecret: overlapSeconds > 0 ? previous : null,
        previousUntil: overlapSeconds > 0 ? new Date(at + overlapSeconds * 1000) : null,
        updatedAt: new Date(at),
      })
      .where(eq(alertSinks.id, id))
    const after = viewSink(await findSink(tx.db, id), at)
    await appendAudit(tx, {
      action: 'sink.secret-rotated',
      before: { id, name: before.name },
      after: { id, name: before.name, previousSecretUntil: after.previousSecretUntil },
    })
    return { ...after, secret }
  })
}

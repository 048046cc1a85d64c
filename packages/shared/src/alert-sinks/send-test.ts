import { z } from 'zod'
import { appendAudit } from '../audit/append.ts'
import { type Context, withTransaction } from '../platform/context.ts'
import { createId } from '../platform/id.ts'
import type { Seal } from '../platform/seal.ts'
import { findSink } from './find.ts'
import { openSink } from './secrets.ts'
import type { Senders } from './sender.ts'
import { alertDeliveries } from './table.ts'

/** Longer than any of a sender's own bounds: what it says of a slow receiver tells more. */
const testMs = 20_000

export const testOutcomeSchema = z
  .object({
    delivered: z.boolean(),
    status: z.int().optional().meta({ description: 'What the receiver answered with, where it did' }),
    error: z.string().optional(),
    durationMs: z.int(),
  })
  .meta({ id: 'AlertSinkTest' })
export type TestOutcome = z.infer<typeof testOutcomeSchema>

/**
 * Sends a test to a sink at once, whatever its state and its quiet hours, and notes it among its deliveries.
 * @throws MomentryError `SINK_NOT_FOUND`
 */
export async function sendTest(
  context: Context,
  { seal, senders }: { seal: Seal; senders: Senders },
  sinkId: string,
): Promise<TestOutcome> {
  const { now } = context
  const row = await findSink(context.db, sinkId)
  const id = createId()
  const startedAt = now()
  const message = { id, sink: openSink(seal, row, startedAt), alerts: [], omitted: 0, test: true }
  const sent = await senders[row.kind].send(message, AbortSignal.timeout(testMs))
  const finishedAt = now()
  const error = sent.ok ? undefined : sent.error
  await withTransaction(context, async (tx) => {
    await findSink(tx.db, sinkId)
    await tx.db.insert(alertDeliveries).values({
      id,
      sinkId,
      groupKey: 'test',
      alertSeqs: [],
      test: true,
      state: sent.ok ? 'delivered' : 'failed',
      attempts: 1,
      nextAttemptAt: new Date(startedAt),
      lastStatus: sent.status ?? null,
      lastError: error ?? null,
      createdAt: new Date(startedAt),
      finishedAt: new Date(finishedAt),
    })
    await appendAudit(tx, { action: 'sink.tested', after: { id: sinkId, name: row.name, delivered: sent.ok } })
  })
  return {
    delivered: sent.ok,
    ...(sent.status !== undefined && { status: sent.status }),
    ...(error !== undefined && { error }),
    durationMs: Math.max(0, Math.round(finishedAt - startedAt)),
  }
}

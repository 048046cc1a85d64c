import { alertLog } from '../../alerts/table.ts'
import type { Context } from '../../platform/context.ts'
import type { Queryable } from '../../platform/postgres/client.ts'
import { asc, inArray } from '../../platform/postgres/query.ts'
import type { Seal } from '../../platform/seal.ts'
import { disableSink } from '../disable.ts'
import { findSink } from '../find.ts'
import { waitForQuiet } from '../routing/group.ts'
import type { SinkKind } from '../schemas.ts'
import { openSink } from '../secrets.ts'
import type { Message, Senders, Sent } from '../sender.ts'
import type { SinkRow } from '../view.ts'
import { retryDelay } from './retry.ts'
import { finishDelivery, giveBackDelivery, retryDelivery } from './settle.ts'
import type { DeliveryRow } from './view.ts'

/** Within the lease, with time left to note what came of it. */
const sendMs = 45_000

export interface PerformDeps {
  context: Context
  seal: Seal
  senders: Senders
  /** From 0 to 1. */
  random(): number
}

/** What came of an attempt, by the kind of sink. */
export interface Performed {
  kind: SinkKind
  outcome: 'delivered' | 'retried' | 'failed' | 'disabled' | 'postponed' | 'cut'
  error?: string
}

/**
 * Sends a message that was claimed, and notes what came of it: delivered, to be tried again, given up, put off to the end
 * of a quiet time; or given back, where the signal cut it.
 * @throws what Postgres says: the lease ends by itself then, and the message is sent again by the same id
 */
export async function performDelivery(
  deps: PerformDeps,
  delivery: DeliveryRow,
  signal: AbortSignal,
): Promise<Performed> {
  const { context, senders } = deps
  const { db, now } = context
  const sink = await findSink(db, delivery.sinkId)
  const { kind } = sink
  const quiet = waitForQuiet(sink, delivery.severity, now())
  if (quiet !== undefined) {
    await giveBackDelivery(db, delivery, new Date(quiet))
    return { kind, outcome: 'postponed' }
  }
  const message = await makeMessage(deps, delivery, sink)
  const sent: Sent =
    typeof message === 'string'
      ? { ok: false, error: message }
      : await senders[kind].send(message, AbortSignal.any([signal, AbortSignal.timeout(sendMs)]))
  if (!sent.ok && signal.aborted) {
    await giveBackDelivery(db, delivery, new Date(now()))
    return { kind, outcome: 'cut' }
  }
  return { kind, ...(await settle(deps, delivery, sink, sent)) }
}

/** Makes the message, or says why that is not possible. */
async function makeMessage(
  { context, seal }: PerformDeps,
  { id, alertSeqs, omitted, resolves }: DeliveryRow,
  sink: SinkRow,
): Promise<Message | string> {
  const alerts = await readAlerts(context.db, alertSeqs)
  if (alerts.length === 0 && resolves === null) return 'the log has its alerts no more'
  const left = omitted + alertSeqs.length - alerts.length
  try {
    const opened = openSink(seal, sink, context.now())
    return { id, sink: opened, alerts, omitted: left, test: false, ...(resolves !== null && { resolves }) }
  } catch {
    return 'what is secret of the sink cannot be opened: no master key that this process has made it'
  }
}

async function readAlerts(db: Queryable, seqs: readonly number[]) {
  if (seqs.length === 0) return []
  const { seq, alert } = alertLog
  return db
    .select({ seq, alert })
    .from(alertLog)
    .where(inArray(seq, [...seqs]))
    .orderBy(asc(seq))
}

async function settle(
  { context, random }: PerformDeps,
  delivery: DeliveryRow,
  sink: SinkRow,
  sent: Sent,
): Promise<Omit<Performed, 'kind'>> {
  const { db, now } = context
  const attempt = { status: sent.status, error: sent.ok ? undefined : sent.error }
  if (sent.ok) {
    await finishDelivery(db, delivery, 'delivered', attempt, new Date(now()))
    return { outcome: 'delivered' }
  }
  const { error } = sent
  if (sent.gone && (await disableSink(context, sink, `the receiver is gone: ${error}`)))
    return { outcome: 'disabled', error }
  const delay = retryDelay(delivery.attempts, sent.retryAfterSeconds, random())
  if (delay === undefined) {
    await finishDelivery(db, delivery, 'failed', attempt, new Date(now()))
    return { outcome: 'failed', error }
  }
  const at = now() + delay
  await retryDelivery(db, delivery, attempt, new Date(waitForQuiet(sink, delivery.severity, at) ?? at))
  return { outcome: 'retried', error }
}

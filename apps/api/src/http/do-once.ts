import { canonicalJson } from '@momentry/shared/audit/chain.ts'
import { type Answer, keepAnswer, recallAnswer, runOnce } from '@momentry/shared/idempotency/run.ts'
import { type TransactionContext, withTransaction } from '@momentry/shared/platform/context.ts'
import type { Context } from 'hono'
import type { Services } from '../wiring/services.ts'
import { callerOf, contextOf } from './context.ts'
import type { ApiEnv } from './env.ts'

/**
 * Does what a request asks for in one transaction: once per `Idempotency-Key`, where one came.
 * @param input the request's parsed body; with method and path it makes the request what it is
 * @throws MomentryError `IDEMPOTENCY_KEY_REUSED`, and whatever `work` throws
 */
export async function doOnce(
  c: Context<ApiEnv>,
  services: Services,
  { idempotencyKey, input }: { idempotencyKey: string | undefined; input: unknown },
  work: (tx: TransactionContext) => Promise<Answer>,
): Promise<Answer & { replayed: boolean }> {
  const context = contextOf(c, services)
  if (idempotencyKey === undefined) return { ...(await withTransaction(context, work)), replayed: false }
  const request = `${c.req.method} ${c.req.path} ${canonicalJson(input)}`
  return runOnce(context, { seal: services.seal, actorKeyId: callerOf(c).keyId, idempotencyKey, request }, work)
}

/**
 * The same for work that takes more than one transaction, since it asks another system: `work` calls `keep` in the one
 * that ends it. The same request that comes while the first is under way is not held up: it fails by what the work itself
 * refuses twice.
 * @throws MomentryError `IDEMPOTENCY_KEY_REUSED`, and whatever `work` throws
 */
export async function doOnceElsewhere(
  c: Context<ApiEnv>,
  services: Services,
  { idempotencyKey, input }: { idempotencyKey: string | undefined; input: unknown },
  work: (keep: (tx: TransactionContext, answer: Answer) => Promise<void>) => Promise<Answer>,
): Promise<Answer & { replayed: boolean }> {
  if (idempotencyKey === undefined) return { ...(await work(async () => undefined)), replayed: false }
  const request = `${c.req.method} ${c.req.path} ${canonicalJson(input)}`
  const deps = { seal: services.seal, actorKeyId: callerOf(c).keyId, idempotencyKey, request }
  const kept = await recallAnswer(contextOf(c, services), deps)
  if (kept) return { ...kept, replayed: true }
  return { ...(await work((tx, answer) => keepAnswer(tx, deps, answer))), replayed: false }
}

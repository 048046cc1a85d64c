import { hash } from 'node:crypto'
import { z } from 'zod'
import { MomentryError } from '../errors.ts'
import { type Context, type TransactionContext, withTransaction } from '../platform/context.ts'
import { and, eq, gte, lt, sql } from '../platform/postgres/query.ts'
import type { Seal } from '../platform/seal.ts'
import { apiIdempotency } from './table.ts'

/** How long an answer is kept for the same `Idempotency-Key` (DESIGN.md section 6). */
export const idempotencyHours = 24
const keptMs = idempotencyHours * 3_600_000

/** A caller's `Idempotency-Key`. */
export const idempotencyKeySchema = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, 'must be 1 to 255 printable ASCII characters without spaces')

export interface Answer {
  status: number
  body: string
}

export interface IdempotentRequest {
  /** Whose `idempotencyKey` it is. */
  actorKeyId: string
  idempotencyKey: string
  /** Everything that makes the request what it is: method, path, body. */
  request: string
}

/**
 * Does a piece of work once per `Idempotency-Key`, with its answer kept in the same transaction: either both are there
 * or neither. The same request that comes while the first is under way waits for it.
 * @param work makes the answer inside the transaction; its body is stored sealed, since it may hold a secret
 * @throws MomentryError `IDEMPOTENCY_KEY_REUSED` where the key came with another request before
 */
export function runOnce(
  context: Context,
  deps: { seal: Seal } & IdempotentRequest,
  work: (context: TransactionContext) => Promise<Answer>,
): Promise<Answer & { replayed: boolean }> {
  const fingerprint = hash('sha256', deps.request, 'buffer')
  const place = answerPlace(deps)
  const isIt = and(
    eq(apiIdempotency.actorKeyId, deps.actorKeyId),
    eq(apiIdempotency.idempotencyKey, deps.idempotencyKey),
  )
  return withTransaction(context, async (tx) => {
    if (!(await take(tx, deps, fingerprint))) {
      const kept = (await tx.db.select().from(apiIdempotency).where(isIt))[0]
      if (!kept?.fingerprint.equals(fingerprint)) throw reused()
      if (kept.status === null || kept.response === null)
        throw new Error('an idempotent answer was kept without a body')
      return { status: kept.status, body: deps.seal.open(kept.response, place), replayed: true }
    }
    const answer = await work(tx)
    await tx.db
      .update(apiIdempotency)
      .set({ status: answer.status, response: deps.seal.seal(answer.body, place) })
      .where(isIt)
    return { ...answer, replayed: false }
  })
}

/**
 * Gives the answer that is kept for a request, for work that cannot run in one transaction: whoever does it keeps its
 * answer by `keepAnswer`, in the transaction that ends it.
 * @throws MomentryError `IDEMPOTENCY_KEY_REUSED` where the key came with another request before
 */
export async function recallAnswer(
  { db, now }: Pick<Context, 'db' | 'now'>,
  { seal, ...request }: { seal: Seal } & IdempotentRequest,
): Promise<Answer | undefined> {
  const { actorKeyId, idempotencyKey, createdAt } = apiIdempotency
  const isIt = and(eq(actorKeyId, request.actorKeyId), eq(idempotencyKey, request.idempotencyKey))
  const isFresh = gte(createdAt, new Date(now() - keptMs))
  const [kept] = await db.select().from(apiIdempotency).where(and(isIt, isFresh))
  if (!kept) return undefined
  if (!kept.fingerprint.equals(hash('sha256', request.request, 'buffer'))) throw reused()
  if (kept.status === null || kept.response === null) return undefined
  return { status: kept.status, body: seal.open(kept.response, answerPlace(request)) }
}

/** Keeps an answer with the work that it tells of. @throws MomentryError `IDEMPOTENCY_KEY_REUSED` where there is one already */
export async function keepAnswer(
  tx: TransactionContext,
  { seal, ...request }: { seal: Seal } & IdempotentRequest,
  answer: Answer,
): Promise<void> {
  if (!(await take(tx, request, hash('sha256', request.request, 'buffer')))) throw reused()
  await tx.db
    .update(apiIdempotency)
    .set({ status: answer.status, response: seal.seal(answer.body, answerPlace(request)) })
    .where(
      and(eq(apiIdempotency.actorKeyId, request.actorKeyId), eq(apiIdempotency.idempotencyKey, request.idempotencyKey)),
    )
}

function reused(): MomentryError {
  return new MomentryError('IDEMPOTENCY_KEY_REUSED', 'this Idempotency-Key came with another request before')
}

/** The place that a kept answer is sealed for. */
export function answerPlace(of: { actorKeyId: string; idempotencyKey: string }): string {
  return `idempotency ${of.actorKeyId} ${of.idempotencyKey}`
}

/**
 * Takes the key for this transaction. Where another transaction has just taken it, the insert waits until that one
 * ends. A row that is too old to count is taken over.
 * @returns false where an answer is kept already
 */
async function take(tx: TransactionContext, request: IdempotentRequest, fingerprint: Buffer): Promise<boolean> {
  const now = tx.now()
  const fresh = { fingerprint, status: null, response: null, createdAt: new Date(now) }
  const taken = await tx.db
    .insert(apiIdempotency)
    .values({ actorKeyId: request.actorKeyId, idempotencyKey: request.idempotencyKey, ...fresh })
    .onConflictDoUpdate({
      target: [apiIdempotency.actorKeyId, apiIdempotency.idempotencyKey],
      set: fresh,
      setWhere: lt(apiIdempotency.createdAt, new Date(now - keptMs)),
    })
    .returning({ one: sql`1` })
  return taken.length > 0
}

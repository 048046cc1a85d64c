import { appendAudit } from '../audit/append.ts'
import { apiKeys } from '../keys/table.ts'
import { type Context, type TransactionContext, withTransaction } from '../platform/context.ts'
import { createId } from '../platform/id.ts'
import { and, desc, eq, inArray } from '../platform/postgres/query.ts'
import { unprintable } from '../platform/unprintable.ts'
import { lifeMs, maxSessionsOfKey } from './life.ts'
import { consoleSessions } from './table.ts'
import { hashToken, makeToken } from './token.ts'

export interface OpenSession {
  keyId: string
  /** SHA-256 of the secret that was shown, with which the session ends. */
  secretDigest: Buffer
  /** What the browser calls itself. */
  userAgent: string | undefined
  /** What the browser's cookie held so far: that session ends, so that none is left behind. */
  replaces: string | undefined
}

export interface OpenedSession {
  id: string
  /** For the cookie. */
  token: string
  expiresAt: Date
}

const maxUserAgent = 300

/**
 * Opens a session for a secret that was just validated, under a token that nobody has seen before. A key has a bounded
 * number of them: those that were opened first end.
 */
export async function openSession(context: Context, input: OpenSession): Promise<OpenedSession> {
  return withTransaction(context, async (tx) => {
    const token = makeToken()
    const session = newRow(tx, input, token)
    // Whoever signs in with the same key at the same time waits, so that the bound holds.
    await tx.db.select({ id: apiKeys.id }).from(apiKeys).where(eq(apiKeys.id, input.keyId)).for('no key update')
    const replaced = input.replaces === undefined ? undefined : hashToken(input.replaces)
    if (replaced) await tx.db.delete(consoleSessions).where(eq(consoleSessions.tokenDigest, replaced))
    await tx.db.insert(consoleSessions).values(session)
    await endOldest(tx, input.keyId)
    const { id, expiresAt } = session
    await appendAudit(tx, { action: 'session.opened', keyId: input.keyId, after: { sessionId: id, expiresAt } })
    return { id, token, expiresAt }
  })
}

function newRow({ now, actor }: TransactionContext, input: OpenSession, token: string) {
  const at = now()
  const tokenDigest = hashToken(token)
  if (!tokenDigest) throw new Error('a token of a wrong form was made')
  const { keyId, secretDigest, userAgent } = input
  return {
    ...{ id: createId(), tokenDigest, keyId, secretDigest },
    address: actor.address ?? null,
    userAgent: userAgent?.replace(new RegExp(unprintable, 'gu'), ' ').slice(0, maxUserAgent) ?? null,
    createdAt: new Date(at),
    lastSeenAt: new Date(at),
    expiresAt: new Date(at + lifeMs),
  }
}

/** Ids are in the order of their making. */
async function endOldest({ db }: TransactionContext, keyId: string): Promise<void> {
  const tooMany = db
    .select({ id: consoleSessions.id })
    .from(consoleSessions)
    .where(eq(consoleSessions.keyId, keyId))
    .orderBy(desc(consoleSessions.id))
    .offset(maxSessionsOfKey)
  await db.delete(consoleSessions).where(and(eq(consoleSessions.keyId, keyId), inArray(consoleSessions.id, tooMany)))
}

import type { Clock } from './clock.ts'
import type { Queryable } from './postgres/client.ts'
import { type AfterCommit, inTransaction } from './postgres/transaction.ts'
import type { Signer } from './sign.ts'

/** On whose behalf something is done, for scopes and for the audit log. */
export interface Actor {
  /** The key that asked, or undefined where Momentry itself acts. */
  keyId: string | undefined
  scopes: readonly string[]
  /** Where the request came from. */
  address: string | undefined
}

/** Momentry acting by itself: at set-up, and in its workers. */
export const systemActor: Actor = { keyId: undefined, scopes: ['*'], address: undefined }

/** A row of the outbox. */
export interface KeyChange {
  id: bigint
  keyId: string
}

/** Tells every process of committed changes of keys. */
export type PublishChanges = (changes: readonly KeyChange[]) => Promise<void>

/** What every verb is given beside its input. */
export interface Context {
  db: Queryable
  actor: Actor
  requestId: string
  now: Clock
  publishChanges: PublishChanges
  /** Signs the audit log. */
  signer: Signer
  /** Where this stands in a trace, for work that it leaves to others; absent where it is not traced. */
  traceparent?: string | undefined
}

/** A context inside an open transaction. */
export interface TransactionContext extends Context {
  /** Registers what is to be done once the transaction is committed, and not before. */
  afterCommit: AfterCommit
}

/** Runs `work` in a transaction: the one that is open already, or a new one. */
export function withTransaction<T>(
  context: Context | TransactionContext,
  work: (context: TransactionContext) => Promise<T>,
): Promise<T> {
  if ('afterCommit' in context) return work(context)
  return inTransaction(context.db, (db, afterCommit) => work({ ...context, db, afterCommit }))
}

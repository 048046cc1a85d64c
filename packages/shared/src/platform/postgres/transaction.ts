import type { Queryable } from './client.ts'

export type AfterCommit = (run: () => Promise<void>) => void

/**
 * Runs `work` in one transaction and, once it is committed, what `work` registered by `afterCommit`, in order.
 * @throws whatever `work` throws, after a rollback; nothing registered is run then
 */
export async function inTransaction<T>(
  db: Queryable,
  work: (db: Queryable, afterCommit: AfterCommit) => Promise<T>,
): Promise<T> {
  const hooks: (() => Promise<void>)[] = []
  const result = await db.transaction((tx) => work(tx, (run) => hooks.push(run)))
  for (const run of hooks) await run()
  return result
}

/**
 * Waits until all parts of a transaction's work are done that go on side by side, also where one of them fails: else the
 * others could send what comes next when the transaction is over already, to be committed by itself.
 * @throws what the first of them failed with
 */
export async function together(parts: readonly PromiseLike<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(parts)).find((outcome) => outcome.status === 'rejected')
  if (failed) throw failed.reason
}

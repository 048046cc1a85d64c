/** Does a piece of work for each item, a few at a time and begun in their order. The first failure ends it all. */
export async function inParallel<T>(
  items: readonly T[],
  workers: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const left = items.values()
  const run = async () => {
    for (const item of left) await work(item)
  }
  await Promise.all(Array.from({ length: Math.min(workers, items.length) }, run))
}

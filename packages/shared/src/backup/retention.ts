/** How many backups are kept by themselves. */
export interface Keep {
  /** Of so many last days (UTC) on which there is one, the newest each. */
  daily: number
  /** Of so many last weeks (ISO 8601, from Monday) in which there is one, the newest each. */
  weekly: number
}

interface Dated {
  number: number
  createdAt: string
}

/**
 * Chooses which backups stay: the newest one always, and the newest of each of the last days and weeks. With nothing to
 * keep, all stay.
 */
export function chooseKept(backups: readonly Dated[], { daily, weekly }: Keep): Set<number> {
  const newestFirst = backups.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt) || b.number - a.number)
  if (daily + weekly === 0) return new Set(newestFirst.map(({ number }) => number))
  const kept = [
    ...newestFirst.slice(0, 1),
    ...newestOfEach(newestFirst, ({ createdAt }) => createdAt.slice(0, 10)).slice(0, daily),
    ...newestOfEach(newestFirst, ({ createdAt }) => mondayOf(createdAt)).slice(0, weekly),
  ]
  return new Set(kept.map(({ number }) => number))
}

function newestOfEach(newestFirst: readonly Dated[], periodOf: (backup: Dated) => string): Dated[] {
  const newest = new Map<string, Dated>()
  for (const backup of newestFirst) {
    const period = periodOf(backup)
    if (!newest.has(period)) newest.set(period, backup)
  }
  return [...newest.values()]
}

function mondayOf(time: string): string {
  const date = new Date(time)
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7))
  return date.toISOString().slice(0, 10)
}

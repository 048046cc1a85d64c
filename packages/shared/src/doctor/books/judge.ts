import type { Balance } from '../balance.ts'
import { type Finding, judgeFact, ok } from '../finding.ts'
import { type Months, totalOf } from './months.ts'
import type { PartitionBooks } from './read.ts'

/** Judges whether every event that was accepted is somewhere, and once. */
export function judgeBalance(balance: Balance): Finding[] {
  const { partitions } = balance
  return [
    judgePart(
      'balance.folded',
      partitions,
      ({ accepted, waiting, folded, dead, givenUp }) =>
        waiting === undefined ? undefined : accepted - waiting - folded - dead - givenUp,
      () => {
        const sum = sumOf(partitions)
        const rest = [`${sum('dead')} dead`, `${sum('givenUp')} given up`].filter((text) => !text.startsWith('0 '))
        return [`${sum('accepted')} accepted = ${sum('folded')} folded + ${sum('waiting')} waiting`, ...rest].join(
          ' + ',
        )
      },
    ),
    judgePart(
      'balance.summed',
      partitions,
      ({ folded, summing, carried }) =>
        summing === undefined ? undefined : folded - totalOf(summing) - totalOf(carried),
      () => {
        const of = (months: (books: PartitionBooks) => Months | undefined) =>
          partitions.reduce((sum, books) => sum + totalOf(months(books) ?? new Map()), 0)
        const [folded, carried] = [sumOf(partitions)('folded'), of((books) => books.carried)]
        return `${folded} folded = ${carried} carried to Postgres + ${of(({ summing }) => summing)} on the way`
      },
    ),
    judgeMonths(balance),
  ]
}

function sumOf(partitions: readonly PartitionBooks[]) {
  return (field: 'accepted' | 'waiting' | 'folded' | 'dead' | 'givenUp') =>
    partitions.reduce((sum, books) => sum + (books[field] ?? 0), 0)
}

/** @param missing how many events a partition's books do not account for; undefined: too much is under way to tell */
function judgePart(
  check: string,
  partitions: readonly PartitionBooks[],
  missing: (books: PartitionBooks) => number | undefined,
  tell: () => string,
): Finding {
  const differences = partitions.map((books) => ({ partition: books.partition, missing: missing(books) }))
  const wrong = differences.flatMap(({ partition, missing }) =>
    missing ? [`{${partition}}: ${Math.abs(missing)} ${missing > 0 ? 'missing' : 'too many'}`] : [],
  )
  if (wrong.length > 0)
    return {
      check,
      level: 'failed',
      figure: `${tell().replace(' = ', ' ≠ ')} (partition ${wrong.join(', ')})`,
      advice: 'events were lost, or counted twice: see "When the books do not balance" in docs/doctor.md',
    }
  if (differences.some(({ missing }) => missing === undefined))
    return { check, level: 'information', figure: 'not compared: too much is under way; look again when it is through' }
  return ok(check, tell())
}

/** Compares what crossed to Postgres with what is there, month by month. */
function judgeMonths({ rolledUp, least, most, beganMonth, restoredMonth, partitions }: Balance): Finding {
  const check = 'balance.database'
  const months = [...new Set([...rolledUp.keys(), ...least.keys(), ...most.keys()])].sort()
  const isUncertain = partitions.some(({ summing }) => summing === undefined)
  const found = months.map((month) => {
    const [there, low, high] = [rolledUp, least, most].map((part) => part.get(month) ?? 0) as [number, number, number]
    const excused = restoredMonth !== undefined && month <= restoredMonth
    return {
      month,
      there,
      missing: excused ? 0 : Math.max(0, low - there),
      surplus:
        excused || isUncertain || beganMonth === undefined || month <= beganMonth ? 0 : Math.max(0, there - high),
    }
  })
  const missing = found.filter((each) => each.missing > 0)
  const surplus = found.filter((each) => each.surplus > 0)
  if (missing.length > 0)
    return {
      check,
      level: 'failed',
      figure: missing.map(({ month, missing: count }) => `${month}: ${count} that crossed are not there`).join(', '),
      advice: 'rows of api_key_usage were removed, or a backup was restored without Momentry: see docs/doctor.md',
    }
  const total = found.reduce((sum, { there }) => sum + there, 0)
  const span = months.length === 0 ? 'nothing yet' : `${total} in ${months.length} months, as many as crossed`
  return judgeFact(
    check,
    surplus.length === 0,
    surplus.length === 0
      ? span.replace('1 months', '1 month')
      : surplus.map(({ month, surplus: count }) => `${month}: ${count} more than ever crossed`).join(', '),
    'Redis lost its newest writes once, or was replaced, and events were counted twice: see docs/doctor.md',
    'warning',
  )
}

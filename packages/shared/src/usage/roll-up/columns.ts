import { z } from 'zod'
import { countByMonth, type Sums, sumsSchema } from './sums.ts'

/*
 * Sums as they wait in Redis and cross to Postgres: of each column of a table the values as Postgres reads an array, but
 * for the braces. So those of many batches are put together by a comma, and nobody but Postgres reads and adds up rows.
 */
const column = z.string()
const columnsSchema = z.strictObject({
  v: z.literal(2),
  /** Requests by month of event time, for the books. */
  months: z.record(z.string(), z.int()),
  minutes: z.array(column).length(7),
  addresses: z.array(column).length(7),
  secrets: z.array(column).length(6),
})
export type SumColumns = z.infer<typeof columnsSchema>

const tables = ['minutes', 'addresses', 'secrets'] as const
const widths = { minutes: 7, addresses: 7, secrets: 6 } as const

type Row = readonly (string | number)[]

/** Turns the rows of sums into columns. */
export function toColumns(sums: Sums): SumColumns {
  return {
    ...{ v: 2, months: countByMonth(sums) },
    ...{ minutes: turn(sums, 'minutes'), addresses: turn(sums, 'addresses'), secrets: turn(sums, 'secrets') },
  }
}

function turn(sums: Sums, table: (typeof tables)[number]): string[] {
  const rows: readonly Row[] = sums[table]
  return Array.from({ length: widths[table] }, (_, index) => rows.map((row) => elementOf(row[index])).join(','))
}

/** What ids and addresses are made of, and nothing that an array takes for more than a value. */
const plain = /^[\da-f:.-]+$/i

function elementOf(value: string | number | undefined): string | number {
  if (typeof value === 'number' || (value !== undefined && plain.test(value))) return value
  return `"${(value ?? '').replaceAll(/["\\]/g, '\\$&')}"`
}

/** Puts the columns of several batches together. */
export function joinColumns(parts: readonly SumColumns[]): SumColumns {
  const months: Record<string, number> = {}
  for (const part of parts)
    for (const [month, requests] of Object.entries(part.months)) months[month] = (months[month] ?? 0) + requests
  const join = (table: (typeof tables)[number]) =>
    Array.from({ length: widths[table] }, (_, index) =>
      parts
        .map((part) => part[table][index] ?? '')
        .filter((values) => values !== '')
        .join(','),
    )
  return { v: 2, months, minutes: join('minutes'), addresses: join('addresses'), secrets: join('secrets') }
}

/** Reads what waits in Redis; older versions wrote rows. @throws SyntaxError or ZodError where the text holds no sums */
export function readColumns(text: string): SumColumns {
  const value: unknown = JSON.parse(text)
  const read = columnsSchema.safeParse(value)
  return read.success ? read.data : toColumns(sumsSchema.parse(value))
}

import { z } from 'zod'
import { MomentryError } from '../errors.ts'
import { idSchema } from '../platform/id.ts'
import { asc, desc, type SQL, sql } from '../platform/postgres/query.ts'
import { unprintable } from '../platform/unprintable.ts'
import type { ListKeysInput } from './schemas.ts'
import { apiKeys } from './table.ts'

/** By what a list of keys is ordered, and where a page goes on. */
export interface KeyOrder {
  /** The value of a row that the order goes by, as `cursorOf` takes it. */
  value: SQL<string | number>
  orderBy: SQL[]
  /** Rows after the cursor; undefined on the first page. */
  after: SQL | undefined
  cursorOf(row: { id: string; value: string | number }): string
}

/** Keys that were never used count as used in 1970: last where the newest come first. */
const lastUsed = sql`coalesce(${apiKeys.lastUsedAt}, 'epoch'::timestamptz)`

const columns = {
  createdAt: {
    by: sql`${apiKeys.id}`,
    value: sql<string>`${apiKeys.id}::text`,
    read: (id: string) => sql`${id}::uuid`,
  },
  name: {
    by: sql`lower(${apiKeys.name})`,
    value: sql<string>`lower(${apiKeys.name})`,
    read: (name: string) => sql`${name}`,
  },
  lastUsedAt: {
    by: lastUsed,
    // A number of microseconds: a date of JavaScript would cut them off, and rows would come twice.
    value: sql<string>`(extract(epoch FROM ${lastUsed}) * 1000000)::bigint::text`,
    read: (us: string) => sql`'epoch'::timestamptz + ${us}::bigint * interval '1 microsecond'`,
  },
} as const

const values = {
  createdAt: idSchema,
  name: z
    .string()
    .max(1_200)
    .refine((text) => !unprintable.test(text)),
  lastUsedAt: z.string().regex(/^\d{1,16}$/),
} as const

/** Gives the order that is asked for. @throws MomentryError `VALIDATION_FAILED` where the cursor is of another order, or none */
export function decideOrder({ sort, order, cursor }: Pick<ListKeysInput, 'sort' | 'order' | 'cursor'>): KeyOrder {
  const column = columns[sort]
  const direction = order ?? (sort === 'name' ? 'asc' : 'desc')
  const place = cursor === undefined ? undefined : readCursor(cursor, `${sort} ${direction}`)
  const checked = place && { id: place.id, value: values[sort].safeParse(place.value).data }
  if (checked && checked.value === undefined) throw refused()
  const row = sql`(${column.by}, ${apiKeys.id})`
  const bound = checked?.value === undefined ? undefined : sql`(${column.read(checked.value)}, ${checked.id}::uuid)`
  const turn = direction === 'asc' ? asc : desc
  return {
    value: column.value,
    orderBy: [turn(column.by), turn(apiKeys.id)],
    after: bound && (direction === 'asc' ? sql`${row} > ${bound}` : sql`${row} < ${bound}`),
    cursorOf({ id, value }) {
      // As it was before there were other orders.
      if (sort === 'createdAt' && direction === 'desc') return id
      return Buffer.from(JSON.stringify([`${sort} ${direction}`, id, String(value)])).toString('base64url')
    },
  }
}

const cursorSchema = z.tuple([z.string(), idSchema, z.string()])

function readCursor(cursor: string, order: string): { id: string; value: string } {
  const plain = idSchema.safeParse(cursor).data
  const [of, id, value] = plain === undefined ? parse(cursor) : ['createdAt desc', plain, plain]
  if (of !== order) throw refused()
  return { id, value }
}

function parse(cursor: string): z.infer<typeof cursorSchema> {
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))
  } catch {
    throw refused()
  }
}

function refused(): MomentryError {
  const detail = 'is not one that a list in this order gave'
  return new MomentryError('VALIDATION_FAILED', `the cursor ${detail}`, { issues: [{ pointer: '/cursor', detail }] })
}

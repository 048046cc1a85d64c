import { core } from './drizzle.ts'

export type { SQL } from 'drizzle-orm'

/** What statements are made of. */
export const {
  and,
  arrayOverlaps,
  asc,
  desc,
  eq,
  gt,
  gte,
  inArray,
  isNotNull,
  isNull,
  lt,
  lte,
  ne,
  notInArray,
  or,
  sql,
} = core

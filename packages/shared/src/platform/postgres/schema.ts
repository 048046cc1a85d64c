import { postgres } from './drizzle.ts'

export type { PgColumn, PgDatabase, PgTable } from 'drizzle-orm/pg-core'

/** What tables are made of. */
export const {
  bigint,
  boolean,
  check,
  customType,
  date,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} = postgres

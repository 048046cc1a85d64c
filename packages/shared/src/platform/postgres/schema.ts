// What tables are made of, by one door as well (query.ts says why).
// biome-ignore lint/performance/noBarrelFile: what it costs elsewhere it saves here, as measured
export {
  bigint,
  boolean,
  check,
  customType,
  date,
  doublePrecision,
  index,
  integer,
  jsonb,
  type PgColumn,
  type PgDatabase,
  type PgTable,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'

/*
 * Drizzle's operators, by one door. Node reads a package's `exports` again for each file that imports it, and Drizzle's
 * are 179 kB: a hundred files that do cost each process a quarter of a second at its start.
 */
// biome-ignore lint/performance/noBarrelFile: what it costs elsewhere it saves here, as measured
export {
  and,
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
  type SQL,
  sql,
} from 'drizzle-orm'

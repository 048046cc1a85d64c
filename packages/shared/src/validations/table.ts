import { time } from '../platform/postgres/columns.ts'
import { bigint, pgTable, primaryKey, text } from '../platform/postgres/schema.ts'

/** How validations ended, by minute: what the console draws. Counted in each api process and carried here in seconds. */
export const validationOutcomes = pgTable(
  'validation_outcomes',
  {
    minute: time('minute').notNull(),
    /** The verdict's code: `VALID`, `KEY_REVOKED`, … */
    outcome: text('outcome').notNull(),
    count: bigint('count', { mode: 'number' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.minute, table.outcome] })],
)

import { time } from '../platform/postgres/columns.ts'
import { jsonb, pgTable, text, uuid } from '../platform/postgres/schema.ts'

/** What operators set while everything runs; what is absent comes from the configuration. */
export const settings = pgTable('settings', {
  name: text('name').primaryKey(),
  value: jsonb('value').$type<unknown>().notNull(),
  updatedAt: time('updated_at').notNull(),
  updatedBy: uuid('updated_by'),
})

import { time } from '../platform/postgres/columns.ts'
import { sql } from '../platform/postgres/query.ts'
import { check, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from '../platform/postgres/schema.ts'
import type { JobState, ProcessorStatus } from './states.ts'

/** What the job worker does, for people to see. BullMQ forgets a job that is done; this is what stays for a while. */
export const jobs = pgTable(
  'jobs',
  {
    id: uuid('id').primaryKey(),
    /** `rotations` or `upkeep`. */
    queue: text('queue').notNull(),
    name: text('name').notNull(),
    state: text('state').$type<JobState>().notNull(),
    /** Which key it is about, where it is about one. */
    keyId: uuid('key_id'),
    /** What the job is given: ids, never a secret. */
    data: jsonb('data').$type<Record<string, unknown>>().notNull(),
    attempts: integer('attempts').notNull().default(0),
    maxAttempts: integer('max_attempts').notNull(),
    error: text('error'),
    createdAt: time('created_at').notNull(),
    startedAt: time('started_at'),
    finishedAt: time('finished_at'),
    updatedAt: time('updated_at').notNull(),
  },
  (table) => [
    check('jobs_state_known', sql`${table.state} in ('queued', 'running', 'completed', 'failed', 'cancelled')`),
    index('jobs_queue_idx').on(table.queue, table.id),
    index('jobs_key_idx').on(table.keyId, table.id),
    index('jobs_state_idx').on(table.state, table.id),
    index('jobs_finished_idx').on(table.finishedAt),
  ],
)

/** The steps (processors) of each job, at each attempt. */
export const jobProcessorResults = pgTable(
  'job_processor_results',
  {
    id: uuid('id').primaryKey(),
    jobId: uuid('job_id')
      .notNull()
      .references(() => jobs.id, { onDelete: 'cascade' }),
    processor: text('processor').notNull(),
    /** The job's attempt, from 1. */
    attempt: integer('attempt').notNull(),
    status: text('status').$type<ProcessorStatus>().notNull(),
    startedAt: time('started_at').notNull(),
    finishedAt: time('finished_at'),
    output: jsonb('output').$type<Record<string, unknown>>(),
    error: text('error'),
  },
  (table) => [
    check('job_processor_results_status_known', sql`${table.status} in ('running', 'completed', 'failed')`),
    uniqueIndex('job_processor_results_step_key').on(table.jobId, table.attempt, table.processor),
  ],
)

import type pg from 'pg'
import type { Clock } from '../platform/clock.ts'
import type { Logger } from '../platform/process/log.ts'
import { createOutcomeTally, type Outcomes } from './tally.ts'

const writeMs = 5_000

export interface OutcomeCounter {
  /** Counts how a validation ended. It waits for nothing. */
  count(outcome: string): void
  /** Writes what is left. */
  close(): Promise<void>
}

/**
 * Counts how validations ended and carries that to Postgres every 5 s. While Postgres is away a day of it is kept in
 * memory. A process that is killed loses up to 5 s; a write whose answer is lost is done again, and counts twice: it is
 * for charts, not for accounts.
 */
export function createOutcomeCounter(deps: { pool: pg.Pool; now: Clock; log: Logger }): OutcomeCounter {
  const { pool, now, log } = deps
  const tally = createOutcomeTally()
  let failing = false
  const write = async () => {
    const outcomes = tally.take()
    if (outcomes.size === 0) return
    try {
      await addOutcomes(pool, outcomes)
      failing = false
    } catch (error) {
      tally.giveBack(outcomes)
      if (!failing) log.warn({ err: error }, 'outcomes of validations cannot be written just now: they wait')
      failing = true
    }
  }
  let writing = Promise.resolve()
  const timer = setInterval(() => {
    writing = writing.then(write)
  }, writeMs)
  return {
    count: (outcome) => tally.count(outcome, now()),
    async close() {
      clearInterval(timer)
      await writing
      await write()
    },
  }
}

async function addOutcomes(pool: pg.Pool, outcomes: Outcomes): Promise<void> {
  const rows = [...outcomes].flatMap(([minute, counts]) =>
    [...counts].map(([outcome, count]) => ({ minute, outcome, count })),
  )
  await pool.query({
    name: 'add-validation-outcomes',
    text: `INSERT INTO validation_outcomes AS row (minute, outcome, count)
      SELECT to_timestamp(minute / 1000.0), outcome, count
      FROM unnest($1::bigint[], $2::text[], $3::bigint[]) AS added (minute, outcome, count) ORDER BY minute, outcome
      ON CONFLICT (minute, outcome) DO UPDATE SET count = row.count + excluded.count`,
    values: [rows.map(({ minute }) => minute), rows.map(({ outcome }) => outcome), rows.map(({ count }) => count)],
  })
}

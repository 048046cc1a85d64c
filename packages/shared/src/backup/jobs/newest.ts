import type pg from 'pg'
import { z } from 'zod'
import { backupQueue } from './work.ts'

const row = z.tuple([z.object({ at: z.date().nullable() })])

/**
 * Gives when the newest backup was done that a worker made, ms since 1970; undefined where none was in the time that jobs
 * are kept. Those that the command line makes are not jobs. @throws where Postgres is away
 */
export async function newestBackupAt(pool: pg.Pool): Promise<number | undefined> {
  const { rows } = await pool.query({
    name: 'newest-backup',
    text: `SELECT max(finished_at) AS at FROM jobs
      WHERE queue = $1 AND state = 'completed' AND data ->> 'do' IN ('create', 'create-and-prune')`,
    values: [backupQueue],
  })
  return row.parse(rows)[0].at?.getTime()
}

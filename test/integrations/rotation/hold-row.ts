import pg from 'pg'
import { expect } from 'vitest'

export interface RowLock {
  /** Waits until somebody waits for it. */
  waited(): Promise<void>
  release(): Promise<void>
}

/** Holds a row of a table, so that whoever wants to change it waits. */
export async function holdRow(databaseUrl: string, table: string, id: string): Promise<RowLock> {
  const client = new pg.Client({ connectionString: databaseUrl })
  const watcher = new pg.Client({ connectionString: databaseUrl })
  await Promise.all([client.connect(), watcher.connect()])
  await client.query('BEGIN')
  await client.query(`SELECT 1 FROM ${client.escapeIdentifier(table)} WHERE id = $1 FOR UPDATE`, [id])
  const { rows } = await client.query('SELECT pg_backend_pid() AS pid')
  const waiting = async () => {
    const found = await watcher.query('SELECT 1 FROM pg_stat_activity WHERE $1 = ANY(pg_blocking_pids(pid))', [
      rows[0].pid,
    ])
    return found.rowCount ?? 0
  }
  return {
    waited: () => expect.poll(waiting).toBeGreaterThan(0),
    async release() {
      await client.query('ROLLBACK')
      await Promise.all([client.end(), watcher.end()])
    },
  }
}

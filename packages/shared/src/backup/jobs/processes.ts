import { connectForBackup } from '../tables/connect.ts'

/**
 * Tells which of Momentry's processes use a database, and by how many connections: `api`, `worker`, `alerter`.
 * @throws MomentryError `DATABASE_UNAVAILABLE`
 */
export async function findProcesses(databaseUrl: string): Promise<{ name: string; connections: number }[]> {
  const client = await connectForBackup(databaseUrl)
  try {
    const { rows } = await client.query<{ name: string; connections: number }>(`
      SELECT substr(application_name, length('momentry-') + 1) AS name, count(*)::int AS connections
      FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
        AND application_name LIKE 'momentry-%' GROUP BY application_name ORDER BY application_name`)
    return rows
  } finally {
    await client.end()
  }
}

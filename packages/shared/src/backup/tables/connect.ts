import pg from 'pg'
import { MomentryError } from '../../errors.ts'

/** So that values read the same whatever the server's settings are; and long statements are the rule here. */
const settings = `
  SET statement_timeout = 0;
  SET idle_in_transaction_session_timeout = 0;
  SET TIME ZONE 'UTC';
  SET DateStyle = 'ISO, MDY';
  SET IntervalStyle = 'postgres';
  SET extra_float_digits = 3;
  SET search_path = public`

/** Connects for a backup or a restore. @throws MomentryError `DATABASE_UNAVAILABLE` */
export async function connectForBackup(databaseUrl: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'momentry-backup', keepAlive: true })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query(settings)
    return client
  } catch (error) {
    await client.end().catch(() => undefined)
    throw new MomentryError('DATABASE_UNAVAILABLE', 'the database cannot be reached', { cause: error })
  }
}

import { makeDataDir } from '@momentry/embedded/host/data-dir.ts'
import { type Config, required } from '@momentry/shared/config.ts'
import { migrateDatabase } from '@momentry/shared/platform/postgres/migrate.ts'
import { auditPurpose, createSigner } from '@momentry/shared/platform/sign.ts'
import { makeFirstKey } from './first-key.ts'
import { requirePostgres } from './stores/require-answer.ts'

/**
 * Prepares the database of DATABASE_URL and ends, for where the processes are started by something else: the schema, and
 * the first system key, which goes to the data directory and is not shown, since such jobs' output is kept as a log.
 * @returns a line for people
 * @throws Error, one line for people, where the database or the data directory cannot be used
 */
export async function setUp(config: Config): Promise<string> {
  const url = required(config.databaseUrl, 'DATABASE_URL')
  const signer = createSigner(required(config.masterKeys, 'MOMENTRY_MASTER_KEY'), auditPurpose)
  await makeDataDir(config.dataDir)
  await requirePostgres(url)
  await migrateDatabase(url)
  const made = await makeFirstKey(url, config.dataDir, signer)
  const key =
    made === undefined ? 'there is a system key' : `the first system key is in ${config.dataDir}/credentials.json`
  return `The schema is up to date, and ${key}.`
}

import { z } from 'zod'
import { runSql } from '../../support/servers/database.ts'

/**
 * Makes each rotation of a key fail in the database, in the middle of its transaction, until it is told to end.
 * @param message what the database says
 * @returns ends it
 */
export async function breakRotations(
  databaseUrl: string,
  keyId: string,
  message: string,
): Promise<() => Promise<void>> {
  const name = `break_${z.uuid().parse(keyId).replaceAll('-', '_')}`
  const text = `'${message.replaceAll("'", "''").replaceAll('%', '%%')}'`
  await runSql(
    databaseUrl,
    `CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION ${text}; END $$`,
  )
  await runSql(
    databaseUrl,
    `CREATE TRIGGER ${name} BEFORE INSERT ON api_key_secrets FOR EACH ROW
      WHEN (NEW.key_id = '${keyId}') EXECUTE FUNCTION ${name}()`,
  )
  return () => runSql(databaseUrl, `DROP TRIGGER ${name} ON api_key_secrets`)
}

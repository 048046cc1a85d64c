import { required } from '@momentry/shared/config.ts'
import type { Command } from 'commander'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../failure.ts'
import type { OpenSession } from '../session.ts'
import { examples } from './examples.ts'

/** Adds `migrate`, which talks to the database by itself: no server can run before it. */
export function addMigrate(program: Command, open: OpenSession): void {
  program
    .command('migrate')
    .description('Bring the schema of the database in DATABASE_URL up to date. Harmless where it is already.')
    .addHelpText('after', examples(['DATABASE_URL=postgres://momentry@localhost/momentry momentry migrate']))
    .action(async (_options: unknown, command: Command) => {
      const { out, config } = open(command)
      const url = required(config.databaseUrl, 'DATABASE_URL')
      // Loaded here only: every other command starts without the database's driver.
      const { migrateDatabase } = await import('@momentry/shared/platform/postgres/migrate.ts')
      try {
        await migrateDatabase(url)
      } catch (error) {
        const isAway = error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED'
        const reason = error instanceof Error && error.message !== '' ? error.message : 'no connection'
        throw new CliFailure(isAway ? exitCodes.unreachable : exitCodes.failed, `migrating failed: ${reason}`)
      }
      if (out.json) out.document({ migrated: true })
      else out.line('The schema is up to date.')
    })
}

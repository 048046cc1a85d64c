import { randomBytes } from 'node:crypto'
import type { Resealed } from '@momentry/shared/master-key/reseal.ts'
import type { Command } from 'commander'
import { findMasterKeys, type MasterKeys } from '../../connect/find-master-keys.ts'
import { findDatabase } from '../../connect/find-stores.ts'
import { exitCodes } from '../../exit-codes.ts'
import { CliFailure } from '../../failure.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'

/**
 * Adds `master-key rotate`: called twice. With one master key it puts a new one before it, and every process has to be
 * started again with both; with several it seals everything anew under the first, and the others can go.
 */
export function addRotate(group: Command, open: OpenSession): void {
  group
    .command('rotate')
    .description('Replace the master key, in two calls with a restart in between.')
    .addHelpText(
      'after',
      `
The first call makes a new key and puts it before the old one: in master.key of the data directory or, where
MOMENTRY_MASTER_KEY is set, in what it prints for you to set. Start every process again with both keys; the first
seals, both open. The second call seals everything in the database anew, signs the audit log's heads anew, and drops the old key.
${examples(['momentry master-key rotate', 'MOMENTRY_MASTER_KEY=<new>,<old> DATABASE_URL=postgres://… momentry master-key rotate'])}`,
    )
    .action(async (_options: unknown, command: Command) => {
      const { out, config, dataDir } = open(command)
      const found = await findMasterKeys(config, dataDir)
      const [current, ...others] = found.keys
      if (others.length === 0) {
        const keys = `${randomBytes(32).toString('base64')},${current}`
        await found.write(keys)
        if (out.json) return out.document({ step: 'added', ...(found.file === undefined && { masterKey: keys }) })
        if (found.file === undefined) out.line(`MOMENTRY_MASTER_KEY=${keys}`)
        else out.line(`A new master key stands before the old one in ${found.file}.`)
        out.note('Start every process again with both, then call this once more.')
        return
      }
      await found.refuseOldProcesses()
      const { resealed, unreadable } = await reseal(await findDatabase(config, dataDir), found)
      if (unreadable > 0)
        throw new CliFailure(
          exitCodes.failed,
          `${unreadable} sealed texts open under none of the master keys; the old ones are kept`,
        )
      await found.write(current)
      if (out.json) return out.document({ step: 'finished', resealed })
      out.line(`Sealed ${resealed} texts anew under the new master key.`)
      if (found.file === undefined)
        out.note('The old key is not needed any more: set MOMENTRY_MASTER_KEY to the first one alone.')
      else out.note(`The old key is gone from ${found.file}.`)
    })
}

async function reseal(databaseUrl: string, { keys }: MasterKeys): Promise<Resealed> {
  // Loaded here only: every other command starts without the database's driver.
  const [
    { createPostgres },
    { resealAll },
    { createSeal },
    { createLogger },
    sign,
    { signHeadsAnew },
    { systemActor },
  ] = await Promise.all([
    import('@momentry/shared/platform/postgres/client.ts'),
    import('@momentry/shared/master-key/reseal.ts'),
    import('@momentry/shared/platform/seal.ts'),
    import('@momentry/shared/platform/process/log.ts'),
    import('@momentry/shared/platform/sign.ts'),
    import('@momentry/shared/audit/upkeep/sign-anew.ts'),
    import('@momentry/shared/platform/context.ts'),
  ])
  const log = createLogger({ name: 'cli', level: 'silent' })
  const postgres = createPostgres({ url: databaseUrl, poolSize: 1, applicationName: 'momentry-master-key', log })
  try {
    await signHeadsAnew({
      db: postgres.db,
      actor: systemActor,
      requestId: 'master-key rotate',
      now: Date.now,
      // No key is changed.
      publishChanges: async () => {},
      signer: sign.createSigner(keys, sign.auditPurpose),
    })
    return await resealAll(postgres.db, createSeal(keys))
  } finally {
    await postgres.close()
  }
}

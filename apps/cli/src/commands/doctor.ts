import type { Command } from 'commander'
import { z } from 'zod'
import { withStores } from '../doctor/open.ts'
import { countLevels, showFindings } from '../doctor/show.ts'
import { exitCodes } from '../exit-codes.ts'
import type { OpenSession } from '../session.ts'
import { examples } from './examples.ts'

const optionsSchema = z.object({ deep: z.boolean().default(false), strict: z.boolean().default(false) })

/** Adds `doctor`, which looks at the stores by itself: it is for when the api cannot be asked. */
export function addDoctor(program: Command, open: OpenSession): void {
  program
    .command('doctor')
    .description('Look at the stores, the streams, the queues and the books, and tell what is wrong and what to do.')
    .option('--deep', 'verify all of the audit log, and compare all usage that is kept')
    .option('--strict', 'exit code 1 for warnings, too')
    .addHelpText(
      'after',
      `
It only reads, and talks to the database and to Redis by itself (DATABASE_URL and REDIS_URL, or what runs on the data
directory). Exit code 0: nothing failed, 1: something did.
${examples(['momentry doctor', 'momentry doctor --strict --json', 'DATABASE_URL=… REDIS_URL=… momentry doctor --deep'])}`,
    )
    .action(async (options: unknown, command: Command) => {
      const { deep, strict } = optionsSchema.parse(options)
      const session = open(command)
      const { host, out } = session
      const { examine } = await import('@momentry/shared/doctor/examine.ts')
      const findings = await withStores(session, { deep }, examine)
      const counts = countLevels(findings)
      if (counts.failed > 0 || (strict && counts.warning > 0)) host.exitCode = exitCodes.failed
      if (out.json) out.document({ checkedAt: new Date().toISOString(), ...counts, findings })
      else showFindings(out, findings)
    })
}

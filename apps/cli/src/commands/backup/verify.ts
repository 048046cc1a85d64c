import type { Command } from 'commander'
import { withStorage } from '../../backup/open.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'
import { parseNumber } from './words.ts'

export function addVerify(group: Command, open: OpenSession): void {
  group
    .command('verify')
    .description('Read all of a backup, and check it to the last bit. Exit code 0 only if it is whole.')
    .argument('<number>', "the backup's number", parseNumber)
    .addHelpText('after', examples(['momentry backup verify 12']))
    .action(async (number: number, _options: unknown, command: Command) => {
      const session = open(command)
      const { host, out } = session
      const { verifyBackup } = await import('@momentry/shared/backup/verify.ts')
      await withStorage(session, 'checking', async ({ deps }) => {
        const verdict = await verifyBackup(deps, number)
        if (!verdict.valid) host.exitCode = exitCodes.failed
        if (out.json) return out.document(verdict)
        if (verdict.valid) return out.line(`${out.style('green', 'whole')}: backup ${number} is as it was written`)
        for (const { file, reason } of verdict.problems) out.line(`${out.style('red', 'damaged')}: ${file}: ${reason}`)
      })
    })
}

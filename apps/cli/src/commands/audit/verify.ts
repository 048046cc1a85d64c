import type { Command } from 'commander'
import { auditVerdictSchema } from '../../api/shapes.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'

export function addVerify(group: Command, open: OpenSession): void {
  group
    .command('verify')
    .description('Check the hash chain of the audit log. Exit code 0 only if no row was changed, added or taken away.')
    .addHelpText('after', examples(['momentry audit verify']))
    .action(async (_options: unknown, command: Command) => {
      const { out, connect } = open(command)
      const { api } = await connect()
      const verdict = await api.call(auditVerdictSchema, { method: 'GET', path: '/v1/audit/verify' })
      if (!verdict.valid) process.exitCode = exitCodes.failed
      if (out.json) return out.document(verdict)
      if (verdict.valid)
        return out.line(`${out.style('green', 'intact')}: ${verdict.rows} rows, each chained to the one before`)
      out.line(`${out.style('red', 'broken')}: the first bad row is ${JSON.stringify(verdict.firstBroken)}`)
    })
}

import type { Command } from 'commander'
import { z } from 'zod'
import { path } from '../../api/client.ts'
import { anyObjectSchema, keySchema } from '../../api/shapes.ts'
import { exitCodes } from '../../exit-codes.ts'
import { CliFailure } from '../../failure.ts'
import { parseId } from '../../input/arguments.ts'
import { printable } from '../../output/printable.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'

const optionsSchema = z.object({ reason: z.string().optional(), yes: z.boolean().default(false) })

export function addRevoke(group: Command, open: OpenSession): void {
  group
    .command('revoke')
    .description('Revoke a key now and for good.')
    .argument('<id>', "the key's id", parseId)
    .option('--reason <text>', 'why, for the audit log')
    .option('-y, --yes', 'do not ask (it is only asked on a terminal)')
    .addHelpText(
      'after',
      examples(['momentry api-key revoke 01990f0e-7d3a-7c3e-8a55-1f2e3d4c5b6a --reason "left the team"']),
    )
    .action(async (id: string, options: unknown, command: Command) => {
      const { reason, yes } = optionsSchema.parse(options)
      const { out, input, connect } = open(command)
      const { api } = await connect()
      if (!yes && input.canAsk) {
        const { name } = await api.call(keySchema, { method: 'GET', path: path`/v1/keys/${id}` })
        if (!(await input.confirm(`Revoke "${printable(name)}"? This cannot be undone.`)))
          throw new CliFailure(exitCodes.failed, 'nothing was revoked')
      }
      const revoked = await api.call(anyObjectSchema, {
        method: 'POST',
        path: path`/v1/keys/${id}/revoke`,
        body: reason === undefined ? {} : { reason },
      })
      if (out.json) out.document(revoked)
      else out.line(`Revoked ${id}.`)
    })
}

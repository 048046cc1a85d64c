import type { Command } from 'commander'
import { z } from 'zod'
import { credentialSchema, deletedCredentialSchema } from '../../api/shapes/integration.ts'
import { exitCodes } from '../../exit-codes.ts'
import { CliFailure } from '../../failure.ts'
import { parseId } from '../../input/arguments.ts'
import { printable } from '../../output/printable.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'
import { accountOptionsSchema, addAccountOptions, findAccount } from './account.ts'
import { askTimeoutMs, type CliSystem, pathOf } from './systems.ts'

const optionsSchema = accountOptionsSchema.extend({
  reason: z.string().optional(),
  yes: z.boolean().default(false),
})

export function addDelete(group: Command, open: OpenSession, system: CliSystem): void {
  const { noun, title, name: command } = system
  addAccountOptions(
    group
      .command('delete')
      .description(`Delete a ${noun} on ${title}, now and for good.`)
      .argument('<id>', `the ${noun}'s id at Momentry`, parseId)
      .option('--reason <text>', 'why, for the audit log')
      .option('-y, --yes', 'do not ask (it is only asked on a terminal)'),
    system,
  )
    .addHelpText(
      'after',
      `\nWithout an account, the connection that it has acts.\n${examples([
        `momentry ${command} delete 01990f0e-7d3a-7c3e-8a55-1f2e3d4c5b6a --reason "left the team"`,
      ])}`,
    )
    .action(async (id: string, given: unknown, command: Command) => {
      const options = optionsSchema.parse(given)
      const session = open(command)
      const { out, input, connect } = session
      const { api } = await connect()
      const credential = await api.call(credentialSchema, { method: 'GET', path: `${pathOf(system)}/${id}` })
      const question = `Delete "${printable(credential.name)}" of ${printable(credential.owner)} on ${title}? This cannot be undone.`
      if (!options.yes && input.canAsk && !(await input.confirm(question)))
        throw new CliFailure(exitCodes.failed, 'nothing was deleted')
      const isNamed = options.connection ?? options.user ?? options.email ?? options.signInAs
      const account =
        isNamed === undefined && credential.connectionId ? undefined : await findAccount(session, api, system, options)
      const deleted = await api.call(deletedCredentialSchema, {
        method: 'POST',
        path: `${pathOf(system)}/${id}/delete`,
        body: { reason: options.reason, ...account },
        timeoutMs: askTimeoutMs,
      })
      if (out.json) out.document(deleted)
      else if (deleted.outcome === 'gone') out.line(`${printable(deleted.name)} was gone from ${title} already.`)
      else out.line(`Deleted ${printable(deleted.name)} on ${title}.`)
    })
}

import type { Command } from 'commander'
import { verificationSchema } from '../../api/shapes/integration.ts'
import { exitCodes } from '../../exit-codes.ts'
import { CliFailure } from '../../failure.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'
import { showFields } from '../show-fields.ts'
import { accountInEnvironment, askTimeoutMs, type CliSystem, pathOf } from './systems.ts'

/** Adds `verify`: whether the other system takes a credential. Its value is never an argument. */
export function addVerify(group: Command, open: OpenSession, system: CliSystem): void {
  const { noun, title, name: command, variables } = system
  group
    .command('verify')
    .description(`Ask ${title} whether it takes a ${noun}: exit code 0 only if it does.`)
    .addHelpText(
      'after',
      `
The ${noun} comes from ${variables.value}, from a prompt, or from standard input. What can come of it:
  valid        ${title} takes it
  narrow       ${title} takes it, and it lacks the scope that asking takes (exit code 0, too)
  invalid      it is unknown, deleted or expired (exit code 1)
  unreachable  nothing is known (exit code 5)
${examples([`momentry ${command} verify < the-${noun}`, `${variables.value}=… momentry ${command} verify --json`])}`,
    )
    .action(async (_options: unknown, command: Command) => {
      const { out, input, config, connect } = open(command)
      const { api } = await connect()
      const key = accountInEnvironment(system, config).value ?? (await input.readSecret(`${noun} of ${title}`))
      const said = await api.call(verificationSchema, {
        method: 'POST',
        path: `${pathOf(system)}/verify`,
        body: { key },
        timeoutMs: askTimeoutMs,
      })
      if (out.json) out.document(said)
      else
        showFields(out, {
          outcome: said.outcome,
          [title]: said.detail,
          name: said.name,
          owner: said.owner,
          scopes: said.scopes,
          expires: said.expiresAt,
          tracked: said.tracked ? `${said.tracked.id} (${said.tracked.name})` : 'no',
        })
      if (said.outcome === 'invalid') throw new CliFailure(exitCodes.failed, `${title} does not take it`)
      if (said.outcome === 'unreachable') throw new CliFailure(exitCodes.unreachable, 'nothing is known about it')
    })
}

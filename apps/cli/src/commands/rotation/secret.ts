import type { Command } from 'commander'
import { parseId } from '../../input/arguments.ts'
import { fetchSuccessor, showSuccessor } from '../../rotation/successor.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'

/** Adds `rotation secret`: an operator fetches a successor for its holder. */
export function addSecret(group: Command, open: OpenSession): void {
  group
    .command('secret')
    .description('Fetch the new secret for its holder, which the audit log notes. Possible until its first use.')
    .argument('<id>', "the rotation's id", parseId)
    .addHelpText(
      'after',
      examples([
        'momentry rotation secret 01990f0e-7d3a-7c3e-8a55-1f2e3d4c5b6a',
        'momentry rotation secret 01990f0e-7d3a-7c3e-8a55-1f2e3d4c5b6a --json | jq -r .key',
      ]),
    )
    .action(async (id: string, _options: unknown, command: Command) => {
      const { out, connect } = open(command)
      const { api } = await connect()
      const successor = await fetchSuccessor(api, id)
      if (out.json) out.document(successor)
      else showSuccessor(out, successor)
    })
}

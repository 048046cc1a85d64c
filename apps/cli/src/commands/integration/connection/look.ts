import type { Command } from 'commander'
import { z } from 'zod'
import { firstItems } from '../../../api/pages.ts'
import { type Connection, connectionSchema } from '../../../api/shapes/integration.ts'
import { wholeNumber } from '../../../input/arguments.ts'
import type { TableColumn } from '../../../output/table.ts'
import type { OpenSession } from '../../../session.ts'
import { examples } from '../../examples.ts'
import { listOutput, maxListed } from '../../list-output.ts'
import { askTimeoutMs, type CliSystem } from '../systems.ts'
import { connectionsPath, findConnection } from './find.ts'
import { showConnection } from './show-connection.ts'

const columns: readonly TableColumn<Connection>[] = [
  { title: 'id', value: ({ id }) => id },
  { title: 'name', value: ({ name }) => name, flexible: true },
  { title: 'account', value: ({ account }) => account, flexible: true },
  { title: 'last used', value: ({ lastUsedAt }) => lastUsedAt?.slice(0, 16).replace('T', ' '), optional: true },
  { title: 'refused', value: ({ error }) => error, flexible: true, optional: true },
]

export function addConnections(group: Command, open: OpenSession, system: CliSystem): void {
  group
    .command('connections')
    .description(`List the stored accounts on ${system.title}, never their passwords.`)
    .option('--limit <n>', 'at most so many', wholeNumber(1, maxListed), 100)
    .addHelpText('after', examples([`momentry ${system.name} connections`]))
    .action(async (given: unknown, command: Command) => {
      const { limit } = z.object({ limit: z.number() }).parse(given)
      const { out, connect } = open(command)
      const { api } = await connect()
      const query = { system: system.name }
      const page = await firstItems(api, connectionSchema, { path: connectionsPath, query, limit })
      listOutput(out, columns, 'connections', page)
    })
}

/** Adds `check`: signs in anew with a stored account. */
export function addCheck(group: Command, open: OpenSession, system: CliSystem): void {
  group
    .command('check')
    .description(`Sign in on ${system.title} anew with a stored account.`)
    .argument('<name|id>', 'the connection')
    .addHelpText('after', examples([`momentry ${system.name} check ops`]))
    .action(async (text: string, _options: unknown, command: Command) => {
      const { out, connect } = open(command)
      const { api } = await connect()
      const { id } = await findConnection(api, system, text)
      const path = `${connectionsPath}/${id}/check`
      const checked = await api.call(connectionSchema, { method: 'POST', path, timeoutMs: askTimeoutMs })
      if (out.json) return out.document(checked)
      showConnection(out, checked)
      out.note(`${system.title} takes the account.`)
    })
}

import type { Command } from 'commander'
import { z } from 'zod'
import { connectionSchema } from '../../../api/shapes/integration.ts'
import { usageFailure } from '../../../failure.ts'
import type { OpenSession } from '../../../session.ts'
import { examples } from '../../examples.ts'
import { accountOptionsSchema, addNameOption, readLasting } from '../account.ts'
import { accountInEnvironment, askTimeoutMs, type CliSystem } from '../systems.ts'
import { connectionsPath, findConnection } from './find.ts'
import { showConnection } from './show-connection.ts'

const optionsSchema = accountOptionsSchema.extend({ name: z.string() })

/** Adds `connect`: stores an account, so that rotation and expiry need no person. */
export function addConnect(group: Command, open: OpenSession, system: CliSystem): void {
  const { title, name: command, accountOption, variables } = system
  addNameOption(
    group
      .command('connect')
      .description(`Store an account on ${title}, sealed under the master key, so that rotation needs no person.`)
      .requiredOption('--name <text>', 'what the connection is called'),
    system,
  )
    .addHelpText(
      'after',
      examples([`momentry ${command} connect --name ops --${accountOption} ${exampleAccount(system)}`]),
    )
    .action(async (given: unknown, command: Command) => {
      const options = optionsSchema.parse(given)
      const session = open(command)
      const { out, connect, config } = session
      const { api } = await connect()
      const account = options.user ?? options.email ?? accountInEnvironment(system, config).name
      if (account === undefined) throw usageFailure(`name the account: --${accountOption}, or ${variables.account}`)
      const credentials = await readLasting(session, system, account)
      const body = { system: system.name, name: options.name, credentials }
      const request = { method: 'POST' as const, path: connectionsPath, body, timeoutMs: askTimeoutMs }
      const stored = await api.call(connectionSchema, request)
      if (out.json) return out.document(stored)
      showConnection(out, stored)
      out.note(`${title} takes the account. Its password is sealed under the master key, and shown to nobody.`)
    })
}

/** Adds `reconnect`: a new password. */
export function addReconnect(group: Command, open: OpenSession, system: CliSystem): void {
  const { title, name: command } = system
  group
    .command('reconnect')
    .description(`Give a stored account its new password, which ${title} is asked about first.`)
    .argument('<name|id>', 'the connection')
    .addHelpText('after', examples([`momentry ${command} reconnect ops`]))
    .action(async (text: string, _options: unknown, command: Command) => {
      const session = open(command)
      const { out, connect } = session
      const { api } = await connect()
      const { id, account } = await findConnection(api, system, text)
      const credentials = await readLasting(session, system, account)
      const request = { method: 'PATCH' as const, path: `${connectionsPath}/${id}`, timeoutMs: askTimeoutMs }
      const stored = await api.call(connectionSchema, { ...request, body: { credentials } })
      if (out.json) out.document(stored)
      else showConnection(out, stored)
    })
}

function exampleAccount({ accountOption }: CliSystem): string {
  return accountOption === 'user' ? 'ci-bot' : 'ops@example.com'
}

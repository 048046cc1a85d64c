import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import { z } from 'zod'
import { createdCredentialSchema } from '../../api/shapes/integration.ts'
import { gather } from '../../input/arguments.ts'
import { parseDeadline } from '../../input/time.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'
import { accountOptionsSchema, addAccountOptions, ownerOf, requiredAccount } from './account.ts'
import { addPolicyOptions, mergePolicy, policyOptionsSchema } from './policy-options.ts'
import { showCredential } from './show-credential.ts'
import { askTimeoutMs, type CliSystem, pathOf } from './systems.ts'

const optionsSchema = accountOptionsSchema.extend(policyOptionsSchema.shape).extend({
  name: z.string(),
  scope: z.array(z.string()),
  expires: z.string().optional(),
})

/** Adds `create`. The value is in its result and can never be shown again. */
export function addCreate(group: Command, open: OpenSession, system: CliSystem): void {
  const { title, noun, name: command, exampleScopes, accountOption } = system
  const created = group
    .command('create')
    .description(`Make a ${noun} on ${title}, and track it. Its value is shown this once.`)
    .requiredOption('--name <text>', `what the ${noun} is called`)
    .requiredOption('--scope <scope>', 'a scope that it gets; can be given several times, or with commas', gather)
    .option('--expires <time>', 'when it ends: 2026-12-31, 2026-12-31T12:00:00Z, or from now: 12h, 90d', parseDeadline)
  addPolicyOptions(addAccountOptions(created, system), noun)
    .addHelpText(
      'after',
      examples([
        `momentry ${command} create --${accountOption} ${accountOption === 'user' ? 'ada' : 'ada@example.com'} --name ci --scope ${exampleScopes}`,
        `momentry ${command} create --connection ops --name ci --scope ${exampleScopes} --rotate-every 30d --grace 2h`,
        `momentry ${command} create --connection ops --name ci --scope ${exampleScopes} --json | jq -r .key`,
      ]),
    )
    .action(async (given: unknown, command: Command) => {
      const options = optionsSchema.parse(given)
      const session = open(command)
      const { out, connect } = session
      const { api } = await connect()
      const account = await requiredAccount(session, api, system, options)
      const made = await api.call(createdCredentialSchema, {
        method: 'POST',
        path: pathOf(system),
        body: {
          ...ownerOf(session, system, options),
          [system.nameField]: options.name,
          scopes: options.scope,
          expiresAt: options.expires,
          policy: mergePolicy({}, options),
          ...account,
        },
        idempotencyKey: randomUUID(),
        timeoutMs: askTimeoutMs,
      })
      if (out.json) return out.document(made)
      showCredential(out, made, made.key)
      out.note(`Keep the value now: Momentry stores nothing of it but its end, and ${title} cannot show it again.`)
    })
}

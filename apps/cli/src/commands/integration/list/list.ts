import { credentialStates } from '@momentry/shared/integrations/states.ts'
import { type Command, Option } from 'commander'
import { z } from 'zod'
import { firstItems } from '../../../api/pages.ts'
import { credentialSchema, reconciliationSchema } from '../../../api/shapes/integration.ts'
import { usageFailure } from '../../../failure.ts'
import { gather, wholeNumber } from '../../../input/arguments.ts'
import type { OpenSession, Session } from '../../../session.ts'
import { examples } from '../../examples.ts'
import { listOutput, maxListed } from '../../list-output.ts'
import { accountOptionsSchema, addAccountOptions, ownerOf, personOf, requiredAccount } from '../account.ts'
import { askTimeoutMs, type CliSystem, pathOf } from '../systems.ts'
import { credentialColumns } from './columns.ts'
import { showReconciliation } from './show-reconciliation.ts'

const optionsSchema = accountOptionsSchema.extend({
  local: z.boolean().default(false),
  adopt: z.union([z.literal(true), z.array(z.string())]).optional(),
  state: z.string().optional(),
  limit: z.number().optional(),
})
type ListOptions = z.infer<typeof optionsSchema>

const usualLimit = 100

/** Adds `list`: what is tracked and, where an account is named, how the other system differs. */
export function addList(group: Command, open: OpenSession, system: CliSystem): void {
  const { title, collection, name: command } = system
  addAccountOptions(
    group
      .command('list')
      .description(`List the ${collection} that are tracked and, by an account, how ${title} differs from that.`),
    system,
  )
    .option('--adopt [ids]', 'take in what is there and not tracked: all of it, or what has these ids there', gather)
    .addOption(new Option('--local', `only what is tracked: do not ask ${title}`).conflicts(['adopt', 'connection']))
    .addOption(new Option('--state <state>', 'in this state (with --local)').choices(credentialStates))
    .option('--limit <n>', `at most so many (with --local; ${usualLimit})`, wholeNumber(1, maxListed))
    .addHelpText(
      'after',
      examples([
        `momentry ${command} list --local`,
        `momentry ${command} list --connection ops`,
        `momentry ${command} list --connection ops --adopt`,
      ]),
    )
    .action(async (given: unknown, command: Command) => {
      const options = optionsSchema.parse(given)
      const session = open(command)
      const isNamed = options.connection !== undefined || personOf(session, system, options) !== undefined
      if (options.local || !isNamed) await listTracked(session, system, options)
      else await compare(session, system, options)
    })
}

async function listTracked({ out, connect }: Session, system: CliSystem, options: ListOptions): Promise<void> {
  const { collection, title, accountOption, variables } = system
  if (options.adopt !== undefined)
    throw usageFailure(`--adopt takes an account: --connection, --${accountOption}, or ${variables.account}`)
  const { api } = await connect()
  const query = { state: options.state, owner: options.user ?? options.email }
  const limit = options.limit ?? usualLimit
  listOutput(
    out,
    credentialColumns,
    collection,
    await firstItems(api, credentialSchema, { path: pathOf(system), query, limit }),
  )
  if (!options.local) out.note(`${title} was not asked: --connection, or an account (${variables.account}), compares.`)
}

async function compare(session: Session, system: CliSystem, options: ListOptions): Promise<void> {
  const { adopt, state, limit } = options
  if (state !== undefined || limit !== undefined)
    throw usageFailure('--state and --limit go with --local: what is compared is compared whole')
  const { out, connect } = session
  const { api } = await connect()
  const account = await requiredAccount(session, api, system, options)
  const found = await api.call(reconciliationSchema, {
    method: 'POST',
    path: `${pathOf(system)}/reconcile`,
    body: { ...ownerOf(session, system, options), ...account, adopt },
    timeoutMs: askTimeoutMs,
  })
  if (out.json) out.document(found)
  else showReconciliation(out, system, found, Array.isArray(adopt) ? adopt : [])
}

import { credentialStates } from '@momentry/shared/integrations/states.ts'
import { type Command, Option } from 'commander'
import { z } from 'zod'
import {
  type Credential,
  credentialSchema,
  type Reconciliation,
  reconciliationSchema,
} from '../../api/integration-shapes.ts'
import { firstItems } from '../../api/pages.ts'
import { gather, wholeNumber } from '../../input/arguments.ts'
import type { Output } from '../../output/output.ts'
import { printable } from '../../output/printable.ts'
import type { TableColumn } from '../../output/table.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'
import { listOutput, maxListed } from '../list-output.ts'
import { accountOptionsSchema, addAccountOptions, findAccount, ownerOf } from './account.ts'
import { type CliSystem, pathOf } from './systems.ts'

const optionsSchema = accountOptionsSchema.extend({
  local: z.boolean().default(false),
  adopt: z.union([z.literal(true), z.array(z.string())]).optional(),
  state: z.string().optional(),
  limit: z.number(),
})

const minute = (time: string | null | undefined) => time?.slice(0, 16).replace('T', ' ')

const columns: readonly TableColumn<Credential>[] = [
  { title: 'id', value: ({ id }) => id },
  { title: 'name', value: ({ name }) => name, flexible: true },
  { title: 'owner', value: ({ owner }) => owner, flexible: true },
  { title: 'state', value: ({ state }) => state },
  { title: 'version', value: ({ version }) => version, align: 'right' },
  { title: 'scopes', value: ({ scopes }) => scopes.join(' '), flexible: true, optional: true },
  { title: 'expires', value: ({ expiresAt }) => minute(expiresAt), optional: true },
  { title: 'next rotation', value: ({ nextRotationAt }) => minute(nextRotationAt), optional: true },
]

/** Adds `list`: what is tracked and, where an account is named, how the other system differs. */
export function addList(group: Command, open: OpenSession, system: CliSystem): void {
  const { title, collection, name: command, variables } = system
  addAccountOptions(
    group
      .command('list')
      .description(`List the ${collection} that are tracked and, by an account, how ${title} differs from that.`),
    system,
  )
    .option('--adopt [ids]', 'take in what is there and not tracked: all of it, or what has these ids there', gather)
    .option('--local', `only what is tracked: do not ask ${title}`)
    .addOption(new Option('--state <state>', 'in this state (with --local)').choices(credentialStates))
    .option('--limit <n>', 'at most so many (with --local)', wholeNumber(1, maxListed), 100)
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
      const { out, connect } = session
      const { api } = await connect()
      const account = options.local ? undefined : await findAccount(session, api, system, options)
      if (!account) {
        const { state, limit } = options
        const owner = options.user ?? options.email
        const query = { state, owner }
        listOutput(
          out,
          columns,
          collection,
          await firstItems(api, credentialSchema, { path: pathOf(system), query, limit }),
        )
        if (!options.local)
          out.note(`${title} was not asked: --connection, or an account (${variables.account}), compares.`)
        return
      }
      const found = await api.call(reconciliationSchema, {
        method: 'POST',
        path: `${pathOf(system)}/reconcile`,
        body: { ...ownerOf(system, options), ...account, adopt: options.adopt },
      })
      if (out.json) out.document(found)
      else showReconciliation(out, system, found)
    })
}

function showReconciliation(out: Output, { collection, noun, title }: CliSystem, found: Reconciliation): void {
  if (found.data.length === 0) out.note(`no ${collection} of ${printable(found.owner)} are tracked`)
  else out.table(columns, found.data)
  const tell = (text: string) => out.line(text)
  for (const { name, id } of found.adopted) tell(`${out.style('green', 'taken in')}  ${printable(name)} (${id})`)
  for (const { name } of found.removed)
    tell(`${out.style('yellow', 'removed')}   ${printable(name)}: a ${noun} whose creation was not answered`)
  for (const { name, id } of found.gone)
    tell(`${out.style('red', 'gone')}      ${printable(name)} (${id}) is not on ${title} any more`)
  for (const { name, remoteId } of found.unknown)
    tell(`${out.style('yellow', 'unknown')}   ${printable(name)} (${remoteId} there) is not tracked`)
  if (found.unknown.length > 0) out.note('--adopt takes in what is unknown; --adopt ID,ID only these.')
}

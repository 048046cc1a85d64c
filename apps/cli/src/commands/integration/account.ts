import { type Command, Option } from 'commander'
import { z } from 'zod'
import type { ApiClient } from '../../api/client.ts'
import { usageFailure } from '../../failure.ts'
import type { Session } from '../../session.ts'
import { findConnection } from './connection/find.ts'
import { accountInEnvironment, type CliSystem } from './systems.ts'

/** The options that say who acts on the other system. */
export const accountOptionsSchema = z.object({
  connection: z.string().optional(),
  user: z.string().optional(),
  email: z.string().optional(),
  signInAs: z.string().optional(),
  otp: z.boolean().default(false),
})
export type AccountOptions = z.infer<typeof accountOptionsSchema>

/** Adds the option that names a person's own account. */
export function addNameOption(command: Command, { title, accountOption, variables }: CliSystem): Command {
  return command.option(`--${accountOption} <name>`, `the account on ${title} (${variables.account})`)
}

/** Adds the options that name an account: a stored one, or a person's. */
export function addAccountOptions(command: Command, system: CliSystem): Command {
  const { actsForOthers, accountOption } = system
  // With a stored one, --user says for whom it acts, where it may.
  const others = actsForOthers ? ['signInAs', 'otp'] : [accountOption, 'otp']
  command.addOption(new Option('--connection <name|id>', 'a stored account that acts').conflicts(others))
  if (actsForOthers) command.option('--sign-in-as <admin>', 'a site admin, who acts for --user')
  return addNameOption(command, system).option('--otp', `ask for a one-time code, too (${system.variables.code})`)
}

/** Who acts, as a request's body has it. */
export interface Account {
  connectionId?: string
  credentials?: Record<string, string>
}

/** Whose credentials they are, where that is told, as a request's body has it: else they are the account's own. */
export function ownerOf({ config }: Session, system: CliSystem, options: AccountOptions): Record<string, string> {
  if (!system.actsForOthers) return {}
  const known = options.signInAs === undefined ? undefined : accountInEnvironment(system, config).name
  const username = options.user ?? known
  return username === undefined ? {} : { username }
}

/** Who is to sign in, where no stored connection acts: by an option or, unless told otherwise, by the environment. */
export function personOf({ config }: Session, system: CliSystem, options: AccountOptions): string | undefined {
  return options.signInAs ?? options.user ?? options.email ?? accountInEnvironment(system, config).name
}

/**
 * Finds out who acts: the stored connection that is named; else a person's account, with its password from the
 * environment, from a prompt, or from the next line of standard input. It is sent once and kept nowhere.
 * @returns undefined where none is named
 */
export async function findAccount(
  session: Session,
  api: ApiClient,
  system: CliSystem,
  options: AccountOptions,
): Promise<Account | undefined> {
  if (options.connection !== undefined)
    return { connectionId: (await findConnection(api, system, options.connection)).id }
  const name = personOf(session, system, options)
  return name === undefined ? undefined : { credentials: await readCredentials(session, system, name, options) }
}

/** The same where there has to be one. @throws CliFailure that says how to name one */
export async function requiredAccount(
  session: Session,
  api: ApiClient,
  system: CliSystem,
  options: AccountOptions,
): Promise<Account> {
  const account = await findAccount(session, api, system, options)
  if (account) return account
  const { accountOption, variables } = system
  throw usageFailure(`name an account: --connection, --${accountOption}, or ${variables.account}`)
}

/** Reads what an account signs in with: never an argument, since every user of a machine can list those. */
async function readCredentials(
  session: Session,
  system: CliSystem,
  name: string,
  { otp }: Pick<AccountOptions, 'otp'>,
): Promise<Record<string, string>> {
  const lasting = await readLasting(session, system, name)
  const known = accountInEnvironment(system, session.config).code
  const code = known ?? (otp ? await session.input.readSecret('one-time code') : undefined)
  return { ...lasting, ...(code !== undefined && { [system.codeField]: code }) }
}

/** The same without a one-time code, which cannot be stored. */
export async function readLasting(
  { input, config }: Session,
  system: CliSystem,
  name: string,
): Promise<Record<string, string>> {
  const known = accountInEnvironment(system, config).password
  const password = known ?? (await input.readSecret(`password of ${name} on ${system.title}`))
  return { [system.accountField]: name, password }
}

import type { Command } from 'commander'
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

/** Adds the options that name a person's account. */
export function addPersonOptions(
  command: Command,
  { title, accountOption, actsForOthers, variables }: CliSystem,
): Command {
  command.option(`--${accountOption} <name>`, `the account on ${title} (${variables.account})`)
  if (actsForOthers) command.option('--sign-in-as <admin>', 'a site admin, who acts for --user')
  return command.option('--otp', `ask for a one-time code, too (${variables.code})`)
}

/** Adds the options that name an account: a stored one, or a person's. */
export function addAccountOptions(command: Command, system: CliSystem): Command {
  command.option('--connection <name|id>', 'a stored account that acts')
  return addPersonOptions(command, system)
}

/** Who acts, as a request's body has it. */
export interface Account {
  connectionId?: string
  credentials?: Record<string, string>
}

/** Whose credentials they are, where the options say so. */
export function ownerOf(system: CliSystem, options: AccountOptions): Record<string, string> {
  return system.actsForOthers && options.user !== undefined ? { username: options.user } : {}
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
  const known = accountInEnvironment(system, session.config)
  const name = options.signInAs ?? options.user ?? options.email ?? known.name
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
export async function readCredentials(
  { input, config }: Session,
  system: CliSystem,
  name: string,
  { otp }: Pick<AccountOptions, 'otp'>,
): Promise<Record<string, string>> {
  const known = accountInEnvironment(system, config)
  const password = known.password ?? (await input.readSecret(`password of ${name} on ${system.title}`))
  const code = known.code ?? (otp ? await input.readSecret('one-time code') : undefined)
  return { [system.accountField]: name, password, ...(code !== undefined && { [system.codeField]: code }) }
}

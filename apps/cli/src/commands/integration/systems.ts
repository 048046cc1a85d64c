import type { Config } from '@momentry/shared/config.ts'

/** How one system is spoken of on the command line. A third one is an entry here (docs/integrations.md). */
export interface CliSystem {
  /** In routes and as the command: `gitea`. */
  name: 'gitea' | 'n8n'
  title: string
  /** `token`, `key`. */
  noun: string
  collection: string
  /** The option that names an account. */
  accountOption: 'user' | 'email'
  /** What the account is called in a request's credentials. */
  accountField: 'username' | 'email'
  codeField: 'otp' | 'mfaCode'
  /** What a name is called in a creation. */
  nameField: 'name' | 'label'
  /** An account may act for others. */
  actsForOthers: boolean
  variables: { account: string; password: string; code: string; value: string }
  exampleScopes: string
  /** Why it takes a password. */
  about: string
}

export const cliSystems: readonly CliSystem[] = [
  {
    name: 'gitea',
    title: 'Gitea',
    noun: 'token',
    collection: 'tokens',
    accountOption: 'user',
    accountField: 'username',
    codeField: 'otp',
    nameField: 'name',
    actsForOthers: true,
    variables: { account: 'GITEA_USERNAME', password: 'GITEA_PASSWORD', code: 'GITEA_OTP', value: 'GITEA_TOKEN' },
    exampleScopes: 'write:package,read:user',
    about: `Gitea makes tokens only with the user's own password: a token cannot make a token. It knows no expiry either, so
Momentry deletes a token there when its --expires is reached.`,
  },
  {
    name: 'n8n',
    title: 'n8n',
    noun: 'key',
    collection: 'keys',
    accountOption: 'email',
    accountField: 'email',
    codeField: 'mfaCode',
    nameField: 'label',
    actsForOthers: false,
    variables: { account: 'N8N_EMAIL', password: 'N8N_PASSWORD', code: 'N8N_MFA_CODE', value: 'N8N_API_KEY' },
    exampleScopes: 'workflow:list,workflow:read',
    about: `n8n makes API keys only for a user who is signed in: its public API cannot. Which scopes there are depends on the
user's role; it is asked before anything is made.`,
  },
]

/**
 * How long Momentry may take to answer for another system, ms: it asks that several times, and waits for each answer as
 * long as INTEGRATION_TIMEOUT_SECONDS says.
 */
export const askTimeoutMs = 300_000

/** What the environment says of an account on a system. */
export function accountInEnvironment({ name }: CliSystem, config: Config) {
  return config.client.accounts[name]
}

/** Where a system's credentials are. */
export function pathOf({ name, collection }: CliSystem): string {
  return `/v1/integrations/${name}/${collection}`
}

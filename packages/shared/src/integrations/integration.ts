import type { Clock } from '../platform/clock.ts'
import type { CredentialTable } from './credential-table.ts'
import type { VerificationOutcome } from './states.ts'

/** A credential as the other system shows it. Never its value. */
export interface RemoteCredential {
  /** The id that the system gave it, which it is deleted by. */
  remoteId: string
  name: string
  /** As much of the value as the system shows afterwards, to tell two apart. */
  hint: string
  /** In the order and form that the system gives them (`normalised`). */
  scopes: string[]
  /** undefined where it has none, or where the system knows of none. */
  expiresAt?: Date | undefined
  createdAt?: Date | undefined
  lastUsedAt?: Date | undefined
}

/** A credential that was just made, with the only sight of its value. */
export interface MintedCredential extends RemoteCredential {
  secret: string
}

export interface NewCredential {
  name: string
  /** In the system's own words; the account has let them through (`checkScopes`). */
  scopes: readonly string[]
  /** Where the system can carry an expiry out by itself; otherwise Momentry does (`capabilities.expires`). */
  expiresAt?: Date | undefined
}

/** What is wrong with a scope, and what may have been meant. */
export interface ScopeProblem {
  scope: string
  suggestion?: string | undefined
}

export interface Verification {
  outcome: VerificationOutcome
  /** What the system said, or why it could not be asked; one sentence without any secret. */
  detail: string
  /** Where the system tells. */
  remoteId?: string | undefined
  name?: string | undefined
  owner?: string | undefined
  scopes?: string[] | undefined
  expiresAt?: Date | undefined
}

/** Where an account's session is kept between calls and processes, for systems that have sessions. */
export interface SessionStore {
  load(): Promise<string | undefined>
  /** @param expiresAt ms since 1970 */
  save(session: string, expiresAt: number): Promise<void>
  /** Called for a session that the system does not take any more. */
  forget(session: string): Promise<void>
}

export interface Access {
  /** What the account signs in with, as `credentialsSchema` of the system gives it. */
  credentials: unknown
  /** Whose credentials are managed, where the account may act for others; undefined: its own. */
  owner?: string | undefined
  /** undefined: the access is for one time, and leaves no session behind. */
  sessions?: SessionStore | undefined
}

/**
 * One account on one system. Whatever fails throws a MomentryError: `REMOTE_CREDENTIALS_REFUSED`, `REMOTE_REFUSED`,
 * `CONFLICT` (the name is taken there), `REMOTE_BUSY`: the system has answered, and did nothing; `REMOTE_UNREACHABLE`,
 * `REMOTE_FAILED`: nobody knows what it did.
 */
export interface Account {
  /** Whose credentials these are, spelt so that the same owner is always the same text. */
  owner: string
  /** Tells which of the scopes the system does not know, or the account may not grant. */
  checkScopes(scopes: readonly string[]): Promise<ScopeProblem[]>
  create(input: NewCredential): Promise<MintedCredential>
  /** All of the owner's credentials, to the last page. */
  list(): Promise<RemoteCredential[]>
  /** Harmless where it is gone already. */
  delete(remoteId: string): Promise<'deleted' | 'gone'>
  /** Ends what was opened for one time. Never throws. */
  close(): Promise<void>
}

/** What one system can do, and what not. */
export interface Capabilities {
  /** It ends credentials by itself at their expiry. Where it cannot, Momentry deletes them there. */
  expires: boolean
  /** An account may manage the credentials of other users. */
  actsForOthers: boolean
  /** The longest name that it takes, in UTF-16 units. */
  maxNameLength: number
}

/** A system whose credentials Momentry mints, tracks, verifies and rotates. A new one is one folder (docs/integrations.md). */
export interface Integration {
  /** Its name in routes, commands, audit and alerts: `gitea`. */
  readonly system: string
  /** Its name for people: `Gitea`. */
  readonly title: string
  /** What it calls its credentials, in routes and commands: `tokens`, `keys`. */
  readonly collection: string
  /** The base URL of its server. */
  readonly server: string
  readonly capabilities: Capabilities
  /** Where its credentials are tracked. */
  readonly table: CredentialTable
  /** Opens an account; sends nothing yet. @throws ZodError where the credentials are not of this system */
  open(access: Access): Account
  /** Asks the system about a credential, by the credential alone. Never throws for what the system answers. */
  verify(secret: string): Promise<Verification>
  close(): Promise<void>
}

/** What every integration is made of. */
export interface IntegrationOptions {
  server: string
  /** A certificate authority of one's own, PEM. */
  ca?: string | undefined
  proxy?: ProxySettings | undefined
  /** How long one answer may take, ms. */
  timeoutMs: number
  now: Clock
}

/** Proxies, as the environment names them (`HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`). */
export interface ProxySettings {
  http?: string | undefined
  https?: string | undefined
  none?: string | undefined
}

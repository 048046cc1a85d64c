import { readFileSync } from 'node:fs'
import type { z } from 'zod'
import type { Config } from '../config.ts'
import { MomentryError } from '../errors.ts'
import type { Clock } from '../platform/clock.ts'
import type { CredentialTable } from './credential-table.ts'
import type { CreateCredentialInput, ReconcileInput } from './credentials/schemas.ts'
import { createGitea } from './gitea/integration.ts'
import { createGiteaTokenSchema, giteaCredentialsSchema, reconcileGiteaTokensSchema } from './gitea/schemas.ts'
import { giteaTokens } from './gitea/table.ts'
import type { Integration, IntegrationOptions } from './integration.ts'
import { createN8n } from './n8n/integration.ts'
import { createN8nKeySchema, n8nCredentialsSchema, reconcileN8nKeysSchema } from './n8n/schemas.ts'
import { n8nApiKeys } from './n8n/table.ts'

/** What is known of a system before its server is. */
export interface System {
  name: string
  title: string
  /** What it calls its credentials: `tokens`. */
  collection: string
  table: CredentialTable
  credentialsSchema: z.ZodType
  /** What a one-time code is called among the credentials. */
  codeField: string
  createSchema: z.ZodType<CreateCredentialInput>
  reconcileSchema: z.ZodType<ReconcileInput>
  create(options: IntegrationOptions): Integration
  serverOf(config: Config['integrations']): string | undefined
  /** What to set where the server is not known. */
  variable: string
}

/** Every system that there is; a third one is a folder, and an entry here (docs/integrations.md). */
export const systems: readonly System[] = [
  {
    name: 'gitea',
    title: 'Gitea',
    collection: 'tokens',
    table: giteaTokens,
    credentialsSchema: giteaCredentialsSchema,
    codeField: 'otp',
    createSchema: createGiteaTokenSchema,
    reconcileSchema: reconcileGiteaTokensSchema,
    create: createGitea,
    serverOf: ({ giteaUrl }) => giteaUrl,
    variable: 'GITEA_URL',
  },
  {
    name: 'n8n',
    title: 'n8n',
    collection: 'keys',
    table: n8nApiKeys,
    credentialsSchema: n8nCredentialsSchema,
    codeField: 'mfaCode',
    createSchema: createN8nKeySchema,
    reconcileSchema: reconcileN8nKeysSchema,
    create: createN8n,
    serverOf: ({ n8nUrl }) => n8nUrl,
    variable: 'N8N_URL',
  },
]

/** The table in which a system's credentials are tracked. @throws MomentryError `NOT_FOUND` */
export function systemTable(name: string): CredentialTable {
  return systemOf(name).table
}

/** @throws MomentryError `NOT_FOUND` */
export function systemOf(name: string): System {
  const system = systems.find((known) => known.name === name)
  const names = systems.map((known) => known.name).join(', ')
  if (!system) throw new MomentryError('NOT_FOUND', `there is no such system; there are: ${names}`)
  return system
}

/** The systems whose servers are configured. */
export interface Integrations {
  all: readonly Integration[]
  /** Certificate authorities of one's own, PEM. */
  ca: string | undefined
  /** @throws MomentryError `NOT_FOUND`, `INTEGRATION_NOT_CONFIGURED` */
  get(name: string): Integration
  close(): Promise<void>
}

/**
 * Makes the integrations of a process. Nothing is sent before one of them is used.
 * @throws MomentryError `CONFIG_INVALID` where the file of certificate authorities cannot be read, or holds none
 */
export function createIntegrations(config: Config['integrations'], now: Clock): Integrations {
  const { timeoutMs, proxy } = config
  const ca = readCa(config.caFile)
  const configured = new Map<string, Integration>()
  for (const { name, create, serverOf } of systems) {
    const server = serverOf(config)
    if (server !== undefined) configured.set(name, create({ server, ca, proxy, timeoutMs, now }))
  }
  return {
    all: [...configured.values()],
    ca,
    get(name) {
      const { variable } = systemOf(name)
      const integration = configured.get(name)
      if (!integration)
        throw new MomentryError('INTEGRATION_NOT_CONFIGURED', `Momentry does not know where it is: set ${variable}`)
      return integration
    },
    async close() {
      await Promise.all([...configured.values()].map((integration) => integration.close()))
    },
  }
}

function readCa(file: string | undefined): string | undefined {
  if (file === undefined) return undefined
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new MomentryError('CONFIG_INVALID', 'INTEGRATION_CA_FILE: cannot be read')
  }
}

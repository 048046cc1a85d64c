import { z } from '@hono/zod-openapi'
import type { Integration } from '@momentry/shared/integrations/integration.ts'
import type { System } from '@momentry/shared/integrations/systems.ts'
import { idSchema } from '@momentry/shared/platform/id.ts'
import type { Services } from '../../../wiring/services.ts'

/** How the routes of one system's credentials are worded: each system has the same ones, under its own names. */
export interface CredentialWords {
  system: System
  /** `token` */
  noun: string
  /** Where its credentials are: `/v1/integrations/gitea/tokens`. */
  base: string
  /** An operation's id: of `create`, `createGiteaToken`. */
  operation(verb: string): string
  /** @throws MomentryError `INTEGRATION_NOT_CONFIGURED` */
  integration(): Integration
}

export function wordsOf(services: Services, system: System): CredentialWords {
  const { name, collection } = system
  const noun = collection.slice(0, -1)
  return {
    system,
    noun,
    base: `/v1/integrations/${name}/${collection}`,
    operation: (verb) => `${verb}${capitalised(name)}${capitalised(noun)}`,
    integration: () => services.integrations.get(name),
  }
}

function capitalised(word: string): string {
  return `${word[0]?.toUpperCase()}${word.slice(1)}`
}

export const scope = 'integrations:write'
export const tags = ['integrations']
export const credentialParams = z.strictObject({
  id: idSchema.meta({ description: "The credential's id at Momentry" }),
})
export const createdHeaders = z.object({ location: z.string(), 'idempotency-replayed': z.literal('true').optional() })

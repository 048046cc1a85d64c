import { z } from '@hono/zod-openapi'
import { systems } from '@momentry/shared/integrations/systems.ts'
import { declareRoute } from '../../http/declare-route.ts'
import { json, pageSchema } from '../../http/page.ts'
import { createRouter, type Router } from '../../http/router.ts'
import type { Services } from '../../wiring/services.ts'
import { createConnectionRoutes } from './connections.ts'
import { createCredentialRoutes } from './credentials.ts'
import { createCredentialRotationRoutes } from './rotations.ts'

const systemSchema = z
  .object({
    system: z.string(),
    title: z.string(),
    collection: z.string().meta({ description: 'What it calls its credentials, in paths' }),
    server: z.string().nullable().meta({ description: 'null where it is not configured' }),
    capabilities: z
      .object({
        expires: z.boolean().meta({ description: 'It ends credentials at their expiry; else Momentry deletes them' }),
        actsForOthers: z.boolean().meta({ description: 'An account may manage the credentials of other users' }),
        maxNameLength: z.int(),
      })
      .nullable(),
  })
  .meta({ id: 'Integration' })

const listRoute = declareRoute(
  { scope: 'integrations:write' },
  {
    method: 'get',
    path: '/v1/integrations',
    tags: ['integrations'],
    operationId: 'listIntegrations',
    summary: 'List the systems whose credentials Momentry can look after',
    responses: {
      200: {
        description: 'All of them',
        content: json(pageSchema(systemSchema), {
          data: [
            {
              system: 'gitea',
              title: 'Gitea',
              collection: 'tokens',
              server: 'https://git.example.com',
              capabilities: { expires: false, actsForOthers: true, maxNameLength: 255 },
            },
          ],
          pagination: { cursor: null, hasMore: false },
        }),
      },
    },
  },
)

/** Credentials on other systems: connections, the credentials of each system, and their rotations. */
export function createIntegrationRoutes(services: Services): Router {
  const router = createRouter()
  router.openapi(listRoute, (c) => {
    const data = systems.map(({ name, title, collection }) => {
      const configured = services.integrations.all.find(({ system }) => system === name)
      const { server = null, capabilities = null } = configured ?? {}
      return { system: name, title, collection, server, capabilities }
    })
    return c.json({ data, pagination: { cursor: null, hasMore: false } }, 200)
  })
  router.route('/', createConnectionRoutes(services))
  router.route('/', createCredentialRotationRoutes(services))
  for (const system of systems) router.route('/', createCredentialRoutes(services, system))
  return router
}

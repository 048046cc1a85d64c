import { z } from 'zod'
import { type ApiClient, path } from '../../../api/client.ts'
import { type Connection, connectionSchema } from '../../../api/integration-shapes.ts'
import { eachItem } from '../../../api/pages.ts'
import { exitCodes } from '../../../exit-codes.ts'
import { CliFailure } from '../../../failure.ts'
import type { CliSystem } from '../systems.ts'

export const connectionsPath = '/v1/integrations/connections'

/** Finds a stored connection by its name or its id. @throws CliFailure */
export async function findConnection(api: ApiClient, { name, title }: CliSystem, text: string): Promise<Connection> {
  if (z.uuid().safeParse(text).success)
    return api.call(connectionSchema, { method: 'GET', path: path`/v1/integrations/connections/${text}` })
  for await (const connection of eachItem(api, connectionSchema, { path: connectionsPath, query: { system: name } })) {
    if (connection.name === text) return connection
  }
  throw new CliFailure(exitCodes.notFound, `there is no connection to ${title} called ${text}`)
}

import { z } from 'zod'
import { type ApiClient, path } from '../../../api/client.ts'
import { eachItem } from '../../../api/pages.ts'
import { type Connection, connectionSchema } from '../../../api/shapes/integration.ts'
import { exitCodes } from '../../../exit-codes.ts'
import { CliFailure } from '../../../failure.ts'
import type { CliSystem } from '../systems.ts'

export const connectionsPath = '/v1/integrations/connections'

/** Finds a stored connection to a system by its name or its id. @throws CliFailure, also where it is to another system */
export async function findConnection(api: ApiClient, { name, title }: CliSystem, text: string): Promise<Connection> {
  if (z.uuid().safeParse(text).success) {
    const request = { method: 'GET' as const, path: path`/v1/integrations/connections/${text}` }
    const connection = await api.call(connectionSchema, request)
    if (connection.system === name) return connection
  } else {
    const query = { system: name }
    for await (const connection of eachItem(api, connectionSchema, { path: connectionsPath, query })) {
      if (connection.name === text) return connection
    }
  }
  throw new CliFailure(exitCodes.notFound, `there is no connection to ${title} called ${text}`)
}

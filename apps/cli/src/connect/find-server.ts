import { join } from 'node:path'
import { z } from 'zod'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../failure.ts'
import { readJsonFile } from './read-json-file.ts'

export interface Server {
  url: string
  /**
   * The same for the same server, whatever port it got this time: `local` for the one of the data directory, its URL
   * otherwise.
   */
  identity: string
}

const runtimeSchema = z.looseObject({ apiUrl: z.url({ protocol: /^https?$/ }) })

/**
 * Finds the server to talk to: the URL that was given, else the one that runs on the data directory.
 * @throws CliFailure with what to do about it
 */
export async function findServer(given: string | undefined, dataDir: string): Promise<Server> {
  const runtime = await readJsonFile(join(dataDir, 'runtime.json'), runtimeSchema)
  if (given !== undefined) {
    const isLocal = runtime !== undefined && new URL(runtime.apiUrl).origin === new URL(given).origin
    return { url: given, identity: isLocal ? 'local' : new URL(given).href }
  }
  if (runtime) return { url: runtime.apiUrl, identity: 'local' }
  throw new CliFailure(
    exitCodes.unreachable,
    `no running Momentry found in ${dataDir}: start it with \`npm start\`, or set MOMENTRY_URL and MOMENTRY_API_KEY`,
  )
}

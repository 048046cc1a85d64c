import { join } from 'node:path'
import { z } from 'zod'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../failure.ts'
import type { Server } from './find-server.ts'
import { readJsonFile } from './read-json-file.ts'

const credentialsSchema = z.looseObject({ key: z.string().min(1).max(200) })

/**
 * Finds the API key to ask with: the one that was given, else the first system key of the data directory, which goes to
 * that directory's own server only.
 */
export async function findKey(given: string | undefined, server: Server, dataDir: string): Promise<string | undefined> {
  if (given !== undefined) return given
  if (server.identity !== 'local') return undefined
  return (await readJsonFile(join(dataDir, 'credentials.json'), credentialsSchema))?.key
}

/** @throws CliFailure where no key was found */
export function requiredKey(key: string | undefined, dataDir: string): string {
  if (key !== undefined) return key
  throw new CliFailure(
    exitCodes.refused,
    `no API key: set MOMENTRY_API_KEY, or pass it with --key-stdin (there is no credentials.json for this server in ${dataDir})`,
  )
}
